"""The steps of a rebuild that need no pipeline: its pages, what is known of sites, and what it says of changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.article import ARTICLES
from schemas.failure import FAILURES, Failure, InputKind, Reason, Stage
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.page import PAGES, Page
from schemas.run import FilePart, RunManifest, iso, new_run_id
from schemas.site import SITES, SiteMemory
from tests.rows import NOON_US, article, draft, page
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.editions.edition import open_edition
from transforms.lake.editions.rebuild.changes import Changes
from transforms.lake.editions.rebuild.drafts import SiteMemories
from transforms.lake.editions.rebuild.failures import failures_stay
from transforms.lake.editions.rebuild.history import KeptHistory, kept_history, write_again
from transforms.lake.editions.rebuild.range import Days, built_by, range_of
from transforms.lake.editions.rebuild.rows import article_rows, rows_at
from transforms.lake.editions.rebuild.same import are_same_sites, is_same_history
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.web.urls import url_key

DAY = "2026-03-02"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "lake"))


def commit(storage: Storage, run_id: str, files: list[FilePart], adopted: tuple[FilePart, ...] = ()) -> None:
    at = iso(NOON_US)
    manifest = RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, tuple(files), adopted)
    storage.put(manifest_path(run_id), manifest.to_json())


def run_at(hour: int) -> str:
    return new_run_id(NOON_US + hour * HOUR_US, None)


def fetched(name: str, hour: int, run_id: str, **values: object) -> Page:
    url = f"https://example.org/{name}"
    at_us = NOON_US + hour * HOUR_US
    return page(url=url, url_key=url_key(url), fetched_at_us=at_us, run_id=run_id, **values)


def test_the_pages_of_a_run_that_died_are_of_the_round_of_the_run_that_took_them_over(storage: Storage) -> None:
    dead, living = run_at(0), run_at(1)
    left = PartWriter(storage, dead).write(PAGES, [fetched("a", 0, dead)], "00000-0000", DAY)
    own = PartWriter(storage, living).write(PAGES, [fetched("b", 1, living)], "00000-0000", DAY)
    commit(storage, living, [own], (left,))
    found = range_of(committed(storage), PartReader(storage), Days())
    assert {one.round for one in found.pages.values()} == {living}
    assert [file.path for file in found.files] == [left.path, own.path]
    assert built_by([run_at(1), run_at(3)], run_at(2)) == run_at(3)
    assert built_by([run_at(1)], run_at(2)) == run_at(2)


def test_only_pages_of_the_days_and_of_these_failures_whose_bytes_are_here_are_built(storage: Storage) -> None:
    run = run_at(0)
    here = [
        fetched("a", 0, run),
        fetched("b", 0, run, body=b"", warc_file="crawl.warc.gz"),
        fetched("c", 0, run, body=b"", warc_file="crawl.warc.gz", warc_offset=5, warc_length=9),
    ]
    writer = PartWriter(storage, run)
    files = [
        writer.write(PAGES, here, "00000-0000", DAY),
        writer.write(PAGES, [fetched("d", 24, run)], "00000-0001", "2026-03-03"),
    ]
    commit(storage, run, files)
    held, reader = committed(storage), PartReader(storage)

    def ids(days: Days, only: set[tuple[str, str]] | None = None) -> set[str]:
        return set(range_of(held, reader, days, only).pages)

    assert ids(Days()) == {here[0].page_id, here[2].page_id, fetched("d", 24, run).page_id}
    assert ids(Days("2026-03-03")) == {fetched("d", 24, run).page_id}
    assert ids(Days("", DAY)) == {here[0].page_id, here[2].page_id}
    assert ids(Days("2026-03-04")) == set()
    assert ids(Days(), {(run, here[2].url_key), ("another", here[0].url_key)}) == {here[2].page_id}
    assert range_of(held, reader, Days()).elsewhere == 1
    assert (Days(DAY).since_us, Days("", DAY).until_us) == (NOON_US - DAY_US // 2, NOON_US + DAY_US // 2 - 1)


def memory(site: str, learned_at_us: int, pages: float) -> SiteMemory:
    return SiteMemory(site, pages, np.empty(0, "<u8").tobytes(), np.empty(0, "<f4").tobytes(), learned_at_us)


def test_sites_are_known_from_before_the_range_and_what_came_later_is_not_replaced(storage: Storage) -> None:
    run = run_at(0)
    rows = [memory("before.example", 10, 1.0), memory("merged.example", 25, 2.0), memory("later.example", 35, 3.0)]
    parts = [PartWriter(storage, run).write(SITES, rows, "00000").path]
    reader = PartReader(storage)
    sites = [row.site for row in rows] + ["new.example"]

    whole = SiteMemories(reader, parts, None, None)
    assert whole.before(sites) == {}
    assert len(list(whole.learned([memory(site, 30, 9.0) for site in sites]))) == 4
    assert {one.pages for one in whole.before(sites).values()} == {9.0}, "the next window knows them"

    since = SiteMemories(reader, parts, 20, 30)
    assert {site: one.pages for site, one in since.before(sites).items()} == {
        "before.example": 1.0,
        "merged.example": 2.0,
        "later.example": 3.0,
    }
    learned = list(since.learned([memory(site, 5, 9.0) for site in sites]))
    assert [(one.site, one.learned_at_us) for one in learned] == [("before.example", 10), ("new.example", 5)]


def test_changes_are_counted_by_kind_with_the_first_examples(storage: Storage) -> None:
    run = run_at(0)
    old = [
        article(article_id=f"{n:032x}", url=f"https://example.org/{n}", headline=f"Head {n}", article_body="One\nTwo")
        for n in range(5)
    ]
    path = PartWriter(storage, run).write(ARTICLES, old, "00000", DAY).path
    commit(storage, run, [])
    reader = PartReader(storage)
    rows = article_rows(reader, [path], 0)
    ids = rows.column("page_id").to_pylist()
    changes = Changes(reader, rows, 1)
    new = [
        old[0],
        replace(old[1], article_body="One\nThree", headline="Other", authors=("Ada Moor",)),
        replace(old[2], article_body="Four", page_kind="article"),
        replace(old[3], article_id="f" * 32),
    ]
    changes.look(ARTICLES.as_given(new), [*ids[:3], "unknown"])
    changes.gone({ids[3]: "wall", ids[4]: "unchanged"})
    assert dict(changes.counts) == {
        "same": 1,
        "changed": 2,
        "changed_body": 2,
        "changed_headline": 1,
        "changed_authors": 1,
        "changed_other": 1,
        "new": 1,
        "gone": 2,
        "gone_wall": 1,
        "gone_unchanged": 1,
    }
    shown = {one.kind: one.lines for one in changes.examples}
    assert shown["body"] == ("- Two", "+ Three")
    assert shown["headline"] == ("headline: Head 1 -> Other",)
    assert shown["authors"] == ("authors: + Ada Moor",)
    assert shown["gone"] in (("- Head 3 (wall)",), ("- Head 4 (unchanged)",))
    assert len(changes.examples) == len(shown) == 6


def test_rows_are_read_from_many_files_in_the_order_asked_for(storage: Storage) -> None:
    writer = PartWriter(storage, run_at(0))
    paths = [
        writer.write(ARTICLES, [article(article_id=f"{file}{n}", headline=f"{n}") for n in range(3)], "00000", day).path
        for file, day in enumerate((DAY, "2026-03-03"))
    ]
    places = [(paths[1], 2), (paths[0], 0), (paths[1], 0), (paths[0], 2)]
    found = rows_at(PartReader(storage), places)
    assert found.column("article_id").to_pylist() == ["12", "00", "10", "02"]
    assert rows_at(PartReader(storage), []).num_rows == 0
    assert isinstance(found, pa.Table)


def test_rows_fetched_before_the_range_are_not_looked_at(storage: Storage) -> None:
    writer = PartWriter(storage, run_at(0))
    rows = [article(article_id=str(n), fetched_at_us=NOON_US + n) for n in range(3)]
    path = writer.write(ARTICLES, rows, "00000", DAY).path
    found = article_rows(PartReader(storage), [path], NOON_US + 1)
    assert found.column("row").to_pylist() == [1, 2]
    assert article_rows(PartReader(storage), [path], NOON_US + 9).num_rows == 0


def test_rows_of_other_pages_stay_and_only_those_until_the_end_of_the_range_are_its_history(storage: Storage) -> None:
    def prints(*hours: int) -> list[Fingerprint]:
        return [
            replace(draft(f"page {hour}").fingerprint, fetched_at_us=NOON_US + hour * HOUR_US, page_id=f"page {hour}")
            for hour in hours
        ]

    parts = {}
    for number, hours in enumerate(((0,), (1, 2, 9), (3, 4), (8,))):
        writer = PartWriter(storage, run_at(number))
        parts[hours] = writer.write(FINGERPRINTS, prints(*hours), "00000")
        commit(storage, run_at(number), [parts[hours]])
    reader, gone = PartReader(storage), pa.array(["page 2", "page 3", "page 4"], pa.string())
    until_us = NOON_US + 5 * HOUR_US
    with lake_lock(storage, "test") as generation, open_edition(storage, generation, "rebuild", NOON_US) as edition:
        kept = kept_history(edition, committed(storage), FINGERPRINTS, gone, until_us)

        def pages(paths: Iterable[str]) -> list[str]:
            return [row.page_id for path in paths for row in reader.rows(FINGERPRINTS, path)]

        assert pages(kept.history) == ["page 0", "page 1"]
        assert pages(one.path for one in kept.files) == ["page 1", "page 9"]
        assert kept.replaced == (parts[(1, 2, 9)].path, parts[(3, 4)].path)
        again = write_again(edition, FINGERPRINTS, kept.replaced, pa.array(["page 3"]))
        assert pages([again.path]) == ["page 3"]
        edition.commit([*kept.files, again], kept.replaced, NOON_US)
    assert sorted(pages(committed(storage).parts(FINGERPRINTS))) == ["page 0", "page 1", "page 3", "page 8", "page 9"]
    assert check_state(committed(storage), thoroughly=True).damaged == ()

    everything = pa.array([f"page {hour}" for hour in range(10)], pa.string())
    with lake_lock(storage, "test") as generation, open_edition(storage, generation, "rebuild", NOON_US) as edition:
        kept = kept_history(edition, committed(storage), FINGERPRINTS, everything, None)
        assert (kept.history, [one.rows for one in kept.files]) == ((), [0])
        edition.commit(kept.files, kept.replaced, NOON_US)
    assert check_state(committed(storage), thoroughly=True).damaged == (), "what is gone is known to be replaced"


def test_state_is_the_same_in_any_order_and_files_and_not_with_any_row_more_less_or_other(storage: Storage) -> None:
    rows = [replace(draft(f"page {n}").fingerprint, page_id=f"page {n}") for n in range(4)]
    writer, reader = PartWriter(storage, run_at(0)), PartReader(storage)
    old = [writer.write(FINGERPRINTS, some, f"0000{n}").path for n, some in enumerate((rows[:3], rows[3:]))]
    kept = KeptHistory(FINGERPRINTS, (), (), tuple(old))
    shards = iter(range(100, 200))

    def same(*new: Sequence[Fingerprint], pages: Sequence[str] = ("page 0", "page 1", "page 3")) -> bool:
        parts = [writer.write(FINGERPRINTS, some, f"{next(shards):05d}") for some in new]
        others = [writer.write(SITES, [memory("a.example", 1, 1.0)], f"{next(shards):05d}")]
        return is_same_history(reader, kept, frozenset(pages), [*parts, *others])

    assert same([rows[3], rows[1]], [rows[0]]), "the row of page 2 stays"
    assert same(pages=())
    assert not same([rows[0], rows[1]])
    assert not same([rows[0], rows[1], rows[3], rows[3]])
    assert not same([rows[0], rows[0], rows[3]])
    assert not same([rows[0], rows[1], replace(rows[3], revision=2)])


def test_sites_are_the_same_if_the_newest_row_of_each_is(storage: Storage) -> None:
    old = [memory("a.example", 1, 1.0), memory("b.example", 1, 2.0)], [memory("a.example", 2, 5.0)]
    parts = [PartWriter(storage, run_at(n)).write(SITES, rows, "00000") for n, rows in enumerate(old)]
    for number, part in enumerate(parts):
        commit(storage, run_at(number), [part])
    held, reader, made = committed(storage), PartReader(storage), PartWriter(storage, run_at(9))
    for number, (rows, expected) in enumerate(
        (
            ([memory("a.example", 2, 5.0)], True),
            ([memory("a.example", 1, 1.0), memory("a.example", 2, 5.0)], True),
            ([memory("a.example", 1, 1.0)], False),
            ([memory("c.example", 2, 5.0)], False),
            ([], True),
        )
    ):
        assert are_same_sites(reader, held, [made.write(SITES, rows, f"{number:05d}")]) == expected, number


def test_failures_stay_if_each_page_has_the_row_that_it_would_get(storage: Storage) -> None:
    run = run_at(0)
    rows = [failure_of(name, run) for name in ("a", "b")]
    part = PartWriter(storage, run).write(FAILURES, rows, "00000-0000", DAY)
    commit(storage, run, [part])
    held, reader = committed(storage), PartReader(storage)
    keys = [(run, str(row.url_key)) for row in rows]
    later = [replace(row, failed_at_us=row.failed_at_us + 1) for row in rows]
    assert failures_stay(held, reader, (), {})
    assert failures_stay(held, reader, (), dict(zip(keys, later, strict=True))), "when it failed first is kept"
    assert not failures_stay(held, reader, [keys[1]], {keys[0]: later[0]})
    assert not failures_stay(held, reader, (), {keys[0]: replace(later[0], reason=Reason.WALL)})
    assert not failures_stay(held, reader, (), {(run, "f" * 32): later[0]})


def failure_of(name: str, run_id: str) -> Failure:
    return Failure(
        stage=Stage.EXTRACT,
        reason=Reason.NO_ARTICLE,
        message="no article",
        input_kind=InputKind.PAGE,
        input=f"https://example.org/{name}",
        failed_at_us=NOON_US,
        run_id=run_id,
        feed_url="https://example.org/feed",
        url_key=url_key(f"https://example.org/{name}"),
        status=200,
    )
