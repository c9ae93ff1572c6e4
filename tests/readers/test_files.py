"""``newsbeam files`` prints exactly the committed files of a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.lake_options import TABLES
from schemas.tables import DATA
from tests.command import newsbeam
from tests.readers.lakes import write_run


@pytest.mark.upkeep
def test_files_are_the_committed_ones_as_the_lake_is_written(tmp_path: Path) -> None:
    runs = [write_run(str(tmp_path / "lake"), number) for number in range(3)]
    (tmp_path / f"lake/runs/{runs[1]}.json").unlink()
    done = newsbeam("files", "--output", "lake/", folder=tmp_path)
    folder = "lake/articles/published_date=2026-03-02"
    assert done.stdout.splitlines() == [f"{folder}/part-{run}-00000.parquet" for run in (runs[0], runs[2])]
    newsbeam("compact", "--output", "lake", "--all", folder=tmp_path)
    after = newsbeam("files", "--output", f"file://{tmp_path}/lake", folder=tmp_path).stdout.splitlines()
    assert len(after) == 1
    assert after[0].startswith(f"file://{tmp_path}/{folder}/part-")


@pytest.mark.upkeep
def test_as_json_with_the_partition_and_for_a_table_without_files(tmp_path: Path) -> None:
    write_run(str(tmp_path / "lake"), 0)
    pages = json.loads(newsbeam("files", "--output", "lake", "--table", "pages", "--json", folder=tmp_path).stdout)
    assert (pages["table"], pages["partition"], len(pages["files"])) == ("pages", "fetch_date", 1)
    assert (tmp_path / pages["files"][0]).is_file()
    assert newsbeam("files", "--output", "lake", "--table", "failures", folder=tmp_path).stdout == ""


@pytest.mark.upkeep
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--output", "nowhere"], "newsbeam files: there is no lake at nowhere"),
        (["--output", "lake", "--table", "article"], "did you mean articles?"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    done = newsbeam("files", *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.upkeep
def test_the_tables_of_the_options_are_those_for_readers() -> None:
    assert sorted(TABLES) == sorted(table.name for table in DATA)
