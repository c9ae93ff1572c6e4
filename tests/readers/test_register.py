"""``newsbeam register``: Iceberg tables hold exactly the committed rows, at once also after files were replaced."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.readers.lakes import ROOT, busy_lake, write_run
from tests.readers.recipes import PAGE, follow

CATALOG = "sqlite:///catalog.db"
_BESIDE = "import sys; sys.path.append(sys.argv.pop(1)); from pipelines.cli import main; sys.exit(main())"


class Desk:
    """A folder for lakes and catalogs, and the command with pyiceberg installed beside it."""

    def __init__(self, folder: Path, environment: Path) -> None:
        self.folder = folder
        self.python = environment / "python"
        self._packages = next((environment.parent / "lib").glob("python3*/site-packages"))

    def register(
        self, *more: str, lake: str = "lake", catalog: str = CATALOG, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The command, as pip would have installed it with its extra."""
        arguments = ["register", "--output", lake, "--catalog", catalog, *more]
        return subprocess.run(
            [sys.executable, "-c", _BESIDE, self._packages, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(self.folder)} | (variables or {}),
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    def refused(self, catalogs: Sequence[str], variables: Mapping[str, str]) -> list[subprocess.CompletedProcess[str]]:
        """What the command says of each catalog, in one process: each new one takes seconds to import pyiceberg."""
        code = (
            "import json, sys\nsys.path.append(sys.argv[1])\nfrom tests.command import newsbeam\n"
            "for catalog in sys.argv[2:]:\n"
            "    done = newsbeam('register', '--output', 'lake', '--catalog', catalog)\n"
            "    print(json.dumps([done.returncode, done.stdout, done.stderr]))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, self._packages, *catalogs],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(self.folder)} | variables,
            capture_output=True,
            text=True,
            timeout=200,
            check=True,
        )
        said = map(json.loads, done.stdout.splitlines())
        return [subprocess.CompletedProcess(catalog, *one) for catalog, one in zip(catalogs, said, strict=True)]

    def registered(self, *more: str, **options: Any) -> dict[str, dict[str, int]]:
        """What was done to each table."""
        done = self.register("--json", *more, **options)
        assert (done.returncode, done.stderr) == (0, "")
        said = json.loads(done.stdout)
        assert (said["output"], said["namespace"]) == ("lake", "newsbeam")
        return {one.pop("table"): one for one in said["tables"]}

    def ask(self, code: str) -> Any:
        """What Python code prints as JSON that has the catalog and its table of articles."""
        opened = (
            "import json\nfrom pyiceberg.catalog import load_catalog\n"
            f"catalog = load_catalog('newsbeam', uri='{CATALOG}', warehouse='file://{self.folder}/warehouse')\n"
            "name = 'newsbeam.articles'\n"
            "articles = catalog.load_table(name) if catalog.table_exists(name) else None\n"
        )
        command = [self.python, "-c", opened + code]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    def ids(self) -> list[str]:
        """The ids of the articles that pyiceberg reads."""
        rows = self.ask("print(json.dumps(articles.scan(selected_fields=('article_id',)).to_arrow().to_pylist()))")
        return sorted(row["article_id"] for row in rows)

    def operations(self) -> list[str]:
        """What each snapshot of the articles did."""
        return list(self.ask("print(json.dumps([one.summary.operation.value for one in articles.snapshots()]))"))


@pytest.fixture
def desk(tmp_path: Path, environment: Path) -> Desk:
    return Desk(tmp_path, environment)


def ids_of(numbers: Sequence[int]) -> list[str]:
    """The ids of the articles of these runs of `write_run`."""
    return sorted(f"{number * 2 + one:032x}" for number in numbers for one in range(2))


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_tables_hold_the_committed_rows_after_runs_and_after_compaction(desk: Desk) -> None:
    lake = str(desk.folder / "lake")
    runs = [write_run(lake, number) for number in range(3)]
    (desk.folder / f"lake/runs/{runs[1]}.json").unlink()
    first = desk.registered()
    assert first["articles"] == {"added": 2, "removed": 0, "files": 2, "rows": 4}
    assert first["failures"] == {"added": 0, "removed": 0, "files": 0, "rows": 0}
    assert desk.ids() == ids_of([0, 2])
    assert {one["added"] for one in desk.registered().values()} == {0}

    write_run(lake, 5)
    assert desk.registered("--tables", "articles") == {"articles": {"added": 1, "removed": 0, "files": 3, "rows": 6}}
    assert newsbeam("compact", "--output", lake, "--all").returncode == 0
    assert len(list((desk.folder / "lake/articles").glob("*/*.parquet"))) == 5, "the replaced ones stay for the grace"
    assert desk.registered()["articles"] == {"added": 1, "removed": 3, "files": 1, "rows": 6}
    assert desk.ids() == ids_of([0, 2, 5])
    assert desk.operations() == ["append", "append", "overwrite"]
    assert desk.registered()["articles"] == {"added": 0, "removed": 0, "files": 1, "rows": 6}
    assert len(desk.operations()) == 3

    files = desk.ask("print(json.dumps([task.file.file_path for task in articles.scan().plan_files()]))")
    assert files == newsbeam("files", "--output", f"file://{lake}").stdout.splitlines()
    properties = desk.ask("print(json.dumps(dict(articles.properties)))")
    assert properties["gc.enabled"] == "false"


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_the_recipes_of_the_page_find_what_the_lake_holds(desk: Desk, environment: Path) -> None:
    found = busy_lake(desk.folder)
    command = re.findall(r"^<!-- register -->\n```sh\nnewsbeam register (.*)\n```$", PAGE, re.M)[0]
    assert command == f"--output lake --catalog {CATALOG}"
    assert desk.registered()["articles"]["rows"] == found.rows
    by_duckdb = follow(environment / "python", "duckdb_iceberg", desk.folder, found.article_id, {})
    assert by_duckdb == found
    by_pyiceberg = follow(environment / "python", "pyiceberg", desk.folder, found.article_id, {})
    assert by_pyiceberg == replace(found, latest={}, a_day={})


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_columns_that_are_newer_than_a_table_are_added_first(desk: Desk) -> None:
    lake = str(desk.folder / "lake")
    write_run(lake, 0)
    desk.registered("--tables", "articles")
    desk.ask(
        "with articles.update_schema(allow_incompatible_changes=True) as update:\n"
        "    update.delete_column('recovered').delete_column('page_kind')\n"
        "print(json.dumps(articles.schema().column_names.count('page_kind')))"
    )
    write_run(lake, 1, page_kind="live_blog", recovered=("A block.",))
    assert desk.registered("--tables", "articles")["articles"]["added"] == 1
    kinds = desk.ask(
        "rows = articles.scan(selected_fields=('page_kind', 'recovered')).to_arrow()\n"
        "kept = [row for row in rows.to_pylist() if row['page_kind']]\n"
        "print(json.dumps([rows.num_rows - len(kept), kept]))"
    )
    assert kinds == [2, [{"page_kind": "live_blog", "recovered": ["A block."]}] * 2]


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_two_calls_at_once_add_each_file_once(desk: Desk) -> None:
    for number in range(4):
        write_run(str(desk.folder / "lake"), number)
    assert desk.registered("--tables", "articles")
    for number in range(4, 12):
        write_run(str(desk.folder / "lake"), number)
    command = [sys.executable, "-c", _BESIDE, desk._packages, "register", "--output", "lake", "--catalog", CATALOG]
    calls = [
        subprocess.Popen(
            command, cwd=desk.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [call.communicate(timeout=200)[1] for call in calls]
    assert [call.returncode for call in calls] == [0, 0, 0], said
    assert desk.ids() == ids_of(range(12))


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_a_catalog_is_named_by_a_file_or_in_the_environment(desk: Desk) -> None:
    write_run(str(desk.folder / "lake"), 0)
    page = re.findall(r"^<!-- configured -->\n```yaml\n(.*?)^```$", PAGE, re.M | re.S)[0]
    (desk.folder / "mine.yaml").write_text(page.replace("/srv/", f"{desk.folder}/"))
    assert desk.registered("--tables", "articles", catalog="mine.yaml")["articles"]["added"] == 1
    variables = {
        "PYICEBERG_CATALOG__ARCHIVE__URI": CATALOG,
        "PYICEBERG_CATALOG__ARCHIVE__WAREHOUSE": f"file://{desk.folder}/warehouse",
    }
    assert desk.registered("--tables", "articles", catalog="archive", variables=variables)["articles"]["added"] == 0


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_tables_of_others_and_of_another_lake_are_refused(desk: Desk) -> None:
    write_run(str(desk.folder / "lake"), 0)
    write_run(str(desk.folder / "second"), 1)
    desk.ask(
        "import pyarrow as pa\ncatalog.create_namespace('theirs')\n"
        "catalog.create_table('theirs.articles', pa.schema([('price', pa.int64())]))\nprint(0)"
    )
    refused = desk.register("--namespace", "theirs")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "theirs.articles is not one of newsbeam's: give another --namespace" in refused.stderr
    desk.registered()
    refused = desk.register(lake="second")
    assert refused.returncode == 2
    assert f"newsbeam.articles holds the lake at file://{desk.folder}/lake" in refused.stderr
    assert desk.ids() == ids_of([0])


@pytest.mark.readers
@pytest.mark.timeout(400)
def test_a_catalog_that_is_not_to_be_had_is_one_line_without_secrets(desk: Desk) -> None:
    write_run(str(desk.folder / "lake"), 0)
    (desk.folder / "broken.db").write_text("this is no database, s3cr3t " * 200)
    (desk.folder / "broken.yaml").write_text("catalog: [s3cr3t\n")
    (desk.folder / "other.yaml").write_text("catalogue:\n  far: s3cr3t\n")
    configured = {
        "FAR__URI": "http://127.0.0.1:9/",
        "FAR__TOKEN": "s3cr3t",
        "ODD__URI": "tables://me:s3cr3t@127.0.0.1:9/",
        "BARE__PASSWORD": "s3cr3t",
    }
    cases = [
        ("nowhere", 2, "pyiceberg knows no catalog 'nowhere'"),
        ("far", 1, "cannot reach the catalog 'far'"),
        ("odd", 2, "tables://…@127.0.0.1:9/"),
        ("bare", 2, "the catalog 'bare': URI missing"),
        ("postgresql://me:s3cr3t@127.0.0.1/", 2, "address and credentials belong into pyiceberg's configuration"),
        ("sqlite:///no/folder/c.db", 2, "give a file in a folder that is there"),
        ("sqlite:///broken.db", 1, "cannot reach the catalog 'sqlite:///broken.db'"),
        ("none.yaml", 2, "cannot read the catalog's file none.yaml"),
        ("broken.yaml", 2, "broken.yaml is no configuration of pyiceberg"),
        ("other.yaml", 2, "other.yaml names no catalog"),
    ]
    variables = {f"PYICEBERG_CATALOG__{name}": value for name, value in configured.items()}
    for (_, status, said), done in zip(cases, desk.refused([case[0] for case in cases], variables), strict=True):
        assert (done.returncode, done.stdout) == (status, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
        assert "s3cr3t" not in done.stderr


@pytest.mark.upkeep
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--output", "lake"], "pip install 'newsbeam[iceberg]'"),
        (["--output", "lake", "--tables", "article"], "there is no table 'article'; did you mean articles?"),
        (["--output", "lake", "--namespace", "a..b"], "'a..b' is no namespace"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_made(tmp_path: Path, words: list[str], said: str) -> None:
    write_run(str(tmp_path / "lake"), 0)
    done = newsbeam("register", *words, "--catalog", CATALOG, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]
