"""The readers in docs/object_stores.md read a lake in a store, from the page itself, in an environment of their own."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom import Newsroom
from tests.command import newsbeam
from tests.conftest import Desk
from tests.own_environment import own_environment
from tests.s3.versitygw import TOOLS, S3Server

PAGE = (Path(__file__).resolve().parents[2] / "docs/object_stores.md").read_text()
NEEDED = Path(__file__).parent / "readers.txt"
RECIPES = dict(re.findall(r"^<!-- read with (\w+) -->\n```python\n(.*?)^```$", PAGE, re.M | re.S))


@pytest.fixture(scope="module")
def readers() -> Path:
    """The Python of an environment with the readers; it is made once. DuckDB's version is the extension's there."""
    return own_environment(NEEDED, TOOLS / "readers") / "python"


@pytest.fixture(scope="module")
def environment(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], Path, Desk]]:
    """A lake at s3://bucket/lake, what reaches it, a folder with its views, and a desk with the same rows on a disk."""
    folder = tmp_path_factory.mktemp("readers")
    with pytest.MonkeyPatch.context() as patch, Newsroom(slow_s=0.0) as room:
        for name, value in s3.environment().items():
            patch.setenv(name, value)
        desk = Desk(room, folder)
        (folder / "lake").symlink_to(s3.bucket("bucket") / "lake")
        words = desk.arguments()[3:]
        words[words.index("--output") + 1] = "s3://bucket/lake"
        done = newsbeam(*words)
        assert done.returncode == 0, done.stderr
        (folder / "views.sql").write_text(newsbeam("views", "--output", "s3://bucket/lake").stdout)
        address = s3.address.removeprefix("http://")
        yield os.environ | {"DUCKDB_S3_ENDPOINT": address, "DUCKDB_S3_USE_SSL": "false"}, folder, desk


@pytest.mark.timeout(400)
@pytest.mark.parametrize("reader", RECIPES)
def test_a_reader_counts_the_articles_that_are_there(
    environment: tuple[dict[str, str], Path, Desk], readers: Path, reader: str
) -> None:
    variables, folder, desk = environment
    python = sys.executable if reader == "newsbeam" else str(readers)
    done = subprocess.run(
        [python, "-c", RECIPES[reader]],
        env=variables,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = desk.content("articles")
    expected = Counter(str(row["relation"]) for row in rows)
    if reader == "pyarrow":
        expected = Counter(str(row["relation"]) for row in rows if str(row["published_date"]) >= "2026-03-01")
        found = [(one["relation"], one["count_all"]) for one in ast.literal_eval(done.stdout)]
    else:
        found = ast.literal_eval(done.stdout.splitlines()[-1])
    assert len(expected) > 1
    assert dict(found) == expected


GIVEN_UP = """
import newsbeam
print(newsbeam.read("s3://bucket/lake").head(1, columns=["headline"]).num_rows)
"""


@pytest.mark.timeout(200)
def test_a_program_that_gives_up_a_scan_ends(environment: tuple[dict[str, str], Path, Desk]) -> None:
    """Arrow still reads ahead then; most such programs never ended, or were aborted."""
    variables, folder, _ = environment
    for _ in range(12):
        command = [sys.executable, "-c", GIVEN_UP]
        done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, timeout=20, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"1\n", b"")


def test_the_page_has_a_recipe_for_each_reader_and_the_versions_that_run_here() -> None:
    assert sorted(RECIPES) == ["duckdb", "newsbeam", "polars", "pyarrow"]
    pins = dict(line.split("==") for line in NEEDED.read_text().split())
    assert pins["duckdb"] == pins["duckdb-extension-httpfs"]
    assert f"`duckdb=={pins['duckdb']}` with\n`duckdb-extension-httpfs=={pins['duckdb']}`" in PAGE
