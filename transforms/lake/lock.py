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
from dataclasses import asdict, dataclass
from pathlib import Path

from transforms.lake.layout import LOCKS
from transforms.lake.storage import Storage

LEASE_S = 120.0
"""How long a holder on another host may be silent before it counts as dead; it speaks four times as often."""

_HELD: set[str] = set()
"""Runs of this process that hold a lock. A stream that could not give one back must not lock itself out."""
_LOG = logging.getLogger("newsbeam.lock")


class LakeLockedError(Exception):
    """Another run writes to this lake."""


class LockLostError(Exception):
    """This run was taken for dead and another holds the lock now: it must not commit."""


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
        try:
            if _highest(storage) == generation:
                _write(storage, generation, me, released=True)
        except Exception as error:  # a full disk, for one: it is said where it ended the run, and must not hide that
            _LOG.warning("the lock could not be given back", extra={"error": repr(error)})


def check_lock(storage: Storage, generation: int) -> None:
    """LockLostError unless `generation` still is the highest."""
    if _highest(storage) != generation:
        raise LockLostError("another run took over this lake, which happens to a run that stood still for too long")


def _acquire(storage: Storage, run_id: str) -> tuple[int, Holder]:
    host = _host()
    me = Holder(run_id, host, os.getpid(), _birth_of(os.getpid()) or "", time.time())
    latest = _highest(storage)
    if latest:
        try:
            holder = Holder(**json.loads(storage.get(_path(latest))))
        except FileNotFoundError:  # followed and tidied away between listing and reading
            raise LakeLockedError("another run has just started to write to this lake") from None
        if holder.is_alive(host, time.time()):
            raise LakeLockedError(
                f"run {holder.run_id} is writing to this lake (process {holder.pid} on {holder.host}); "
                "wait until it has ended, or choose another --output"
            )
    mine = latest + 1
    if not storage.put_if_absent(_path(mine), _encoded(me)) or _highest(storage) != mine:
        raise LakeLockedError("another run has just started to write to this lake")
    for path in storage.list(LOCKS):
        if _number(path) < mine:
            storage.delete(path)
    return mine, me


def _renew(storage: Storage, generation: int, me: Holder, stop: threading.Event) -> None:
    while not stop.wait(LEASE_S / 4):
        _write(storage, generation, me)


def _write(storage: Storage, generation: int, me: Holder, released: bool = False) -> None:
    now = Holder(me.run_id, me.host, me.pid, me.birth, time.time(), released)
    storage.put(_path(generation), _encoded(now))


def _encoded(holder: Holder) -> bytes:
    return json.dumps(asdict(holder)).encode()


def _highest(storage: Storage) -> int:
    return max(map(_number, storage.list(LOCKS)), default=0)


def _path(generation: int) -> str:
    return f"{LOCKS}/{generation:010d}.json"


def _number(path: str) -> int:
    return int(path.rsplit("/", 1)[-1].removesuffix(".json"))


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
