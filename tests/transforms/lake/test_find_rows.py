"""Rows are found by their keys, and row groups that cannot hold one are not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schemas.feed import FEED_POLLS, FeedPoll
from schemas.page import PAGES
from tests.stored_pages import stored_page
from transforms.lake.committed import Committed
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.lookup.find_rows import Finder, days_between

RUN = "20260302T080000.000000Z"
DAY_US = 86_400_000_000
NOON_US = 1_772_452_800_000_000


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def test_a_row_is_found_in_the_files_of_the_days_asked_for(storage: Storage) -> None:
    writer = PartWriter(storage, RUN)
    pages = [stored_page(f"https://a.example/{n}", b"body", after_s=3_600 * n) for n in range(200)]
    for day in sorted({PAGES.partition_of(page) for page in pages}):
        writer.write(PAGES, [page for page in pages if PAGES.partition_of(page) == day], "00000", day)
    finder = Finder(PartReader(storage), Committed(storage, (RUN,)))
    wanted = {"url_key": {pages[30].url_key}, "final_url": {pages[150].final_url, "https://none.example/"}}
    found = finder.rows(PAGES, wanted, ("url", "fetched_at", "no_such_column"))
    assert sorted((row["url"], row["fetched_at"]) for row in found) == sorted(
        (pages[n].url, pages[n].fetched_at_us) for n in (30, 150)
    )
    day = date.fromisoformat(PAGES.partition_of(pages[30]))
    assert [row["url"] for row in finder.rows(PAGES, wanted, ("url",), {day})] == [pages[30].url]
    assert finder.rows(PAGES, {"url_key": set()}, ("url",)) == []
    assert finder.rows(PAGES, {"no_such_column": {"x"}}, ("url",)) == []


def test_only_row_groups_whose_statistics_allow_it_are_read(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    polls = [FeedPoll(f"https://{n:05d}.example/", None, "ok", NOON_US + n, RUN, status=200) for n in range(30_000)]
    part = PartWriter(storage, RUN).write(FEED_POLLS, polls, "00000", "2026-03-02")
    reader = PartReader(storage)
    assert reader.footer(part.path).num_row_groups == 3
    import pyarrow.parquet as pq

    read, whole = [], pq.ParquetFile.read_row_group

    def noted(self, number, columns):
        read.append((number, columns))
        return whole(self, number, columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", noted)
    found = reader.matching(part.path, {"feed_url": frozenset({"https://12345.example/"})}, ("status",))
    assert (found.num_rows, found.column_names) == (1, ["status"])
    assert read == [(1, ["feed_url"]), (1, ["status"])]


def test_days_are_those_between_the_first_and_the_last_and_one_on_each_side() -> None:
    assert days_between([]) == set()
    assert days_between([NOON_US + DAY_US, NOON_US]) == {date(2026, 3, day) for day in (1, 2, 3, 4)}
