"""The lock that allows one writer at a time to a lake, and that a new run takes over from a dead holder."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from transforms.lake.files.holder import Holder, this_host
from transforms.lake.files.layout import LOCKS, STATE, lock_number, lock_path, run_of
from transforms.lake.files.storage import Storage, StorageError

_LOG = logging.getLogger("newsbeam.lake")

LEASE_S = 120.0
"""How long a holder on another host may be silent before it counts as dead; it renews its lock every quarter of it."""

_SKEW_S = 5.0
"""The largest expected difference between two hosts' clocks; the date of a lease further ahead is not believed."""
_KEPT_S = 3_600.0
"""How long a lock stays in an object store after another has followed it; see `check_lock`."""
_HELD: set[str] = set()
"""Runs of this process that hold a lock. Without it, a stream that failed to release a lock would lock itself out."""
_RENEWED: dict[str, tuple[int, float]] = {}
"""By lake: the newest generation that this process knows, and when its lock was renewed last, as far as it knows."""


class LakeLockedError(Exception):
    """Another run writes to this lake."""


class LockLostError(Exception):
    """This run must not commit: another run took it for dead, or it could not renew its lock."""


class LakeGoneError(Exception):
    """The lake was deleted while the run was writing to it."""


@contextmanager
def lake_lock(storage: Storage, run_id: str) -> Iterator[int]:
    """Hold the lake's lock and give its generation; raises LakeLockedError if a living run holds it.

    The lock is the highest-numbered file below `LOCKS`; its number is the generation. After a dead or released holder
    a run creates the next number, which only one of several contenders can do. The highest file is never deleted, so
    numbers are never used twice.
    """
    me = Holder.of_this_process(run_id)
    generation = _acquire(storage, me)
    stop = threading.Event()
    renewing = threading.Thread(target=_renew, args=(storage, generation, me, stop), daemon=True)
    renewing.start()
    _HELD.add(run_id)
    try:
        yield generation
    finally:
        stop.set()
        renewing.join()
        _HELD.discard(run_id)
        _release(storage, generation, me)


def take_lock(storage: Storage, run_id: str, stream: str) -> int:
    """Take the lake's lock for a run of a stream whose steps are spread over machines; returns its generation.

    No process holds such a lock, only its lease: `renew_lock` has to be called well within `LEASE_S`. A lock that the
    same stream took before is followed at once. Raises LakeLockedError if another holder lives.
    """
    return _acquire(storage, Holder.of_stream(run_id, stream))


def renew_lock(storage: Storage, generation: int) -> None:
    """Renew the lease of a lock from `take_lock`, if it still holds."""
    now_s = time.time()
    if holds_lock(storage, generation) and (holder := _read(storage, generation)) is not None:
        _write(storage, generation, holder, now_s)


def release_lock(storage: Storage, generation: int) -> None:
    """Release a lock from `take_lock`, if it still holds, by one that follows it and is released.

    So whoever asks whether there is a next lock (`check_lock`) learns of the end, and nothing more is written.
    """
    if holds_lock(storage, generation) and (holder := _read(storage, generation)) is not None:
        storage.put_if_absent(lock_path(generation + 1), replace(holder, released=True).to_json())


def holds_lock(storage: Storage, generation: int) -> bool:
    """Whether the lock of `generation` is not followed by another."""
    return _highest(storage) == generation


def check_lock(storage: Storage, generation: int, thoroughly: bool = False) -> None:
    """Raise LockLostError if another run took the lock of `generation`, LakeGoneError if the lake was deleted.

    If the lease has run out but no other run took the lock, the lease is renewed: the process may have been suspended.
    LockLostError if that fails.

    In an object store, where a listing is dear, one question is enough for half a lease after a renewal that this
    process knows of: is there a lock with the next number? A run that takes over makes that one and no other, and it
    stays for an hour after it was followed itself. `thoroughly` lists all the same, and finds a deleted lake at once.
    """
    if not thoroughly and storage.folder is None and _is_fresh(storage, generation):
        if storage.exists(lock_path(generation + 1)):
            raise _lost()
        return
    now_s = time.time()
    highest = _highest(storage)
    if not highest:
        raise LakeGoneError(f"the lake at {storage.root} was deleted while the run was writing to it")
    if highest != generation:
        raise _lost()
    mine = _read(storage, generation)
    if mine is None:
        return
    _RENEWED[storage.root] = generation, mine.renewed_s
    if now_s - mine.renewed_s >= LEASE_S and mine.host == this_host():
        try:
            _write(storage, generation, mine, now_s)
        except StorageError as error:
            raise LockLostError(f"the lock of this lake could not be renewed for {LEASE_S:.0f} s: {error}") from None


def _is_fresh(storage: Storage, generation: int) -> bool:
    """Whether the lock of a generation is known to have been renewed within half a lease.

    The other half is for the write that follows, whose request may be tried again for a while.
    """
    known, renewed_s = _RENEWED.get(storage.root, (0, 0.0))
    return known == generation and abs(time.time() - renewed_s) < LEASE_S / 2


def _lost() -> LockLostError:
    return LockLostError("another run took over this lake, which happens to a run that stood still for too long")


def is_gone(storage: Storage) -> bool:
    """Whether a lake that was locked has since been deleted."""
    is_away = storage.folder is not None and not storage.folder.exists()
    return is_away or not _highest(storage)


def clear_gone(storage: Storage, run_id: str) -> None:
    """Delete what this run has put into a local lake after that was deleted, by a write that was under way; the folders
    too, if nothing else is in them."""
    root = storage.folder
    if root is None or not root.exists():
        return
    for path in [one for one in storage.list() if run_of(one) == run_id]:
        storage.delete(path)
    storage.sweep()
    for folder in (root / STATE, root):
        with suppress(OSError):  # it is not there, or something else is in it
            folder.rmdir()


def _acquire(storage: Storage, me: Holder) -> int:
    latest = _highest(storage)
    if latest:
        _ensure_gone(storage, latest, me)
    mine = latest + 1
    if not _create(storage, mine, me):
        raise LakeLockedError("another run has just started to write to this lake")
    written_at = _locks(storage)
    if max(written_at, default=0) != mine:
        raise LakeLockedError("another run has just started to write to this lake")
    _RENEWED[storage.root] = mine, me.renewed_s
    _drop_followed(storage, mine, written_at)
    return mine


def _create(storage: Storage, mine: int, me: Holder) -> bool:
    """Whether this run made the lock. Raises StorageError, and leaves none, where the store does not keep it from being
    made twice.
    """
    path, data = lock_path(mine), me.to_json()
    if not storage.put_if_absent(path, data):
        # A request that was sent again after its answer was lost finds its own lock.
        return storage.folder is None and _read(storage, mine) == me
    if storage.folder is None and storage.put_if_absent(path, data):
        storage.delete(path)
        raise storage.unconditional()
    return True


def _drop_followed(storage: Storage, mine: int, written_at: dict[int, datetime]) -> None:
    """Delete the locks before ours, the oldest first; in an object store not those followed in the last hour.

    Only times of the storage's own clock are compared.
    """
    for number, follower in pairwise(sorted(written_at)):
        since_s = (written_at[mine] - written_at[follower]).total_seconds()
        if storage.folder is not None or since_s >= _KEPT_S:
            storage.delete(lock_path(number))


def _ensure_gone(storage: Storage, latest: int, me: Holder) -> None:
    """Return once the holder of the highest lock is certainly gone; raise LakeLockedError if it lives.

    A lock that cannot be read counts as gone: writes are whole or absent, so no living holder wrote it. If one did, it
    would find its successor's lock before its next write.
    """
    try:
        holder = _read(storage, latest)
    except FileNotFoundError:  # another run took over and deleted it between our listing and reading
        raise LakeLockedError("another run has just started to write to this lake") from None
    if holder is None:
        _LOG.warning("damaged lock taken over", extra={"path": lock_path(latest)})
        return
    if holder.is_same_stream(me) or not holder.is_alive(_HELD, time.time(), LEASE_S):
        return
    if holder.host != this_host() and holder.renewed_s - time.time() > _SKEW_S and _is_silent(storage, latest, holder):
        return
    # A command that is no run, such as rebuild, holds the lake by its name.
    who = f"run {holder.run_id}" if holder.run_id[:1].isdigit() else f"newsbeam {holder.run_id}"
    raise LakeLockedError(
        f"{who} is writing to this lake (process {holder.pid} on {holder.host}); try again when it has ended"
    )


def _is_silent(storage: Storage, generation: int, holder: Holder) -> bool:
    """Whether a holder whose clock is ahead of ours leaves its lock unchanged for the time of two renewals.

    The lock's date cannot be compared with our clock, so only a change shows that the holder lives.
    """
    _LOG.warning(
        "a lock is dated in the future; waiting to see whether its holder lives",
        extra={"holder": holder.run_id, "holder_host": holder.host, "wait_s": LEASE_S / 2},
    )
    end_s = time.monotonic() + LEASE_S / 2
    while time.monotonic() < end_s:
        time.sleep(min(1.0, LEASE_S / 8))
        try:
            if _highest(storage) != generation or _read(storage, generation) != holder:
                return False
        except FileNotFoundError:
            return False
    return True


def _renew(storage: Storage, generation: int, me: Holder, stop: threading.Event) -> None:
    """Renew the lock four times a lease; after a failure try again until the lease ends.

    Stops if another run has taken over or the lake is gone, so that nothing is written to a lake that is not ours.
    """
    renewed_s = time.monotonic()
    wait_s = LEASE_S / 4
    while not stop.wait(wait_s):
        now_s = time.time()  # before the lock is found to be ours, so that it was ours at this time
        try:
            if _highest(storage) != generation:
                return
            _write(storage, generation, me, now_s)
        except (StorageError, OSError) as error:
            silent_s = time.monotonic() - renewed_s
            if silent_s >= LEASE_S:
                _LOG.error("the lock could not be renewed and is lost", extra={"reason": str(error)})
                return
            _LOG.warning("the lock could not be renewed, trying again", extra={"reason": str(error)})
            wait_s = LEASE_S / 60
        else:
            renewed_s, wait_s = time.monotonic(), LEASE_S / 4


def _release(storage: Storage, generation: int, me: Holder) -> None:
    """Release the lock. If that fails, the end of the holder's process, or of its lease, frees the lake."""
    try:
        if _highest(storage) == generation:
            _write(storage, generation, me, time.time(), released=True)
    except (StorageError, OSError) as error:
        _LOG.warning("the lock could not be released", extra={"reason": str(error)})


def _read(storage: Storage, generation: int) -> Holder | None:
    return Holder.from_json(storage.get(lock_path(generation)))


def _write(storage: Storage, generation: int, me: Holder, now_s: float, released: bool = False) -> None:
    storage.put(lock_path(generation), replace(me, renewed_s=now_s, released=released).to_json())
    _RENEWED[storage.root] = generation, 0.0 if released else now_s


def _highest(storage: Storage) -> int:
    return max(_locks(storage), default=0)


def _locks(storage: Storage) -> dict[int, datetime]:
    """When each lock was written, by its number."""
    found = ((lock_number(path), stat.written_at) for path, stat in storage.stats(LOCKS).items())
    return {number: written_at for number, written_at in found if number}
