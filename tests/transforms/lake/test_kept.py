"""What a process keeps of files is bounded, goes by last use, and is never more than what the files say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from schemas.fingerprint import FINGERPRINTS
from schemas.run import RunManifest, iso, new_run_id
from schemas.state import SEEN, Seen
from tests.transforms.compare.copies.texts import NOON_US, fingerprint, story
from transforms.compare.copies.stored.key_filter import Wanted
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files import check_parts
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.kept import KEPT, Kept

RUN = new_run_id(NOON_US, None)


class Made:
    """Makes arrays of 100 bytes, and counts them."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> np.ndarray:  # type: ignore[type-arg]
        self.times += 1
        return np.zeros(100, np.uint8)

    def pieces(self) -> Iterator[np.ndarray]:  # type: ignore[type-arg]
        yield from (self() for _ in range(3))


def test_nothing_is_kept_without_room() -> None:
    kept, made = Kept(), Made()
    for _ in range(2):
        kept.get("lake", "a", "kind", made)
    assert (made.times, kept.nbytes) == (2, 0)


def test_what_was_not_used_for_the_longest_time_goes_first_and_the_limit_holds() -> None:
    kept, made = Kept(250), Made()
    for path in ("a", "b", "a", "c"):  # "b" has to go
        kept.get("lake", path, "kind", made)
        assert kept.nbytes <= 250
    assert made.times == 3
    kept.get("lake", "a", "kind", made)
    assert made.times == 3
    kept.get("lake", "b", "kind", made)
    assert made.times == 4


def test_lakes_files_and_kinds_are_told_apart_and_a_file_is_forgotten_with_all_its_kinds() -> None:
    kept, made = Kept(1_000), Made()
    for lake, path, kind in (("x", "a", "1"), ("x", "a", "2"), ("x", "b", "1"), ("y", "a", "1")):
        kept.get(lake, path, kind, made)
    kept.forget("x", "a")
    assert (made.times, kept.nbytes) == (4, 200)
    kept.get("y", "a", "1", made)
    assert made.times == 4


def test_what_is_too_large_is_given_and_not_kept_and_does_not_push_others_out() -> None:
    kept, made = Kept(250), Made()
    kept.get("lake", "small", "kind", made)
    assert [one.nbytes for one in kept.pieces("lake", "large", "kind", made.pieces)] == [100, 100, 100]
    assert kept.nbytes == 100
    kept.get("lake", "small", "kind", made)
    assert made.times == 4


def test_pieces_that_have_room_are_made_once() -> None:
    kept, made = Kept(300), Made()
    assert next(kept.pieces("lake", "a", "kind", made.pieces)).nbytes == 100
    assert kept.nbytes == 0, "whoever stops early has not seen all of them"
    for _ in range(2):
        assert len(list(kept.pieces("lake", "a", "kind", made.pieces))) == 3
    assert (made.times, kept.nbytes) == (4, 300)


def test_an_error_is_raised_and_the_next_call_tries_again() -> None:
    kept, made = Kept(300), Made()
    with pytest.raises(ZeroDivisionError):
        kept.get("lake", "a", "kind", lambda: np.zeros(1 // 0))
    assert kept.get("lake", "a", "kind", made).nbytes == 100


def test_a_smaller_limit_makes_room_at_once() -> None:
    kept, made = Kept(300), Made()
    for path in "abc":
        kept.get("lake", path, "kind", made)
    kept.resize(150)
    assert kept.nbytes == 100
    kept.resize(0)
    assert kept.nbytes == 0


def test_threads_that_ask_at_once_leave_the_sum_right() -> None:
    kept, made = Kept(450), Made()

    def ask(seed: int) -> None:
        for number in np.random.default_rng(seed).integers(0, 9, 500).tolist():
            kept.get("lake", str(number), "kind", made)
            if number == 8:
                kept.forget("lake", "7")

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.nbytes == sum(value.nbytes for value in kept._values.values()) <= 450


@pytest.fixture
def room() -> Iterator[None]:
    KEPT.resize(1 << 20)
    yield
    KEPT.resize(0)


def commit(storage: Storage, *parts: object) -> None:
    at = iso(NOON_US)
    storage.put(manifest_path(RUN), RunManifest(RUN, "ingest", at, at, {}, {}, {}, {}, parts).to_json())  # type: ignore[arg-type]


@pytest.mark.usefixtures("room")
def test_stored_fingerprints_are_read_once_and_answer_as_before(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    old = [fingerprint(f"a{number:04}", story(number, 60)) for number in range(20)]
    part = PartWriter(storage, RUN).write(FINGERPRINTS, old, "00000")
    everything = Wanted(np.concatenate([np.frombuffer(one.keys, "<u8") for one in old]))

    def scanned(since_us: int = 0) -> list[str]:
        history = StoredHistory(PartReader(storage), (part.path,), since_us)
        return sorted(one for postings in history.sharing(part.path, everything) for one in postings.article_ids)

    before = scanned()
    assert before == [one.article_id for one in old]
    (tmp_path / part.path).unlink()
    assert scanned() == before
    assert scanned(since_us=max(one.fetched_at_us for one in old) + 1) == []
    KEPT.forget(storage.address, part.path)
    with pytest.raises(Exception, match="is missing"):
        scanned()


@pytest.mark.usefixtures("room")
def test_a_sound_part_is_read_once_and_damage_is_found_at_first_sight_and_when_the_file_was_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(str(tmp_path))
    seen = PartWriter(storage, RUN).write(SEEN, [Seen(f"{n:032x}", None, NOON_US) for n in range(50)], "00000")
    commit(storage, seen)
    read: list[int] = []
    whole = check_parts.checksum_of

    def counted(data: object) -> str:
        read.append(1)
        return whole(data)

    monkeypatch.setattr(check_parts, "checksum_of", counted)
    for _ in range(3):
        assert check_state(committed(storage)).damaged == ()
    assert len(read) == 1
    check_state(committed(storage), thoroughly=True)
    assert len(read) == 2
    KEPT.get(storage.address, seen.path, "kind", Made())
    data = bytearray((tmp_path / seen.path).read_bytes())
    data[100] ^= 1
    (tmp_path / seen.path).write_bytes(data)
    for _ in range(2):
        assert [one.why for one in check_state(committed(storage)).damaged] == ["its checksum is another"]
        assert KEPT.nbytes == 0
