"""Storage is atomic, and the lock lets one writer in, whatever became of the last."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.state import SEEN
from transforms.lake.files import holder as holders
from transforms.lake.files import lock
from transforms.lake.files.layout import LOCKS, lock_path
from transforms.lake.files.lock import (
    LEASE_S,
    LakeGoneError,
    LakeLockedError,
    LockLostError,
    check_lock,
    clear_gone,
    is_gone,
    lake_lock,
)
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage, StorageError


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "lake"))


def test_what_was_put_is_got_listed_and_deleted(storage: Storage) -> None:
    storage.put("a/b=1/x.parquet", b"1")
    storage.put("a/b=1/x.parquet", b"2")
    assert storage.get("a/b=1/x.parquet") == b"2"
    assert list(storage.list("a")) == ["a/b=1/x.parquet"]
    storage.delete("a/b=1/x.parquet")
    storage.delete("a/b=1/x.parquet")
    assert not storage.exists("a/b=1/x.parquet")
    with pytest.raises(FileNotFoundError):
        storage.get("a/b=1/x.parquet")


def test_what_sorts_behind_a_path_can_be_listed_alone(storage: Storage) -> None:
    for path in ("runs/1.json", "runs/2.json", "runs/3.json", "articles/9"):
        storage.put(path, b"1")
    assert set(storage.stats("runs", after="runs/2")) == {"runs/2.json", "runs/3.json"}
    assert not storage.stats("runs", after="runs/4")


def test_only_the_first_put_if_absent_wins(storage: Storage) -> None:
    assert storage.put_if_absent("lock", b"mine")
    assert not storage.put_if_absent("lock", b"yours")
    assert storage.get("lock") == b"mine"


def test_sweeping_removes_what_a_killed_put_left_and_empty_folders(storage: Storage, tmp_path: Path) -> None:
    run, folder = "20260302T080000.000000Z", "pages/fetch_date=2026-03-02"
    storage.put(f"{folder}/part-{run}-00000-0000.parquet", b"1")
    left = [
        f"{folder}/part-{run}-00000-0001.parquet#1",
        f"runs/{run}.json#2",
        f"_state/seen/part-{run}-00000.parquet#1",
    ]
    left += ["articles/_common_metadata#1", f"_state/damaged/{folder}/part-{run}-00000.parquet#1"]
    left += ["_state/lock/0000000007.json#1", f"_state/open/{run}.json#1", f"_state/seen/part-{run}-merged.json#3"]
    for path in left:
        (tmp_path / "lake" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lake" / path).write_bytes(b"half")
    (tmp_path / "lake/articles/published_date=2026-03-02").mkdir(parents=True)
    storage.sweep()
    assert [path for path in left if (tmp_path / "lake" / path).exists()] == []
    assert [path.name for path in (tmp_path / "lake/pages").rglob("*.parquet")] == [f"part-{run}-00000-0000.parquet"]
    assert not (tmp_path / "lake/articles").exists()


def test_storage_pickles_without_its_connection(storage: Storage) -> None:
    storage.put("x", b"1")
    assert pickle.loads(pickle.dumps(storage)).get("x") == b"1"


def test_a_second_writer_is_refused_and_told_who_writes(storage: Storage) -> None:
    with lake_lock(storage, "first"):
        refused = pytest.raises(LakeLockedError, match="newsbeam first is writing")
        with refused, lake_lock(storage, "second"):
            pass
    with lake_lock(storage, "third") as generation:
        assert generation == 2


def test_the_lock_of_a_killed_process_is_taken_over_at_once(storage: Storage) -> None:
    code = (
        "import sys, time\n"
        "from transforms.lake.files.lock import lake_lock\n"
        "from transforms.lake.files.storage import Storage\n"
        "with lake_lock(Storage(sys.argv[1]), 'dead'): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, storage.root], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LakeLockedError), lake_lock(storage, "early"):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with lake_lock(storage, "heir") as generation:
        assert generation == 2
        assert list(storage.list(LOCKS)) == [f"{LOCKS}/0000000002.json"]


def test_where_other_processes_are_hidden_the_lease_decides(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``hidepid``, a living holder of another user looks like no process at all."""
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path != Path("/proc/1") and exists(path))
    monkeypatch.setattr(holders, "_birth_of", lambda pid: None if pid != os.getpid() else "1")
    holder = {"run_id": "hidden", "host": holders.this_host(), "pid": 999_999, "birth": "1", "renewed_s": time.time()}
    storage.put(f"{LOCKS}/0000000001.json", json.dumps(holder).encode())
    with pytest.raises(LakeLockedError, match="hidden"), lake_lock(storage, "other"):
        pass


@pytest.mark.parametrize(("silent_s", "is_taken"), [(LEASE_S / 2, False), (LEASE_S * 2, True)])
def test_a_holder_on_another_host_is_followed_when_its_lease_has_run_out(
    storage: Storage, silent_s: float, is_taken: bool
) -> None:
    holder = {"run_id": "far", "host": "elsewhere", "pid": 1, "birth": "1", "renewed_s": time.time() - silent_s}
    storage.put(f"{LOCKS}/0000000007.json", json.dumps(holder).encode())
    if is_taken:
        with lake_lock(storage, "near") as generation:
            assert generation == 8
    else:
        with pytest.raises(LakeLockedError, match="far"), lake_lock(storage, "near"):
            pass


def test_a_run_that_was_taken_over_may_not_commit(storage: Storage) -> None:
    with lake_lock(storage, "slow") as generation:
        check_lock(storage, generation)
        storage.put(f"{LOCKS}/{generation + 1:010d}.json", b"{}")
        with pytest.raises(LockLostError):
            check_lock(storage, generation)
        with pytest.raises(LockLostError):
            PartWriter(storage, "slow", generation).write(SEEN, [], "00000")
    assert not list(storage.list("_state/seen"))


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b"null", b'{"run_id": 1}', b"\xff\xfe", b'{"pid": "x"}'])
def test_a_garbled_lock_is_followed(storage: Storage, garbage: bytes) -> None:
    storage.put(f"{LOCKS}/0000000003.json", garbage)
    with lake_lock(storage, "heir") as generation:
        assert generation == 4


def test_a_lock_of_a_later_version_and_files_of_others_beside_it_are_understood(storage: Storage) -> None:
    for name in (".DS_Store", "notes.json", "0000000009.json.bak", "0000.json"):
        storage.put(f"{LOCKS}/{name}", b"x")
    holder = {"run_id": "far", "host": "elsewhere", "pid": 1, "birth": "1", "renewed_s": time.time(), "later": [1]}
    storage.put(f"{LOCKS}/0000000007.json", json.dumps(holder).encode())
    with pytest.raises(LakeLockedError, match="far"), lake_lock(storage, "near"):
        pass
    storage.put(f"{LOCKS}/0000000007.json", json.dumps(holder | {"released": True}).encode())
    with lake_lock(storage, "near") as generation:
        assert generation == 8
    assert len(list(storage.list(LOCKS))) == 5, "files of others stay"


@pytest.mark.parametrize("lives", [False, True])
def test_a_lease_dated_in_the_future_holds_only_while_it_changes(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, lives: bool
) -> None:
    monkeypatch.setattr(lock, "LEASE_S", 2.0)
    path = f"{LOCKS}/0000000001.json"
    holder = {"run_id": "ahead", "host": "elsewhere", "pid": 1, "birth": "1", "renewed_s": time.time() + 10_800}
    storage.put(path, json.dumps(holder).encode())
    later = json.dumps(holder | {"renewed_s": holder["renewed_s"] + 0.5}).encode()
    renewal = threading.Timer(0.4, storage.put, (path, later)) if lives else threading.Timer(0.0, lambda: None)
    renewal.start()
    try:
        if lives:
            with pytest.raises(LakeLockedError, match="ahead"), lake_lock(storage, "near"):
                pass
        else:
            with lake_lock(storage, "near") as generation:
                assert generation == 2
    finally:
        renewal.join()


class Failing(Storage):
    """A storage whose writes fail while `fails` is set, and are counted."""

    fails = False
    failures = 0

    def put(self, path: str, data: bytes) -> None:
        if self.fails:
            self.failures += 1
            raise StorageError(f"cannot write {path}: No space left on device")
        Storage.put(self, path, data)


def await_true(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def test_one_failed_renewal_does_not_end_the_lease_and_many_lose_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LEASE_S", 2.0)
    storage = Failing(str(tmp_path / "lake"))

    def renewed_s() -> float:
        return float(json.loads(storage.get(lock_path(generation)))["renewed_s"])

    with lake_lock(storage, "slow") as generation:
        first_s = renewed_s()
        storage.fails = True
        await_true(lambda: storage.failures > 0)
        check_lock(storage, generation)
        storage.fails = False
        await_true(lambda: renewed_s() > first_s)
        storage.fails = True
        time.sleep(2.6)  # a lease and what is between two renewals
        with pytest.raises(LockLostError, match="could not be renewed"):
            check_lock(storage, generation)


def test_a_lake_that_is_deleted_under_its_run_is_told_so_and_not_made_anew(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LEASE_S", 0.4)
    with lake_lock(storage, "run") as generation:
        shutil.rmtree(tmp_path / "lake")
        with pytest.raises(LakeGoneError, match="was deleted while the run was writing to it"):
            PartWriter(storage, "run", generation).write(SEEN, [], "00000")
        worker = pickle.loads(pickle.dumps(storage))
        with pytest.raises(LakeGoneError):
            check_lock(worker, generation)
        time.sleep(0.3)
        assert is_gone(storage)
    assert not (tmp_path / "lake").exists()


def test_what_a_run_wrote_into_a_lake_that_was_deleted_meanwhile_goes_and_nothing_else(
    storage: Storage, tmp_path: Path
) -> None:
    """A write that is under way while the lake is deleted makes its folders anew."""
    run_id = "20260302T080000.000000Z"
    PartWriter(storage, run_id).write(SEEN, [], "00000")
    clear_gone(storage, run_id)
    assert not (tmp_path / "lake").exists()
    clear_gone(storage, run_id)

    PartWriter(storage, run_id).write(SEEN, [], "00000")
    other = PartWriter(storage, "20260302T090000.000000Z").write(SEEN, [], "00000")
    (tmp_path / "lake" / "notes.txt").write_text("mine")
    clear_gone(storage, run_id)
    left = [path.relative_to(tmp_path / "lake").as_posix() for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    assert sorted(left) == sorted([other.path, "notes.txt"])


def test_trouble_with_the_place_is_one_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "lake").write_bytes(b"a file")
    with pytest.raises(StorageError, match=r"^cannot list _state/lock in the lake at .*: [^\n]+$"):
        list(Storage(str(tmp_path / "lake")).list(LOCKS))
    with pytest.raises(ValueError, match="empty"):
        Storage(" ")
