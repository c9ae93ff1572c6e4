"""One writer a lake: a lock by put-if-absent that outlives no dead holder."""

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

from transforms.lake.layout import LOCKS, lock_number, lock_path
from transforms.lake.storage import Storage, StorageError

_LOG = logging.getLogger("newsbeam.lake")

LEASE_S = 120.0
"""How long a holder on another host may be silent before it counts as dead; it speaks four times as often."""

_SKEW_S = 5.0
"""Clocks of two hosts differ by this much at most; a lease dated further ahead says nothing by its date."""
_HELD: set[str] = set()
"""Runs of this process that hold a lock. A stream that could not give one back must not lock itself out."""


class LakeLockedError(Exception):
    """Another run writes to this lake."""


class LockLostError(Exception):
    """This run was taken for dead, or could not say that it lives: it must not commit."""


class LakeGoneError(Exception):
    """The lake was deleted while the run was writing to it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock. `birth` tells a process from a later one with the same number."""

    run_id: str
    host: str
    pid: int
    birth: str
    renewed_s: float
    released: bool = False

    def is_alive(self, host: str, now_s: float) -> bool:
        """On its own host a holder lives while its process does, elsewhere while its lease is fresh.

        Where `/proc` hides the processes of others, the own host is no better known than elsewhere.
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
        """A holder read back, unknown keys of a later version left aside; None where it is empty or garbled."""
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
    """Hold the lake's lock, giving its generation; LakeLockedError when a living run holds it.

    The lock is the highest-numbered file below `LOCKS`. A dead or released holder is followed by creating the next
    number, which only one of several contenders can; the highest is never deleted, so numbers never come again.
    """
    generation, me = _acquire(storage, run_id)
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


def check_lock(storage: Storage, generation: int) -> None:
    """LockLostError unless `generation` still is the highest and its lease has not run out; LakeGoneError without any.

    A lease that ran out here, where nobody else took the lake, is renewed once more: the process may have been
    suspended. Only where that fails it is lost.
    """
    if is_gone(storage):
        raise LakeGoneError(f"the lake at {storage.root} was deleted while the run was writing to it")
    if _highest(storage) != generation:
        raise LockLostError("another run took over this lake, which happens to a run that stood still for too long")
    mine = _read(storage, generation)
    if mine is not None and mine.host == _host() and time.time() - mine.renewed_s >= LEASE_S:
        try:
            _write(storage, generation, mine)
        except StorageError as error:
            raise LockLostError(f"the lock of this lake could not be renewed for {LEASE_S:.0f} s: {error}") from None


def is_gone(storage: Storage) -> bool:
    """Whether a lake that was locked has been deleted since."""
    is_away = storage.folder is not None and not storage.folder.exists()
    return is_away or not _highest(storage)


def _acquire(storage: Storage, run_id: str) -> tuple[int, Holder]:
    me = Holder(run_id, _host(), os.getpid(), _birth_of(os.getpid()) or "", time.time())
    latest = _highest(storage)
    if latest:
        _follow(storage, latest)
    mine = latest + 1
    if not storage.put_if_absent(lock_path(mine), _encoded(me)) or _highest(storage) != mine:
        raise LakeLockedError("another run has just started to write to this lake")
    for path in storage.list(LOCKS):
        if (number := lock_number(path)) is not None and number < mine:
            storage.delete(path)
    return mine, me


def _follow(storage: Storage, latest: int) -> None:
    """Return once it is certain that the holder of the highest number is gone; LakeLockedError where it lives.

    A lock that cannot be read is followed: writes are whole or absent, so no living holder wrote it, and one that
    did would learn of its successor before its next write.
    """
    try:
        holder = _read(storage, latest)
    except FileNotFoundError:  # followed and tidied away between listing and reading
        raise LakeLockedError("another run has just started to write to this lake") from None
    if holder is None:
        _LOG.warning("damaged lock taken over", extra={"path": lock_path(latest)})
        return
    if not holder.is_alive(_host(), time.time()):
        return
    if holder.host != _host() and holder.renewed_s - time.time() > _SKEW_S and _is_silent(storage, latest, holder):
        return
    raise LakeLockedError(
        f"run {holder.run_id} is writing to this lake (process {holder.pid} on {holder.host}); "
        "wait until it has ended, or choose another --output"
    )


def _is_silent(storage: Storage, generation: int, holder: Holder) -> bool:
    """Whether a holder whose clock is ahead of ours leaves its lock as it is for as long as two renewals take.

    Its dates say nothing, so that only a change tells that it lives.
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
    """Say four times a lease that the holder lives; where that fails, try again and again until the lease ends.

    Ends where another has taken over or the lake is gone, so that nothing is written to a lake that is not ours.
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
    """Let go. Where that fails the holder's end tells the same, or its lease."""
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
    """The host, its boot and the process namespace: in another of these, process numbers mean other processes."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}"


def _birth_of(pid: int) -> str | None:
    """When a process of this host began, in clock ticks since boot; None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *rest = stat.rsplit(") ", 1)[1].split()
    return None if state in ("Z", "X") else rest[18]
