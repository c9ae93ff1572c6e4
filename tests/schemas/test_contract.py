"""The tables are what readers were promised: columns only grow, and rows survive the way to Arrow and back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.article import ARTICLES, Block, Entity, Removed
from schemas.column_docs import meanings
from schemas.draft import DRAFTS
from schemas.failure import FAILURES
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.host import HOSTS
from schemas.page import PAGES, Header
from schemas.revisit import REVISITS
from schemas.run import FilePart, ManifestError, RunManifest, iso, new_run_id
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from tests.rows import NOON_US, article, page

TABLES: tuple[Table[Any], ...] = (
    HOSTS,
    PAGES,
    ARTICLES,
    FAILURES,
    FEED_POLLS,
    FEED_CURSORS,
    PENDING,
    SEEN,
    FINGERPRINTS,
    SITES,
    STORIES,
    REVISITS,
)
RELEASED = Path(__file__).with_name("released.json")


def described(table: Table[Any]) -> dict[str, Any]:
    columns = {column.name: [str(column.type), column.nullable] for column in table.schema}
    return {"version": table.version, "partition": table.partition, "columns": columns}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_only_grows_by_nullable_columns_since_the_last_release(table: Table[Any]) -> None:
    everything = json.loads(RELEASED.read_text())
    now = described(table)
    released = everything.get(table.name, now)  # a table that is new since then
    assert now["partition"] == released["partition"]
    assert list(now["columns"])[: len(released["columns"])] == list(released["columns"])
    for name, column in released["columns"].items():
        assert now["columns"][name] == column, name
    added = set(now["columns"]) - set(released["columns"])
    assert all(now["columns"][name][1] for name in added), "added columns must be nullable"
    assert (now["version"] > released["version"]) == bool(added)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_column_of_a_table_is_told_in_words_and_the_order_is_by_columns(table: Table[Any]) -> None:
    said = meanings(table.row)
    assert list(said) == [column.attribute for column in table.columns]
    assert all(meaning.endswith(".") and "|" not in meaning for meaning in said.values())
    assert set(table.sort_by) <= set(table.schema.names)


def test_files_carry_neither_dictionary_nor_statistics_of_prose_and_hashes_and_a_bloom_filter_of_article_ids() -> None:
    stored = {table.name: (*table.long, table.bloom) for table in (*TABLES, DRAFTS) if table.long or table.bloom}
    assert stored == {
        "pages": ("body", "entry_content_html", None),
        "articles": ("article_body", "removed", "article_id"),
        "pending": ("content_html", None),
        "fingerprints": ("keys", "shingles", "article_id"),
        "sites": ("blocks", "counts", None),
        "stories": ("terms", "counts", "passages", "figures", "vector", "marks", "article_id"),
        "drafts": ("article", "fingerprint", "site_page", "sketch", None),
    }


def test_rows_survive_the_way_to_arrow_and_back() -> None:
    rows = [
        article(
            removed=(Removed("Cookies!", "cookies"),),
            entities=(Entity("Lindau", "place", 2),),
            authors=("Ada", "Bo"),
            date_published_us=NOON_US + 1,
            similarity=0.5,
            is_accessible_for_free=False,
            published_day=date(2026, 3, 3),
            blocks=(Block("heading", 2, 0, 7),),
            links=(),
        ),
        article(article_id="b" * 32),
    ]
    assert ARTICLES.from_arrow(ARTICLES.to_arrow(rows)) == rows
    pages = [page(headers=(Header("x-robots-tag", "noai"),), body=b"\x00\xff")]
    assert PAGES.from_arrow(PAGES.to_arrow(pages)) == pages


def test_an_article_without_a_date_lies_under_the_day_of_its_fetch() -> None:
    assert article(date_published_us=None).published_date == "2026-03-02"
    assert article(date_published_us=NOON_US - 86_400_000_000).published_date == "2026-03-01"


def test_run_ids_sort_by_time_also_where_the_clock_went_back() -> None:
    first = new_run_id(NOON_US, None)
    assert first == "20260302T120000.000000Z"
    assert new_run_id(NOON_US - 5_000_000, first) == "20260302T120000.000001Z"
    assert new_run_id(NOON_US + 5_000_000, first) > first


def test_a_manifest_survives_json_and_an_unknown_key() -> None:
    manifest = RunManifest("r", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, {"feeds": 1}, {}, ())
    data = json.loads(manifest.to_json()) | {"of a later version": 1}
    assert RunManifest.from_json(json.dumps(data).encode()) == manifest


def test_a_later_manifest_with_more_keys_also_in_its_files_is_read_and_an_old_one_without_checksums_too() -> None:
    part = {"table": "pages", "path": "pages/x", "rows": 1, "size_bytes": 2}
    manifest = RunManifest("r", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, {}, {}, ())
    later = {"manifest_version": 9, "files": [part | {"checksum": "c", "edition": 3}], "adopted": [part | {"of": "x"}]}
    read = RunManifest.from_json(json.dumps(json.loads(manifest.to_json()) | later).encode())
    assert read.files == (FilePart("pages", "pages/x", 1, 2, "c"),)
    assert read.adopted == (FilePart("pages", "pages/x", 1, 2),)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"run_id": 1}', b"\xff", b'{"run_id": "r"}'])
def test_what_is_no_manifest_is_told_by_an_error_of_its_own(data: bytes) -> None:
    with pytest.raises(ManifestError):
        RunManifest.from_json(data)
