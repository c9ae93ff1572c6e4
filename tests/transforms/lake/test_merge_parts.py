"""Many small parts become one; the horizon goes by the time of rows; what a feed lists is not forgotten."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.run.lost_state.rebuild_state import INDEXES, rebuild_state
from schemas.feed import FEED_CURSORS, FeedCursor
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import RunManifest, iso, new_run_id
from schemas.state import SEEN, Seen
from schemas.story import STORIES, Sketch
from tests.rows import NOON_US
from transforms.compare.copies.stored.key_filter import Wanted
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.stories.story_history import StoryHistory
from transforms.lake import state
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed, committed_runs
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import DamagedPartError, Storage
from transforms.lake.merged.merge_parts import SEEN_FOR_DAYS, merge_parts
from transforms.lake.state import seen_index, state_before, tidy_state

DAY_US = 86_400_000_000
DAYS = 64
LAST_US = NOON_US + (DAYS - 1) * DAY_US


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def commit(storage: Storage, day: int) -> str:
    run_id, at = new_run_id(NOON_US + day * DAY_US, None), iso(NOON_US)
    storage.put(manifest_path(run_id), RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, ()).to_json())
    return run_id


def fingerprint(day: int, n: int = 0, revision: int = 1) -> Fingerprint:
    name = f"{day:016x}{n:016x}"
    at = NOON_US + day * DAY_US
    keys, shingles = b"\1" * 8, b"\2" * 8
    return Fingerprint(name, name, "", "a.example", None, at, "2026-03-02", name, revision, None, 9, keys, shingles)


def sketch(day: int) -> Sketch:
    at = NOON_US + day * DAY_US
    name = f"{day:032x}"
    term = b"\1\0\0\0", b"\1", b"\1"
    return Sketch(name, name, "2026-03-02", "en", NOON_US, 9, 1, *term, b"", story_id=name, fetched_at_us=at)


def lake_of_daily_runs(storage: Storage) -> str:
    for day in range(DAYS):
        run_id = commit(storage, day)
        writer = PartWriter(storage, run_id)
        writer.write(FINGERPRINTS, [fingerprint(day)], "00000")
        writer.write(STORIES, [sketch(day)], "00000")
    return run_id


def in_view(storage: Storage, days: int) -> tuple[set[int], set[int]]:
    """The days of the fingerprints and of the stories that a run on the last day sees."""
    state = state_before(storage, (), LAST_US - days * DAY_US)
    ids = [f"{day:016x}{0:016x}" for day in range(DAYS)]
    history = StoredHistory(state.reader, state.parts.fingerprints, LAST_US - days * DAY_US)
    told = StoryHistory(state.reader, state.parts.stories, LAST_US - days * DAY_US)
    return (
        {int(one.article_id[:16], 16) for one in history.by_article(ids)},
        {
            int(one.article_id, 16)
            for piece in told.recent("en", 0, LAST_US).pieces
            for one in piece.index.sketches(np.flatnonzero(piece.flags))
        },
    )


def test_merging_leaves_the_horizon_as_it_was_for_copies_and_stories(storage: Storage) -> None:
    run_id = lake_of_daily_runs(storage)
    last_thirty_days = set(range(DAYS - 31, DAYS))
    assert in_view(storage, 30) == (last_thirty_days, last_thirty_days)
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    assert len(committed(storage).parts(FINGERPRINTS)) == 1
    assert in_view(storage, 30) == (last_thirty_days, last_thirty_days)
    assert in_view(storage, 1_000) == (set(range(DAYS)), set(range(DAYS)))


def test_a_scan_of_a_merged_part_gives_no_keys_from_beyond_the_horizon(storage: Storage) -> None:
    run_id = lake_of_daily_runs(storage)
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    [part] = committed(storage).parts(FINGERPRINTS)
    everything = Wanted(np.frombuffer(b"\1" * 8, dtype="<u8"))
    history = StoredHistory(PartReader(storage), (part,), LAST_US - 30 * DAY_US)
    found = [one for postings in history.sharing(part, everything) for one in postings.article_ids]
    assert sorted(int(one[:16], 16) for one in found) == list(range(DAYS - 31, DAYS))


def test_a_merged_part_has_its_tables_order_row_groups_and_bloom_filter_and_a_note_with_its_checksum(
    storage: Storage, tmp_path: Path
) -> None:
    for day in range(3):
        rows = [fingerprint(day, n) for n in range(400)]
        PartWriter(storage, commit(storage, day)).write(FINGERPRINTS, rows, "00000")
    parts = committed(storage).parts(FINGERPRINTS)
    merged = merge_parts(storage, FINGERPRINTS, parts, committed_runs(storage)[-1])
    file = pq.ParquetFile(tmp_path / merged.path)
    groups = [file.metadata.row_group(n) for n in range(file.num_row_groups)]
    assert [group.num_rows for group in groups] == [500, 500, 200]
    assert all(group.column(1).bloom_filter_offset is not None for group in groups)
    for n in range(len(groups)):
        ids = file.read_row_group(n, ["article_id"]).column(0).to_pylist()
        assert ids == sorted(ids)
    assert check_state(committed(storage), thoroughly=True).damaged == ()
    data = bytearray((tmp_path / merged.path).read_bytes())
    data[100] ^= 1
    (tmp_path / merged.path).write_bytes(data)
    assert [damage.path for damage in check_state(committed(storage)).damaged] == [merged.path]


@pytest.mark.parametrize("step", [0, 1, 2, 30, 127])
def test_a_merge_that_is_killed_anywhere_loses_no_row(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    run_id = lake_of_daily_runs(storage)
    everything = in_view(storage, 1_000)
    puts, deletes, left = Storage.put_file, Storage.delete, iter(range(step, -1, -1))

    class Killed(BaseException):
        pass

    def put_file(self: Storage, path: str, source: IO[bytes]) -> None:
        if next(left) == 0:
            raise Killed
        puts(self, path, source)

    def delete(self: Storage, path: str) -> None:
        if next(left) == 0:
            raise Killed
        deletes(self, path)

    monkeypatch.setattr(Storage, "put_file", put_file)
    monkeypatch.setattr(Storage, "delete", delete)
    with pytest.raises(Killed):
        tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    monkeypatch.undo()
    assert in_view(storage, 1_000) == everything
    assert check_state(committed(storage), thoroughly=True).damaged == ()
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    assert in_view(storage, 1_000) == everything


def remembered(storage: Storage) -> set[str]:
    keys = [letter * 32 for letter in "abcdef"]
    return {key[0] for key in state_before(storage).seen(keys)}


def test_an_entry_is_forgotten_only_when_no_feed_has_listed_it_for_long(storage: Storage) -> None:
    now_us = NOON_US + (SEEN_FOR_DAYS + DAYS) * DAY_US
    old, new = NOON_US - DAY_US, now_us - 5 * DAY_US
    rows = [
        Seen("a" * 32, None, old),
        Seen("b" * 32, None, old, listed_at_us=new),
        Seen("c" * 32, None, old),
        Seen("d" * 32, None, new),
    ]
    for day in range(DAYS):
        run_id = commit(storage, SEEN_FOR_DAYS + day)
        PartWriter(storage, run_id).write(SEEN, rows if day == 0 else [Seen("e" * 32, None, new)], "00000")
    cursor = FeedCursor("https://example.org/feed", listing=bytes.fromhex("c" * 8), error_count=99)
    PartWriter(storage, run_id).write(FEED_CURSORS, [cursor], "00000")
    tidy_state(committed(storage), run_id, indexes=INDEXES)
    assert remembered(storage) == set("abcde"), "nothing is forgotten without the time"
    for day in range(DAYS):
        later = commit(storage, SEEN_FOR_DAYS + DAYS + day)
        PartWriter(storage, later).write(SEEN, [Seen("f" * 32, None, new)], "00000")
    tidy_state(committed(storage), later, now_us + 10_000 * DAY_US, INDEXES)
    assert remembered(storage) == set("bcdef"), "a wrong clock in one run forgets nothing that is needed"
    assert len(committed(storage).parts(SEEN)) == 1


@settings(max_examples=20)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=8), min_size=1, max_size=8), st.data()
)
def test_what_was_seen_is_the_latest_of_all_parts_however_they_are_merged(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    storage = Storage(str(tmp_path_factory.mktemp("lake")))
    latest: dict[str, Seen] = {}
    for day, rows in enumerate(runs):
        at_us = NOON_US + day * DAY_US
        made = [Seen(f"{key:032x}", None, at_us, at_us + later * DAY_US) for key, later in rows]
        for one in made:
            known = latest.get(one.url_key, one)
            latest[one.url_key] = max(known, one, key=attrgetter("seen_at_us", "last_listed_us"))
        run_id = commit(storage, day)
        PartWriter(storage, run_id).write(SEEN, made, "00000")
        if data.draw(st.booleans()):
            parts = committed(storage).parts(SEEN)
            first = data.draw(st.integers(0, len(parts) - 1))
            merge_parts(storage, SEEN, parts[first:], run_id, index=seen_index)
    wanted = data.draw(st.lists(st.integers(0, 40)))
    expected = {key: latest[key] for key in (f"{one:032x}" for one in wanted) if key in latest}
    assert state_before(storage).seen([f"{one:032x}" for one in wanted]) == expected


def indexes(storage: Storage) -> list[str]:
    return [path for path in storage.list("_state") if path.endswith(".index")]


def test_parts_that_were_merged_without_an_index_get_one_each_run_and_answer_as_before(storage: Storage) -> None:
    run_id = lake_of_daily_runs(storage)
    tidy_state(committed(storage), run_id, LAST_US)
    assert indexes(storage) == []
    before = in_view(storage, 30)
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    assert [path.split("/")[1] for path in indexes(storage)] == ["fingerprints", "stories"]
    assert in_view(storage, 30) == before
    assert check_state(committed(storage), thoroughly=True).damaged == ()


@pytest.mark.parametrize("thoroughly", [False, True])
@pytest.mark.parametrize("damage", ["gone", "cut short", "a flipped bit", "garbled"])
def test_a_damaged_index_is_found_and_made_anew(
    storage: Storage, tmp_path: Path, damage: str, thoroughly: bool
) -> None:
    run_id = lake_of_daily_runs(storage)
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    [path] = [path for path in indexes(storage) if "fingerprints" in path]
    whole, before = storage.get(path), in_view(storage, 30)
    assert check_state(committed(storage)).damaged == ()
    spoilt = {"cut short": whole[:-9], "a flipped bit": whole[:-70] + b"\2" + whole[-69:], "garbled": b"no index"}
    if damage == "gone":
        storage.delete(path)
    else:
        assert spoilt[damage] != whole
        storage.put(path, spoilt[damage])
    check = check_state(committed(storage), thoroughly=thoroughly)
    assert [one.path for one in check.damaged] == [path]
    assert [one.cost for one in rebuild_state(storage, check, LAST_US)] == ["made anew from its part"]
    assert storage.get(path) == whole
    assert in_view(storage, 30) == before
    assert check_state(committed(storage), thoroughly=True).damaged == ()


def test_a_look_up_in_an_index_that_lost_its_header_is_one_line(storage: Storage) -> None:
    run_id = lake_of_daily_runs(storage)
    tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    for path in indexes(storage):
        storage.put(path, b"no index")
    with pytest.raises(DamagedPartError, match=r"merged\.index is damaged \(.*\); run: newsbeam repair"):
        in_view(storage, 30)


def test_a_lake_of_many_runs_has_few_parts_and_forgets_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "TIDY_AT", 2)
    for day in range(DAYS):
        run_id = commit(storage, day)
        writer = PartWriter(storage, run_id)
        writer.write(FINGERPRINTS, [fingerprint(day)], "00000")
        writer.write(STORIES, [sketch(day)], "00000")
        tidy_state(committed(storage), run_id, LAST_US, INDEXES)
    assert len(committed(storage).parts(FINGERPRINTS)) <= 8
    assert in_view(storage, 1_000) == (set(range(DAYS)), set(range(DAYS)))
    assert check_state(committed(storage), thoroughly=True).damaged == ()
    assert len(indexes(storage)) == sum(
        path.endswith("merged.parquet") for table in (FINGERPRINTS, STORIES) for path in committed(storage).parts(table)
    )
