"""``newsbeam compact``, as a user types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import newsbeam as api
from tests.command import newsbeam
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage

OLD = Path(__file__).parent / "lakes/0.1.0"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "lake"))


def test_it_says_what_became_of_the_files_and_the_rows_stay(lake: Path) -> None:
    before = {table: api.read(lake, table=table).count_rows() for table in ("articles", "pages", "failures")}
    files = len(list(lake.glob("[apf]*/*/*.parquet")))
    done = newsbeam("compact", "--output", str(lake), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert shown["replaced"] > shown["files"] > 0
    assert shown["deleted"] == 0
    assert len(list(lake.glob("[apf]*/*/*.parquet"))) == files + shown["files"], "the old ones are still there"
    again = newsbeam("compact", "--output", str(lake), "--grace", "0")
    assert again.stdout.splitlines() == [
        "Every closed partition is compact.",
        f"{shown['replaced']} files that were replaced before are deleted.",
    ]
    assert len(list(lake.glob("[apf]*/*/*.parquet"))) == files + shown["files"] - shown["replaced"]
    assert {table: api.read(lake, table=table).count_rows() for table in before} == before
    assert newsbeam("repair", "--output", str(lake)).stdout == "The lake is whole.\n"
    assert "committed" in newsbeam("report", "--output", str(lake)).stdout


def test_files_of_the_target_size_are_left_alone_and_mistakes_are_told_in_one_line(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = newsbeam("compact", "--output", str(tmp_path / "empty"))
    assert (nothing.returncode, nothing.stderr) == (
        2,
        f"newsbeam compact: no run has been committed to {tmp_path / 'empty'} yet\n",
    )
    assert newsbeam("compact", "--output", str(lake), "--target_mb", "0").returncode == 2
    with lake_lock(Storage(str(lake)), "another run"):
        held = newsbeam("compact", "--output", str(lake))
    assert held.returncode == 75
    assert len(held.stderr.splitlines()) == 1
