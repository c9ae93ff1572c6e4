"""The lock in an object store: few requests, and a straggler finds out all the same. On a disk nothing differs."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from obstore.store import MemoryStore

from transforms.lake.files import lock
from transforms.lake.files.layout import LOCKS, lock_path
from transforms.lake.files.lock import (
    LEASE_S,
    LakeGoneError,
    LakeLockedError,
    LockLostError,
    check_lock,
    lake_lock,
)
from transforms.lake.files.storage import Stat, Storage, StorageError

HOUR = timedelta(hours=1)


class Counting(Storage):
    """A lake in an object store in memory, that counts what it is asked and may be some hours old."""

    def __init__(self) -> None:
        super().__init__("memory://lake")
        self._store = MemoryStore()
        self.asked: Counter[str] = Counter()
        self.aged: dict[str, timedelta] = {}

    def stats(self, prefix: str = "", after: str = "") -> dict[str, Stat]:
        self.asked["list"] += 1
        found = super().stats(prefix, after)
        return {
            path: stat._replace(written_at=stat.written_at - self.aged.get(path, timedelta()))
            for path, stat in found.items()
        }

    def exists(self, path: str) -> bool:
        self.asked["head"] += 1
        return super().exists(path)

    def get(self, path: str) -> bytes:
        self.asked["get"] += 1
        return super().get(path)


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setattr(lock, "_RENEWED", {})
    return Counting()


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this process knows of no lock."""
    monkeypatch.setattr(lock, "_RENEWED", {})


def test_a_write_asks_one_question_and_a_process_lists_once_in_half_a_lease(
    storage: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lake_lock(storage, "run") as generation:
        storage.asked.clear()
        for _ in range(10):
            check_lock(storage, generation)
        assert storage.asked == {"head": 10}
        another_process(monkeypatch)
        storage.asked.clear()
        for _ in range(10):
            check_lock(storage, generation)
        assert storage.asked == {"list": 1, "get": 1, "head": 9}
        storage.asked.clear()
        check_lock(storage, generation, thoroughly=True)
        assert storage.asked == {"list": 1, "get": 1}


def test_a_straggler_finds_out_at_its_next_write_though_others_have_come_and_gone(
    storage: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its successor's lock had been deleted with its own, the next number would be free."""
    with lake_lock(storage, "straggler") as generation:
        check_lock(storage, generation)
    for run in ("heir", "grandchild", "newest"):
        monkeypatch.setattr(lock, "_RENEWED", {})
        with lake_lock(storage, run):
            pass
    monkeypatch.setattr(lock, "_RENEWED", {"memory://lake": (generation, time.time())})
    storage.asked.clear()
    with pytest.raises(LockLostError):
        check_lock(storage, generation)
    assert storage.asked == {"head": 1}


def test_a_lock_stays_for_an_hour_after_it_was_followed(storage: Counting) -> None:
    for run in ("a", "b", "c", "d"):
        with lake_lock(storage, run):
            pass
    assert list(storage.list(LOCKS)) == [lock_path(number) for number in (1, 2, 3, 4)]
    storage.aged = {lock_path(1): 3 * HOUR, lock_path(2): 2 * HOUR, lock_path(3): HOUR / 2}
    with lake_lock(storage, "e"):
        assert list(storage.list(LOCKS)) == [lock_path(number) for number in (2, 3, 4, 5)]


def test_a_renewal_that_is_too_old_is_not_trusted(storage: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    with lake_lock(storage, "run") as generation:
        for age_s, asked in ((LEASE_S / 2 - 1, {"head": 1}), (LEASE_S / 2 + 1, {"list": 1, "get": 1})):
            monkeypatch.setattr(lock, "_RENEWED", {storage.root: (generation, time.time() - age_s)})
            storage.asked.clear()
            check_lock(storage, generation)
            assert storage.asked == asked
        for other in (generation - 1, generation + 1):
            monkeypatch.setattr(lock, "_RENEWED", {storage.root: (other, time.time())})
            storage.asked.clear()
            check_lock(storage, generation)
            assert storage.asked == {"list": 1, "get": 1}


def test_a_lake_that_was_deleted_is_missed_at_the_commit(storage: Counting) -> None:
    with lake_lock(storage, "run") as generation:
        storage.delete(lock_path(generation))
        check_lock(storage, generation)
        with pytest.raises(LakeGoneError):
            check_lock(storage, generation, thoroughly=True)


def test_a_released_lock_is_not_known_as_fresh(storage: Counting) -> None:
    with lake_lock(storage, "run") as generation:
        pass
    storage.asked.clear()
    check_lock(storage, generation)
    assert storage.asked["list"] == 1


class Forgetful(Counting):
    """A store that puts an object whether there is one or not."""

    def put_if_absent(self, path: str, data: bytes) -> bool:
        self.put(path, data)
        return True


def test_a_store_that_ignores_the_condition_is_refused_and_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_RENEWED", {})
    storage = Forgetful()
    with pytest.raises(StorageError, match="knows no conditional put"), lake_lock(storage, "run"):
        pass
    assert list(storage.list()) == []


class AnswerLost(Counting):
    """A store whose first answer is lost, so that the request is made twice."""

    def put_if_absent(self, path: str, data: bytes) -> bool:
        super().put_if_absent(path, data)
        return super().put_if_absent(path, data)


def test_a_run_whose_request_was_repeated_has_the_lock_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_RENEWED", {})
    storage = AnswerLost()
    with lake_lock(storage, "run") as generation:
        assert generation == 1
    other: dict[str, Any] = json.loads(storage.get(lock_path(1))) | {"run_id": "other", "renewed_s": time.time()}
    storage.put(lock_path(2), json.dumps(other | {"host": "elsewhere", "released": False}).encode())
    with pytest.raises(LakeLockedError, match="other"), lake_lock(storage, "late"):
        pass
