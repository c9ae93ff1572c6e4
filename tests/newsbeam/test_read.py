"""newsbeam.read: exactly the committed rows, of lakes old, new and empty, here and in an object store."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from obstore.store import MemoryStore

import newsbeam
from newsbeam import read_lake
from schemas.article import ARTICLES
from schemas.run import FilePart, RunManifest
from schemas.table import Table
from schemas.tables import DATA
from tests.rows import NOON_US, article
from tests.test_export_articles import add_run

OLD = Path(__file__).parents[1] / "lakes/0.1.0"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake of an earlier release with two runs, below a folder whose name looks like a partition's."""
    folder = tmp_path / "year=2026 [a] #1" / "lake"
    shutil.copytree(OLD, folder)
    return folder


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """An object store that holds the same lake, at s3://bucket/lake."""
    store = MemoryStore()
    monkeypatch.setattr("transforms.lake.files.storage.connected", lambda _: store)
    return store


def rows(path: Path) -> int:
    return sum(pq.read_metadata(file).num_rows for file in path.glob("*/*.parquet"))


@pytest.mark.parametrize("table", DATA, ids=lambda table: table.name)
def test_each_table_is_read_whole_with_all_columns_and_its_partition_as_a_date(lake: Path, table: Table[Any]) -> None:
    dataset = newsbeam.read(lake, table=table.name)
    assert dataset.count_rows() == dataset.to_table().num_rows == rows(OLD / table.name) > 0
    assert dataset.schema.names == [*table.schema.names, table.partition]
    folders = {date.fromisoformat(folder.name.split("=")[1]) for folder in (OLD / table.name).glob("*=*")}
    assert set(dataset.to_table([table.partition])[table.partition].to_pylist()) == folders


def test_only_committed_rows_are_read_and_files_of_others_are_not(lake: Path) -> None:
    whole = newsbeam.read(lake).count_rows()
    some = next(lake.glob("articles/*/*.parquet"))
    shutil.copy(some, some.with_name("copy of " + some.name))
    shutil.copytree(some.parent, some.parent.with_name("published_date=saved"))
    dead = some.with_name("part-20300101T000000.000000Z-00000.parquet")
    shutil.copy(some, dead)
    (lake / "runs/notes.json").write_text("mine")
    assert newsbeam.read(lake).count_rows() == whole
    newest = max((lake / "runs").glob("2*.json"))
    run = newest.stem
    newest.unlink()
    left = newsbeam.read(lake).to_table(["run_id"])["run_id"].to_pylist()
    assert 0 < len(left) < whole
    assert run not in left


def test_pages_that_a_run_took_over_from_a_dead_one_are_committed(lake: Path) -> None:
    whole = newsbeam.read(lake, table="pages").count_rows()
    first, second = sorted((lake / "runs").glob("2*.json"))
    part = next(lake.glob(f"pages/*/part-{first.stem}-*.parquet"))
    adopted = FilePart("pages", part.relative_to(lake).as_posix(), 0, 0)
    first.unlink()
    without = newsbeam.read(lake, table="pages").count_rows()
    assert without < whole
    manifest = RunManifest.from_json(second.read_bytes())
    second.write_bytes(RunManifest.to_json(manifest).replace(b'"adopted": []', b'"adopted": [%s]' % _json(adopted)))
    assert newsbeam.read(lake, table="pages").count_rows() == without + pq.read_metadata(part).num_rows
    second.write_text("damaged")
    with pytest.raises(newsbeam.LakeError, match=f"runs/{second.stem}.json is no manifest.*newsbeam repair"):
        newsbeam.read(lake, table="pages")


def _json(part: FilePart) -> bytes:
    return json.dumps(asdict(part)).encode()


def test_latest_has_the_newest_revision_of_each_article(lake: Path) -> None:
    articles, latest = newsbeam.read(lake), newsbeam.read(lake, latest=True)
    newest = duckdb.sql("select article_id, max(revision) from articles group by all order by all").fetchall()
    assert duckdb.sql("select article_id, revision from latest order by all").fetchall() == newest
    assert duckdb.sql("select max(revision) from latest").fetchall() == [(2,)]
    assert latest.count_rows() == articles.count_rows() - 1 == 148
    assert latest.to_table(["headline"], filter=ds.field("revision") == 2).num_rows == 1


def test_the_newest_is_told_by_its_fetch_where_revisions_were_counted_anew() -> None:
    """An edit that comes after the horizon of copies is revision 1 again."""
    instants = [30, 20, 10, 40]
    table = pa.table(
        {
            "article_id": ["a", "a", "a", "b"],
            "run_id": ["r3", "r2", "r1", "r3"],
            "fetched_at": pa.array(instants, pa.timestamp("us", "UTC")),
            "revision": [1, 2, 1, 1],
            "withdrawn_at": pa.nulls(4, pa.timestamp("us", "UTC")),
        }
    )
    kept = read_lake._newest_of(ds.dataset(table)).to_table()
    assert kept.select(["article_id", "run_id", "revision"]).to_pylist() == [
        {"article_id": "a", "run_id": "r3", "revision": 1},
        {"article_id": "b", "run_id": "r3", "revision": 1},
    ]


def test_of_two_revisions_of_one_run_only_the_newer_is_the_newest(tmp_path: Path) -> None:
    """A backfill writes as many revisions of an article as its archives have."""
    same = {"article_id": "a" * 32, "run_id": "r", "date_published_us": NOON_US}
    edits = [article(**same, fetched_at_us=NOON_US + hour, revision=1 + hour) for hour in range(3)]
    add_run(tmp_path / "lake", 0, [*edits, article(article_id="b" * 32)])
    latest = newsbeam.read(tmp_path / "lake", latest=True)
    assert latest.count_rows() == 2
    assert duckdb.sql("select article_id[1], revision from latest order by all").fetchall() == [("a", 3), ("b", 1)]


def test_a_query_reads_only_the_partitions_it_asks_for(lake: Path) -> None:
    articles = newsbeam.read(lake)
    day = ds.field("published_date") == date(2026, 3, 2)
    files = [fragment.path for fragment in articles.get_fragments(day)]
    assert files == [path for path in articles.files if "published_date=2026-03-02" in path] != []
    [found] = duckdb.sql("select count(*) from articles where published_date = '2026-03-02'").fetchall()
    assert found == (articles.count_rows(filter=day),)


@pytest.mark.parametrize("latest", [False, True])
def test_a_lake_without_rows_is_an_empty_dataset_with_all_columns(tmp_path: Path, latest: bool) -> None:
    articles = newsbeam.read(tmp_path, latest)
    assert articles.count_rows() == 0
    assert articles.schema.names == [*ARTICLES.schema.names, "published_date"]
    assert duckdb.sql("select count(*) from articles").fetchall() == [(0,)]


def test_a_lake_in_an_object_store_is_read_through_the_storage(lake: Path, stored: MemoryStore) -> None:
    for path in [*lake.glob("articles/*/*.parquet"), *lake.glob("runs/*.json")]:
        stored.put(path.relative_to(lake).as_posix(), path.read_bytes())
    there, here = newsbeam.read("s3://bucket/lake", latest=True), newsbeam.read(lake, latest=True)
    assert there.to_table().sort_by("article_id") == here.to_table().sort_by("article_id")
    counted = [
        duckdb.sql("select count(*) from there where published_date >= '2026-03-01'").fetchall(),
        duckdb.sql("select count(*) from here where published_date >= '2026-03-01'").fetchall(),
    ]
    assert counted[0] == counted[1] != [(0,)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lake": "none"}, "there is no lake at none"),
        ({"lake": "s3:lake"}, "did you mean s3://lake?"),
        ({"lake": ""}, "the lake has no name"),
        ({"lake": OLD, "table": "stories"}, "no table 'stories'; there are pages, articles, failures, feed_polls"),
        ({"lake": OLD, "table": "pages", "latest": True}, "latest is for articles"),
        ({"lake": OLD.parent}, "there is no lake at .*: the folder holds other things"),
        ({"lake": None}, "lake: give a str or a path, not NoneType"),
        ({"lake": b"lake"}, "lake: give a str or a path, not bytes"),
        ({"lake": ["lake"]}, "lake: give a str or a path, not list"),
        ({"lake": "l" * 5_000}, "there is no lake at lll"),
        ({"lake": OLD, "table": ["pages"]}, "table: give a str, not list"),
        ({"lake": OLD, "latest": "pages"}, "latest: give True or False, not str"),
    ],
)
def test_a_callers_mistake_is_one_line(given: dict[str, Any], said: str) -> None:
    with pytest.raises(newsbeam.UsageError, match=said.replace("?", r"\?")):
        newsbeam.read(**given)


def test_a_damaged_file_is_told_with_its_remedy(lake: Path) -> None:
    next(lake.glob("articles/*/*.parquet")).write_bytes(b"no parquet, but long enough to be looked at")
    with pytest.raises(newsbeam.LakeError, match="newsbeam repair"):
        newsbeam.read(lake, latest=True)
