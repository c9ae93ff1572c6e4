"""Many small parts become one; the horizon goes by the time of rows; what a feed lists is not forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np
import pyarrow.parquet as pq
import pytest

from schemas.feed import FEED_CURSORS, FeedCursor
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import RunManifest, iso, new_run_id
from schemas.state import SEEN, Seen
from schemas.story import STORIES, Sketch
from tests.rows import NOON_US
from transforms.compare.copies.stored.key_filter import filter_of, opened
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.stories.story_history import StoryHistory
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed, committed_runs
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.merge_parts import SEEN_FOR_DAYS, merge_parts
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.state import TIDY_AT, state_before, tidy_state

DAY_US = 86_400_000_000
LAST_US = NOON_US + (TIDY_AT - 1) * DAY_US


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
    for day in range(TIDY_AT):
        run_id = commit(storage, day)
        writer = PartWriter(storage, run_id)
        writer.write(FINGERPRINTS, [fingerprint(day)], "00000")
        writer.write(STORIES, [sketch(day)], "00000")
    return run_id


def in_view(storage: Storage, days: int) -> tuple[set[int], set[int]]:
    """The days of the fingerprints and of the stories that a run on the last day sees."""
    state = state_before(storage, (), LAST_US - days * DAY_US)
    ids = [f"{day:016x}{0:016x}" for day in range(TIDY_AT)]
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
    last_thirty_days = set(range(TIDY_AT - 31, TIDY_AT))
    assert in_view(storage, 30) == (last_thirty_days, last_thirty_days)
    tidy_state(storage, run_id, LAST_US)
    assert len(committed(storage).parts(FINGERPRINTS)) == 1
    assert in_view(storage, 30) == (last_thirty_days, last_thirty_days)
    assert in_view(storage, 1_000) == (set(range(TIDY_AT)), set(range(TIDY_AT)))


def test_a_scan_of_a_merged_part_gives_no_keys_from_beyond_the_horizon(storage: Storage) -> None:
    tidy_state(storage, lake_of_daily_runs(storage), LAST_US)
    [part] = committed(storage).parts(FINGERPRINTS)
    everything = opened(filter_of(np.frombuffer(b"\1" * 8, dtype="<u8")))
    history = StoredHistory(PartReader(storage), (part,), LAST_US - 30 * DAY_US)
    found = [one for postings in history.scan(part, everything) for one in postings.article_ids]
    assert sorted(int(one[:16], 16) for one in found) == list(range(TIDY_AT - 31, TIDY_AT))


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
    assert check_state(storage, thoroughly=True).damaged == ()
    data = bytearray((tmp_path / merged.path).read_bytes())
    data[100] ^= 1
    (tmp_path / merged.path).write_bytes(data)
    assert [damage.path for damage in check_state(storage).damaged] == [merged.path]


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
        tidy_state(storage, run_id, LAST_US)
    monkeypatch.undo()
    assert in_view(storage, 1_000) == everything
    assert check_state(storage, thoroughly=True).damaged == ()
    tidy_state(storage, run_id, LAST_US)
    assert in_view(storage, 1_000) == everything


def remembered(storage: Storage) -> set[str]:
    keys = [letter * 32 for letter in "abcdef"]
    return {key[0] for key in state_before(storage).seen(keys)}


def test_an_entry_is_forgotten_only_when_no_feed_has_listed_it_for_long(storage: Storage) -> None:
    now_us = NOON_US + (SEEN_FOR_DAYS + TIDY_AT) * DAY_US
    old, new = NOON_US - DAY_US, now_us - 5 * DAY_US
    rows = [
        Seen("a" * 32, None, old),
        Seen("b" * 32, None, old, listed_at_us=new),
        Seen("c" * 32, None, old),
        Seen("d" * 32, None, new),
    ]
    for day in range(TIDY_AT):
        run_id = commit(storage, SEEN_FOR_DAYS + day)
        PartWriter(storage, run_id).write(SEEN, rows if day == 0 else [Seen("e" * 32, None, new)], "00000")
    cursor = FeedCursor("https://example.org/feed", listing=bytes.fromhex("c" * 8), error_count=99)
    PartWriter(storage, run_id).write(FEED_CURSORS, [cursor], "00000")
    tidy_state(storage, run_id)
    assert remembered(storage) == set("abcde"), "nothing is forgotten without the time"
    for day in range(TIDY_AT):
        later = commit(storage, SEEN_FOR_DAYS + TIDY_AT + day)
        PartWriter(storage, later).write(SEEN, [Seen("f" * 32, None, new)], "00000")
    tidy_state(storage, later, now_us + 10_000 * DAY_US)
    assert remembered(storage) == set("bcdef"), "a wrong clock in one run forgets nothing that is needed"
    assert len(committed(storage).parts(SEEN)) == 1
