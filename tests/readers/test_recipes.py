"""Each reader in docs/reading.md finds exactly the committed rows, by the page's own code."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.command import newsbeam
from tests.readers.conftest import NEEDED
from tests.readers.lakes import Found, busy_lake, empty_lake
from tests.readers.recipes import PAGE, RECIPES, follow

QUICK = ("duckdb", "newsbeam", "pyarrow")
OTHERS = ("datasets", "pandas", "polars", "pyspark")
ICEBERG = ("duckdb_iceberg", "pyiceberg")

Lakes = dict[str, tuple[Path, Found]]


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    """Folders with a lake and its lists, as the page makes them."""
    made = {}
    for name, make in (("busy", busy_lake), ("empty", empty_lake)):
        folder = tmp_path_factory.mktemp(name)
        made[name] = folder, make(folder)
        for line in re.findall(r"^<!-- list -->\n```sh\n(.*?)^```$", PAGE, re.M | re.S)[0].splitlines():
            command, _, target = line.partition(" > ")
            done = newsbeam(*shlex.split(command)[1:], folder=folder)
            assert (done.returncode, done.stderr) == (0, "")
            (folder / target).write_text(done.stdout)
    return made


@pytest.mark.upkeep
@pytest.mark.parametrize("lake", ["busy", "empty"])
@pytest.mark.parametrize("reader", QUICK)
def test_a_reader_of_the_locked_environment_finds_exactly_the_committed_rows(
    lakes: Lakes, reader: str, lake: str
) -> None:
    folder, expected = lakes[lake]
    assert follow(sys.executable, reader, folder, expected.article_id, {}) == expected


@pytest.mark.readers
@pytest.mark.timeout(400)
@pytest.mark.parametrize("lake", ["busy", "empty"])
@pytest.mark.parametrize("reader", ["duckdb", "pyarrow", *OTHERS])
def test_a_reader_of_an_environment_of_its_own_finds_exactly_the_committed_rows(
    environment: Path, lakes: Lakes, tmp_path: Path, reader: str, lake: str
) -> None:
    if reader == "pyspark" and shutil.which("java") is None:
        pytest.skip("Java is missing, which PySpark needs")
    folder, expected = lakes[lake]
    own = "spark.ui.enabled false\nspark.master local[1]\nspark.sql.shuffle.partitions 2\n"
    (tmp_path / "spark-defaults.conf").write_text(own)
    variables = {"SPARK_CONF_DIR": str(tmp_path), "SPARK_LOCAL_IP": "127.0.0.1", "HF_HUB_OFFLINE": "1"}
    variables |= {"HF_HOME": str(tmp_path), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    assert follow(environment / "python", reader, folder, expected.article_id, variables) == expected


@pytest.mark.upkeep
def test_a_plain_glob_finds_more_while_a_run_is_under_way_and_files_were_replaced(
    lakes: Lakes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, expected = lakes["busy"]
    monkeypatch.chdir(folder)
    code = re.findall(r"^<!-- glob with duckdb -->\n```python\n(.*?)^```$", PAGE, re.M | re.S)[0]
    exec(compile(code, "docs/reading.md", "exec"), {})
    seen = ast.literal_eval(capsys.readouterr().out)[0][0]
    older = sum(count for day, count in expected.a_day.items() if day < "2026-03-02")
    assert expected.rows + older < seen <= expected.rows + older + expected.a_day["2026-03-02"]


@pytest.mark.upkeep
def test_the_busy_lake_has_what_readers_may_stumble_on(lakes: Lakes) -> None:
    folder, expected = lakes["busy"]
    listed = (folder / "articles.txt").read_text().splitlines()
    there = {str(path.relative_to(folder)) for path in (folder / "lake/articles").glob("*/*.parquet")}
    assert set(listed) < there
    assert len(expected.one) > 1
    assert {re.findall(r"part-[^-]*-(e?)", path)[0] for path in listed} == {"", "e"}
    assert any("20260302T080000.000121Z" in path for path in listed), "files of release 0.1.0"
    assert 0 < expected.without_kind < expected.rows


@pytest.mark.upkeep
def test_the_page_has_a_recipe_for_each_reader_and_names_the_versions_that_run_here() -> None:
    assert sorted(RECIPES) == sorted({*QUICK, *OTHERS, *ICEBERG})
    versions = PAGE.partition("## Versions")[2]
    for pin in NEEDED.read_text().split():
        name, _, version = pin.partition("==")
        assert name == "pytz" or version in versions
