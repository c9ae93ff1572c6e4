"""Many small files become few, with the same rows; which ones is decided by their days and sizes."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import ARTICLES
from schemas.page import PAGES
from schemas.run import FilePart, RunManifest, iso, new_run_id
from schemas.tables import DATA
from tests.rows import NOON_US, article, page
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake.accounts import AccountsError
from transforms.lake.committed import committed
from transforms.lake.editions.compact import compact, compact_crowded, of_like_size, packed
from transforms.lake.editions.edition import delete_replaced, open_edition
from transforms.lake.files.layout import edition_path, edition_shard, manifest_path, open_path, replaced_path, run_of
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.manifests import read_edition
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.recover import recover

DAY = "2026-03-02"
TOMORROW_US = NOON_US + DAY_US


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "lake"))


def lake_of(storage: Storage, runs: int, day: str = DAY, articles: Sequence[int] = ()) -> list[str]:
    """The ids of runs that have each written two articles, or as many as `articles` says, and a page."""
    ids, chance = [], random.Random(7)
    for number in range(runs):
        run_id = new_run_id(NOON_US + number * HOUR_US // 4, None)
        writer = PartWriter(storage, run_id)
        count = articles[number] if articles else 2
        rows = [
            article(
                article_id=f"{(number * 7 + one) % 31:032x}", run_id=run_id, article_body=chance.randbytes(500).hex()
            )
            for one in range(count)
        ]
        files = (
            writer.write(ARTICLES, rows, "00000", day),
            writer.write(PAGES, [page(url_key=f"{number:032x}", run_id=run_id)], "00000-0000", day),
        )
        at = iso(NOON_US)
        manifest = RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, files)
        storage.put(manifest_path(run_id), manifest.to_json())
        ids.append(run_id)
    return ids


def rows_of(storage: Storage) -> list[object]:
    reader, held = PartReader(storage), committed(storage)
    return sorted((row for table in DATA for path in held.parts(table) for row in reader.rows(table, path)), key=repr)


def test_a_file_is_opened_a_few_times_however_many_columns_it_has(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open one of sixty columns takes milliseconds; compaction once did so for each column."""
    lake_of(storage, 10)
    opened = Counter[str]()
    first = Storage.open

    def counted(storage: Storage, path: str) -> object:
        opened[path] += 1
        return first(storage, path)

    monkeypatch.setattr(Storage, "open", counted)
    with lake_lock(storage, "test") as generation:
        assert compact(storage, generation, TOMORROW_US) is not None
    merged = [count for path, count in opened.items() if path.startswith("articles/")]
    assert len(merged) == 10
    assert max(merged) <= 4  # rows, footer, keys, and the rows themselves


def test_a_closed_partition_becomes_one_sorted_file_with_the_same_rows_and_the_old_ones_stay_for_readers(
    storage: Storage,
) -> None:
    lake_of(storage, 10)
    before = rows_of(storage)
    old = committed(storage).parts(ARTICLES)
    with lake_lock(storage, "test") as generation:
        edition = compact(storage, generation, TOMORROW_US)
        assert compact(storage, generation, TOMORROW_US) is None, "there is nothing left to do"
    assert edition is not None
    assert edition.counts["kept.articles"] == 20
    [path] = committed(storage).parts(ARTICLES)
    assert path == f"articles/published_date={DAY}/part-{edition.run_id}-e00001.parquet"
    assert rows_of(storage) == before
    assert all(map(storage.exists, old))
    with storage.open(path) as source, pq.ParquetFile(source) as file:
        ids = file.read(["article_id"]).column(0).to_pylist()
        column = file.metadata.row_group(0).column(0)
        assert file.metadata.metadata[b"newsbeam.schema_version"] == str(ARTICLES.version).encode()
    assert ids == sorted(ids)
    assert column.has_column_index
    assert read_edition(storage, edition.run_id) == edition
    assert not storage.exists(open_path(edition.run_id))


def test_replaced_files_go_when_their_grace_is_over_and_not_before(storage: Storage) -> None:
    lake_of(storage, 3)
    old = committed(storage).parts(ARTICLES)
    before = rows_of(storage)
    with lake_lock(storage, "test") as generation:
        assert compact(storage, generation, TOMORROW_US) is not None
        assert delete_replaced(storage, TOMORROW_US + 899_000_000, 900) == 0
        assert delete_replaced(storage, TOMORROW_US + 900_000_000, 900) == 6
        assert delete_replaced(storage, TOMORROW_US + 900_000_000, 900) == 0
    assert not any(map(storage.exists, old))
    assert rows_of(storage) == before
    assert committed(storage).replaced == frozenset()


def test_todays_partition_is_left_alone_unless_asked_for(storage: Storage) -> None:
    lake_of(storage, 3)
    with lake_lock(storage, "test") as generation:
        assert compact(storage, generation, NOON_US) is None
        assert compact(storage, generation, NOON_US, with_today=True) is not None


def test_only_crowded_partitions_are_compacted_after_a_run(storage: Storage) -> None:
    lake_of(storage, 5)
    with lake_lock(storage, "test") as generation:
        parts = [FilePart("", path, 0, 0) for table in DATA for path in committed(storage).parts(table)]
        assert compact_crowded(committed(storage), generation, NOON_US, parts, many=5) is None
        assert compact_crowded(committed(storage), generation, NOON_US, parts[:1], many=4) is not None
    held = committed(storage)
    assert [len(held.parts(table)) for table in (ARTICLES, PAGES)] == [5, 1], "only where the run has written"


def test_an_edition_that_is_killed_before_its_manifest_has_not_happened_and_is_cleaned_up(storage: Storage) -> None:
    lake_of(storage, 3)
    before, paths = rows_of(storage), list(storage.list())
    with lake_lock(storage, "test") as generation, open_edition(storage, generation, "compact", TOMORROW_US) as edition:
        part = edition.writer.write(PAGES, [page()], edition_shard(0), DAY)
        storage.put(replaced_path(edition.edition_id), b'["articles/x"]')
    assert rows_of(storage) == before
    assert committed(storage).replaced == frozenset()
    recovery = recover(storage)
    assert recovery.adopted == (), "pages of an edition are rows twice, not pages of a run that died"
    assert recovery.dead_runs == (edition.edition_id,)
    assert not storage.exists(part.path)
    storage.delete(open_path(edition.edition_id))
    assert [path for path in storage.list() if "/lock/" not in path] == paths


def test_an_edition_that_loses_a_row_is_not_committed(storage: Storage) -> None:
    with lake_lock(storage, "test") as generation, open_edition(storage, generation, "compact", NOON_US) as edition:
        part = edition.writer.write(ARTICLES, [article()], edition_shard(0), DAY)
        edition.counts.update({"replaced.articles": 2, "kept.articles": 2})
        with pytest.raises(AccountsError, match="2 rows of articles 2 are kept and 0 dropped, 0 are new, and 1 are"):
            edition.commit([part], [], NOON_US)
        edition.counts["kept.articles"] = 1
        with pytest.raises(AccountsError, match="does not add up"):
            edition.commit([part], [], NOON_US)
    assert not storage.exists(edition_path(edition.edition_id))


def test_the_rows_of_a_run_are_found_where_an_edition_has_put_them(storage: Storage) -> None:
    ids = lake_of(storage, 4)
    wanted = sorted(row["article_id"] for row in _of_run(storage, ids[2]))
    with lake_lock(storage, "test") as generation:
        compact(storage, generation, TOMORROW_US)
    assert len(wanted) == 2
    assert sorted(row["article_id"] for row in _of_run(storage, ids[2])) == wanted


def _of_run(storage: Storage, run_id: str) -> list[dict[str, object]]:
    return [row for _, rows in committed(storage).of_run(ARTICLES, run_id) for row in rows.to_pylist()]


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(1, 200), max_size=30))
def test_packed_files_are_together_no_larger_than_the_target_and_no_file_is_packed_twice(sizes: dict[str, int]) -> None:
    groups = list(packed(sizes, 100))
    assert all(len(group) > 1 and sum(sizes[path] for path in group) <= 100 for group in groups)
    paths = [path for group in groups for path in group]
    assert len(paths) == len(set(paths))
    assert not list(packed({**sizes, **dict.fromkeys(sizes, 100)}, 100)), "large files are left alone"


def test_files_much_larger_than_all_smaller_ones_together_are_not_written_anew() -> None:
    small = {f"s{number}": 10 + number for number in range(20)}
    assert of_like_size(small | {"large": 100_000}) == small
    assert of_like_size({"a": 100_000}) == {"a": 100_000}
    assert of_like_size({}) == {}


def test_run_ids_of_editions_are_told_from_those_of_runs(storage: Storage) -> None:
    lake_of(storage, 2)
    with lake_lock(storage, "test") as generation:
        edition = compact(storage, generation, TOMORROW_US)
    assert edition is not None
    held = committed(storage)
    assert held.editions == (edition.run_id,)
    assert edition.run_id not in held.runs
    assert run_of(held.parts(ARTICLES)[0]) == edition.run_id


def test_a_day_that_is_over_keeps_one_large_file_and_one_of_what_came_late(storage: Storage) -> None:
    lake_of(storage, 3)
    with lake_lock(storage, "test") as generation:
        assert compact_crowded(committed(storage), generation, NOON_US, None) is None
        assert compact_crowded(committed(storage), generation, TOMORROW_US, None) is not None
        assert [len(committed(storage).parts(table)) for table in (ARTICLES, PAGES)] == [1, 1]
        assert compact_crowded(committed(storage), generation, TOMORROW_US, None) is None


def test_small_files_of_a_day_that_is_over_become_one_however_their_sizes_differ(storage: Storage) -> None:
    lake_of(storage, 3, articles=(2, 100, 900))
    sizes = sorted(stat.size_bytes for stat in storage.stats("articles").values())
    assert sizes[1] > 2 * sizes[0]
    assert sizes[2] > 2 * sizes[1]
    with lake_lock(storage, "test") as generation:
        assert compact_crowded(committed(storage), generation, TOMORROW_US, None) is not None
    assert len(committed(storage).parts(ARTICLES)) == 1


def test_large_files_crowd_a_day_less_than_small_ones(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    lake_of(storage, 4)
    monkeypatch.setattr("transforms.lake.editions.compact.LARGE_BYTES", 1)
    with lake_lock(storage, "test") as generation:
        assert compact_crowded(committed(storage), generation, NOON_US, None, many=1) is None
        monkeypatch.setattr("transforms.lake.editions.compact.LARGE_BYTES", 1 << 30)
        assert compact_crowded(committed(storage), generation, NOON_US, None, many=1) is not None
    assert [len(committed(storage).parts(table)) for table in (ARTICLES, PAGES)] == [1, 1]


class Killed(BaseException):
    """What ends a test's process."""


def switch(storage: Storage) -> None:
    """All that changes a lake when its files are made fewer."""
    with lake_lock(storage, "test") as generation:
        recover(storage)
        delete_replaced(storage, TOMORROW_US, 0)
        compact(storage, generation, TOMORROW_US)
        delete_replaced(storage, TOMORROW_US, 0)


@pytest.mark.crash
def test_killed_before_any_operation_readers_see_each_row_once_and_the_next_switch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake_of(Storage(str(tmp_path / "lake")), 3)
    before = rows_of(Storage(str(tmp_path / "lake")))
    left = [0]

    def mortal(name: str) -> None:
        call = getattr(Storage, name)

        def operation(storage: Storage, *given: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return call(storage, *given)

        monkeypatch.setattr(Storage, name, operation)

    for name in ("put", "put_file", "put_if_absent", "delete", "sweep"):
        mortal(name)
    for at in range(1, 1_000):
        storage = Storage(str(shutil.copytree(tmp_path / "lake", tmp_path / f"killed-{at}")))
        left[0] = at
        try:
            switch(storage)
        except Killed:
            left[0] = 0
            assert rows_of(storage) == before, at
            switch(storage)
        else:
            assert at > 15, "the lock, the marker, files, the manifest, and what is deleted after it"
            return
        held = committed(storage)
        assert rows_of(storage) == before, at
        assert [len(held.parts(table)) for table in (ARTICLES, PAGES)] == [1, 1], at
        files = [path for table in DATA for path in storage.list(table.name)]
        assert sorted(files) == sorted(path for table in DATA for path in held.parts(table)), at
