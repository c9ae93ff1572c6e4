"""``newsbeam register`` of a lake in a bucket: catalogs in a SQLite file and behind Iceberg's REST protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.command import newsbeam
from tests.own_environment import own_environment
from tests.readers.lakes import ROOT, write_run
from tests.readers.test_register import _BESIDE, ids_of
from tests.s3.versitygw import TOOLS, S3Server, program
from transforms.lake.files.storage import Storage

NEEDED = Path(__file__).parent / "iceberg.txt"
LAKE = "s3://{}/lake"
IDS = """
import json, sys
from pyiceberg.catalog import load_catalog
articles = load_catalog(sys.argv[1]).load_table("newsbeam.articles")
rows = articles.scan(selected_fields=("article_id",)).to_arrow().to_pylist()
files = [task.file.file_path for task in articles.scan().plan_files()]
print(json.dumps([sorted(row["article_id"] for row in rows), files]))
"""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server that can be written to by pyarrow, as pyiceberg does."""
    if program() is None:
        pytest.skip("Go is missing, so there is no S3 server (versitygw) to test with")
    with S3Server(tmp_path_factory.mktemp("s3"), keeps_alive=False) as server:
        yield server


@pytest.fixture(scope="module")
def beside() -> Path:
    """The folder of packages with pyiceberg, which stands beside newsbeam's own."""
    try:
        programs = own_environment(NEEDED, TOOLS / "iceberg")
    except subprocess.CalledProcessError:
        pytest.skip(f"the packages of {NEEDED.name} cannot be had here")
    return next((programs.parent / "lib").glob("python3*/site-packages"))


@contextmanager
def rest_catalog(folder: Path, warehouse: str, beside: Path) -> Iterator[str]:
    """The address of a REST catalog over pyiceberg's own catalog in a SQLite file."""
    command = [sys.executable, str(Path(__file__).parent / "rest_catalog.py"), str(beside), str(folder), warehouse]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", ["sql", "rest"])
def test_tables_hold_the_committed_rows_of_a_lake_in_a_bucket(
    reached: S3Server, bucket: Path, beside: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, warehouse = LAKE.format(bucket.name), f"s3://{bucket.name}/warehouse"
    monkeypatch.setenv("PYICEBERG_CATALOG__STORE__TYPE", kind)
    monkeypatch.setenv("PYICEBERG_CATALOG__STORE__S3__ENDPOINT", reached.address)
    monkeypatch.setenv("PYICEBERG_CATALOG__STORE__S3__REGION", "us-east-1")
    monkeypatch.setenv("PYICEBERG_CATALOG__STORE__WAREHOUSE", warehouse)
    monkeypatch.setenv("PYICEBERG_CATALOG__STORE__TOKEN", "s3cr3t")
    monkeypatch.setenv("HOME", str(tmp_path))

    def asked(*words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", *words], cwd=tmp_path, env=os.environ | {"PYTHONPATH": f"{ROOT}:{beside}"},
            capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def registered() -> dict[str, Any]:
        said = asked(_BESIDE, str(beside), "register", "--output", lake, "--catalog", "store", "--json")
        assert said["output"] == lake
        return {one.pop("table"): one for one in said["tables"]}

    with rest_catalog(tmp_path, warehouse, beside) as address:
        uri = address if kind == "rest" else f"sqlite:///{tmp_path}/own.db"
        monkeypatch.setenv("PYICEBERG_CATALOG__STORE__URI", uri)
        runs = [write_run(lake, number) for number in range(3)]
        Storage(lake).delete(f"runs/{runs[1]}.json")
        assert registered()["articles"] == {"added": 2, "removed": 0, "files": 2, "rows": 4}
        assert asked(IDS, "store")[0] == ids_of([0, 2])
        assert {one["added"] for one in registered().values()} == {0}
        write_run(lake, 5)
        assert newsbeam("compact", "--output", lake, "--all").returncode == 0
        assert registered()["articles"] == {"added": 1, "removed": 2, "files": 1, "rows": 6}
        ids, files = asked(IDS, "store")
        assert ids == ids_of([0, 2, 5])
        assert files == newsbeam("files", "--output", lake).stdout.splitlines()
