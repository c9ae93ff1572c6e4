"""Parts are good Parquet; what a dead run left is adopted or removed; state is looked up by key."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.article import ARTICLES, Removed
from schemas.feed import FEED_CURSORS, PENDING, FeedCursor
from schemas.host import HOSTS, HostMemory
from schemas.page import PAGES
from schemas.run import FilePart, RunManifest, iso, new_run_id
from schemas.site import SITES, SiteMemory
from schemas.state import SEEN, Seen
from tests.rows import NOON_US, article, entry, page
from transforms.lake.committed import committed
from transforms.lake.files.layout import manifest_path, open_path
from transforms.lake.files.parts import PartReader, PartWriter, encode
from transforms.lake.files.storage import Storage
from transforms.lake.recover import begin_run, end_run, known_runs, recover
from transforms.lake.state import state_before, tidy_state

FIRST, SECOND, THIRD = (new_run_id(NOON_US + n * 3_600_000_000, None) for n in range(3))


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def commit(storage: Storage, run_id: str, adopted: tuple[FilePart, ...] = ()) -> None:
    at = iso(NOON_US)
    storage.put(manifest_path(run_id), RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, (), adopted).to_json())


def test_a_part_is_sorted_by_date_and_carries_statistics_page_index_bloom_filter_and_its_schema(
    storage: Storage, tmp_path: Path
) -> None:
    rows = [article(article_id=f"{n:032x}", date_published_us=NOON_US - n * 1_000_000) for n in range(50)]
    rows.append(article(article_id="f" * 32, date_published_us=None, removed=(Removed("x", "cookies"),)))
    part = PartWriter(storage, FIRST).write(ARTICLES, rows, "00000", "2026-03-02")
    assert part.path == f"articles/published_date=2026-03-02/part-{FIRST}-00000.parquet"
    file = pq.ParquetFile(tmp_path / part.path)
    dates = file.read(["date_published"]).column(0).to_pylist()
    assert dates == [*sorted(filter(None, dates)), None]
    column = file.metadata.row_group(0).column(0)
    assert column.path_in_schema == "article_id"
    assert column.compression == "ZSTD"
    assert column.has_column_index
    assert column.has_offset_index
    assert column.statistics.has_min_max
    assert column.bloom_filter_offset is not None
    assert file.metadata.row_group(0).sorting_columns[0].column_index == ARTICLES.schema.get_field_index(
        "date_published"
    )
    assert file.schema_arrow.metadata[b"newsbeam.table"] == b"articles"
    assert sorted(PartReader(storage).rows(ARTICLES, part.path), key=repr) == sorted(rows, key=repr)


def test_the_same_rows_make_the_same_bytes() -> None:
    rows = [article(article_id=f"{n:032x}", date_published_us=NOON_US + n) for n in range(20)]
    assert encode(ARTICLES, rows) == encode(ARTICLES, rows)


def test_a_column_that_an_old_file_lacks_is_null(storage: Storage) -> None:
    old = ARTICLES.to_arrow([article()]).drop_columns(["story_id", "keywords", "date_modified"])
    [row] = ARTICLES.from_arrow(old)
    assert row == article()


def test_a_dead_runs_whole_pages_are_adopted_and_the_rest_of_it_is_removed(storage: Storage, tmp_path: Path) -> None:
    written = PartWriter(storage, FIRST).write(PAGES, [page()], "00000-0000", "2026-03-02")
    commit(storage, FIRST)
    begin_run(storage, SECOND)
    dead = PartWriter(storage, SECOND)
    whole = dead.write(PAGES, [page(url_key="1" * 32)], "00000-0000", "2026-03-02")
    broken = dead.write(PAGES, [page(url_key="2" * 32)], "00000-0001", "2026-03-02")
    (tmp_path / broken.path).write_bytes((tmp_path / broken.path).read_bytes()[:-9])
    dead.write(ARTICLES, [article()], "00000", "2026-03-02")
    dead.write(SEEN, [Seen("1" * 32, None, NOON_US)], "00000")
    (tmp_path / f"{whole.path}#1").write_bytes(b"half")

    recovery = recover(storage)

    assert recovery.adopted == (whole,)
    assert recovery.dead_runs == (SECOND,)
    assert list(storage.list()) == [open_path(SECOND), written.path, whole.path, manifest_path(FIRST)]
    assert recover(storage) == recovery, "a run that dies while adopting leaves the pages to the next"
    commit(storage, THIRD)
    end_run(storage, THIRD, recovery)
    assert recover(storage).adopted == ()


def test_a_run_that_starts_at_the_instant_of_a_dead_one_gets_a_name_of_its_own(storage: Storage) -> None:
    commit(storage, FIRST)
    begin_run(storage, SECOND)
    assert known_runs(storage) == [FIRST, SECOND]
    assert new_run_id(NOON_US + 3_600_000_000, known_runs(storage)[-1]) > SECOND


def test_the_marker_of_a_run_killed_right_after_its_commit_is_no_dead_run(storage: Storage) -> None:
    begin_run(storage, FIRST)
    part = PartWriter(storage, FIRST).write(ARTICLES, [article()], "00000", "2026-03-02")
    commit(storage, FIRST)
    assert recover(storage).dead_runs == ()
    assert list(storage.list()) == [part.path, manifest_path(FIRST)]


def test_pages_that_a_committed_run_has_taken_over_are_not_built_again_though_it_was_killed_before_it_said_so(
    storage: Storage,
) -> None:
    begin_run(storage, FIRST)
    part = PartWriter(storage, FIRST).write(PAGES, [page()], "00000-0000", "2026-03-02")
    begin_run(storage, SECOND)
    commit(storage, SECOND, recover(storage).adopted)
    assert recover(storage).adopted == ()
    assert recover(storage).dead_runs == ()
    assert list(storage.list()) == [part.path, manifest_path(SECOND)], "the markers are gone, the pages stay"


def test_seen_entries_are_found_in_committed_state_and_adopted_pages_but_not_in_dead_state(storage: Storage) -> None:
    PartWriter(storage, FIRST).write(SEEN, [Seen("1" * 32, 5, NOON_US), Seen("2" * 32, None, NOON_US)], "00000")
    PartWriter(storage, SECOND).write(SEEN, [Seen("1" * 32, 7, NOON_US + 1)], "00000")
    PartWriter(storage, THIRD).write(SEEN, [Seen("3" * 32, None, NOON_US)], "00000")
    commit(storage, FIRST)
    commit(storage, SECOND)
    pages = PartWriter(storage, THIRD).write(
        PAGES, [page(url_key="4" * 32, entry_updated_us=9)], "00000-0000", "2026-03-02"
    )
    before = state_before(storage, (pages.path,))
    assert before.seen(["1" * 32, "3" * 32, "4" * 32]) == {
        "1" * 32: Seen("1" * 32, 7, NOON_US + 1),
        "4" * 32: Seen("4" * 32, 9, NOON_US),
    }


def test_snapshots_are_read_from_the_newest_committed_run(storage: Storage) -> None:
    for run_id, etag in ((FIRST, "one"), (SECOND, "two"), (THIRD, "never committed")):
        PartWriter(storage, run_id).write(FEED_CURSORS, [FeedCursor("https://example.org/feed", etag=etag)], "00000")
        PartWriter(storage, run_id).write(PENDING, [entry(url_key=run_id[:15].ljust(32, "0"))], "00000")
    commit(storage, FIRST)
    commit(storage, SECOND)
    before = state_before(storage)
    assert before.cursors(["https://example.org/feed", "other"]) == {
        "https://example.org/feed": FeedCursor("https://example.org/feed", etag="two")
    }
    assert [left.url_key for left in before.pending()] == [SECOND[:15].ljust(32, "0")]
    tidy_state(committed(storage), SECOND)
    assert len(committed(storage).parts(FEED_CURSORS)) == 1
    assert state_before(storage).parts.cursors == before.parts.cursors


def test_what_is_remembered_of_hosts_is_looked_up_by_name(storage: Storage) -> None:
    known = [HostMemory("a.example", NOON_US, 200, "User-agent: *", NOON_US), HostMemory("b.example", slow_s=2.0)]
    PartWriter(storage, FIRST).write(HOSTS, known, "00000")
    commit(storage, FIRST)
    before = state_before(storage)
    assert before.hosts(["b.example", "c.example"]) == [known[1]]
    assert before.hosts([]) == []


def test_many_small_state_parts_become_one_with_the_same_rows(storage: Storage) -> None:
    for n in range(70):
        run_id = new_run_id(NOON_US + n * 1_000_000, None)
        PartWriter(storage, run_id).write(SEEN, [Seen(f"{n:032x}", n, NOON_US)], "00000")
        commit(storage, run_id)
    keys = [f"{n:032x}" for n in range(70)]
    before = state_before(storage).seen(keys)
    tidy_state(committed(storage), run_id)
    after = state_before(storage)
    assert len(after.parts.seen) == 1
    assert after.seen(keys) == before
    assert len(before) == 70


def test_of_a_site_the_newest_memory_counts_and_it_alone_outlives_the_merging(storage: Storage) -> None:
    for n in range(70):
        run_id = new_run_id(NOON_US + n, None)
        rows = [SiteMemory("a.example", float(n), b"", b"", NOON_US + n), SiteMemory(f"{n}.example", 1.0, b"", b"", n)]
        PartWriter(storage, run_id).write(SITES, rows, "00000")
        commit(storage, run_id)
    wanted = ["a.example", "3.example", "unknown.example"]
    before = state_before(storage).sites(wanted)
    assert {site: memory.pages for site, memory in before.items()} == {"a.example": 69.0, "3.example": 1.0}
    tidy_state(committed(storage), run_id)
    parts = committed(storage).parts(SITES)
    assert len(parts) == 1
    assert len(list(PartReader(storage).rows(SITES, parts[0]))) == 71, "one row a site"
    assert state_before(storage).sites(wanted) == before


def test_a_part_that_is_older_than_a_column_is_read_and_the_column_is_empty(storage: Storage, tmp_path: Path) -> None:
    known = HostMemory("a.example", NOON_US, 200, "User-agent: *", NOON_US, slow_s=2.0)
    old = HOSTS.to_arrow([known]).drop_columns(["dead_schemes", "is_domain_wide"])
    path = tmp_path / "_state" / "hosts" / f"part-{FIRST}-00000.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(old, path)
    commit(storage, FIRST)
    assert state_before(storage).hosts(["a.example", "b.example"]) == [known]
