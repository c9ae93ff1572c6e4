"""The lock that allows one writer at a time to a lake, and that a new run takes over from a dead holder."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from transforms.lake.files.layout import LOCKS, lock_number, lock_path
from transforms.lake.files.storage import Storage, StorageError

_LOG = logging.getLogger("newsbeam.lake")

LEASE_S = 120.0
"""How long a holder on another host may be silent before it counts as dead; it renews its lock every quarter of it."""

_SKEW_S = 5.0
"""The largest expected difference between two hosts' clocks; the date of a lease further ahead is not believed."""
_HELD: set[str] = set()
"""Runs of this process that hold a lock. Without it, a stream that failed to release a lock would lock itself out."""


class LakeLockedError(Exception):
    """Another run writes to this lake."""


class LockLostError(Exception):
    """This run must not commit: another run took it for dead, or it could not renew its lock."""


class LakeGoneError(Exception):
    """The lake was deleted while the run was writing to it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of the lock. `birth` tells its process from a later process with the same number."""

    run_id: str
    host: str
    pid: int
    birth: str
    renewed_s: float
    released: bool = False

    def is_alive(self, host: str, now_s: float) -> bool:
        """Whether the holder lives: on this host if its process does, on another host if its lease is fresh.

        If `/proc` hides the processes of other users, the lease decides on this host too.
        """
        if self.released:
            return False
        if self.host == host and self.pid == os.getpid():
            return self.run_id in _HELD
        if self.host == host and Path("/proc/1").exists():
            return _birth_of(self.pid) == self.birth
        return now_s - self.renewed_s < LEASE_S

    @classmethod
    def from_json(cls, data: bytes) -> Holder | None:
        """A holder read back, without keys of later versions; None if `data` is empty or garbled."""
        try:
            values = json.loads(data)
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            holder = cls(**known)
            is_text = all(isinstance(text, str) for text in (holder.run_id, holder.host, holder.birth))
            return replace(holder, pid=int(holder.pid), renewed_s=float(holder.renewed_s)) if is_text else None
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None


@contextmanager
def lake_lock(storage: Storage, run_id: str) -> Iterator[int]:
    """Hold the lake's lock and give its generation; raises LakeLockedError if a living run holds it.

    The lock is the highest-numbered file below `LOCKS`; its number is the generation. After a dead or released holder
    a run creates the next number, which only one of several contenders can do. The highest file is never deleted, so
    numbers are never used twice.
    """
    me = Holder(run_id, _host(), os.getpid(), _birth_of(os.getpid()) or "", time.time())
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


def take_lock(storage: Storage, run_id: str, holder: str) -> int:
    """Take the lake's lock for a run whose steps are spread over machines; returns its generation.

    No process holds such a lock, only its lease: `renew_lock` has to be called well within `LEASE_S`. A lock that
    `holder` took before is followed at once, as if it were released. Raises LakeLockedError if another one lives.
    """
    return _acquire(storage, Holder(run_id, holder, 0, "", time.time()))


def renew_lock(storage: Storage, generation: int) -> None:
    """Renew the lease of a lock from `take_lock`, if it still holds."""
    if (holder := _holding(storage, generation)) is not None:
        _write(storage, generation, holder)


def release_lock(storage: Storage, generation: int) -> None:
    """Release a lock from `take_lock`, if it still holds: from now on nothing can be written with its generation."""
    if (holder := _holding(storage, generation)) is not None:
        _write(storage, generation, holder, released=True)


def holds_lock(storage: Storage, generation: int) -> bool:
    """Whether the lock of `generation` is neither released nor followed by another."""
    return _holding(storage, generation) is not None


def _holding(storage: Storage, generation: int) -> Holder | None:
    if _highest(storage) != generation:
        return None
    holder = _read(storage, generation)
    return None if holder is None or holder.released else holder


def check_lock(storage: Storage, generation: int) -> None:
    """Raise LockLostError if another run took the lock of `generation`, LakeGoneError if the lake was deleted.

    If the lease has run out but no other run took the lock, the lease is renewed: the process may have been suspended.
    LockLostError if that fails.
    """
    highest = _highest(storage)
    if not highest:
        raise LakeGoneError(f"the lake at {storage.root} was deleted while the run was writing to it")
    if highest != generation:
        raise LockLostError("another run took over this lake, which happens to a run that stood still for too long")
    mine = _read(storage, generation)
    if mine is not None and mine.released:
        raise LockLostError("this run has ended already: what its steps still do does not count")
    if mine is not None and time.time() - mine.renewed_s >= LEASE_S and mine.host == _host():
        try:
            _write(storage, generation, mine)
        except StorageError as error:
            raise LockLostError(f"the lock of this lake could not be renewed for {LEASE_S:.0f} s: {error}") from None


def is_gone(storage: Storage) -> bool:
    """Whether a lake that was locked has since been deleted."""
    is_away = storage.folder is not None and not storage.folder.exists()
    return is_away or not _highest(storage)


def _acquire(storage: Storage, me: Holder) -> int:
    latest = _highest(storage)
    if latest:
        _ensure_gone(storage, latest, me.host)
    mine = latest + 1
    if not storage.put_if_absent(lock_path(mine), _encoded(me)) or _highest(storage) != mine:
        raise LakeLockedError("another run has just started to write to this lake")
    for path in storage.list(LOCKS):
        if (number := lock_number(path)) is not None and number < mine:
            storage.delete(path)
    return mine


def _ensure_gone(storage: Storage, latest: int, host: str) -> None:
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
    if not holder.is_alive(host, time.time()):
        return
    if holder.host != host and holder.renewed_s - time.time() > _SKEW_S and _is_silent(storage, latest, holder):
        return
    raise LakeLockedError(
        f"run {holder.run_id} is writing to this lake (process {holder.pid} on {holder.host}); "
        "wait until it has ended, or choose another --output"
    )


def _is_silent(storage: Storage, generation: int, holder: Holder) -> bool:
    """Whether a holder whose clock is ahead of ours leaves its lock unchanged for the time of two renewals.

    The lock's date cannot be compared with our clock, so only a change shows that the holder lives.
    """
    _LOG.warning(
        "a lock is dated in the future; waiting to see whether its holder lives",
        extra={"run": holder.run_id, "host": holder.host, "wait_s": LEASE_S / 2},
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
        try:
            if _highest(storage) != generation:
                return
            _write(storage, generation, me)
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
            _write(storage, generation, me, released=True)
    except (StorageError, OSError) as error:
        _LOG.warning("the lock could not be released", extra={"reason": str(error)})


def _read(storage: Storage, generation: int) -> Holder | None:
    return Holder.from_json(storage.get(lock_path(generation)))


def _write(storage: Storage, generation: int, me: Holder, released: bool = False) -> None:
    storage.put(lock_path(generation), _encoded(replace(me, renewed_s=time.time(), released=released)))


def _encoded(holder: Holder) -> bytes:
    return json.dumps(asdict(holder)).encode()


def _highest(storage: Storage) -> int:
    return max(filter(None, map(lock_number, storage.list(LOCKS))), default=0)


def _host() -> str:
    """The host, its boot and the process namespace: the scope in which a process number names one process."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}"


def _birth_of(pid: int) -> str | None:
    """When a process of this host began, in clock ticks since boot; None if it does not live."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *rest = stat.rsplit(") ", 1)[1].split()
    return None if state in ("Z", "X") else rest[18]
