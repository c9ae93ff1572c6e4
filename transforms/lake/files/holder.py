"""The holder of a lake's lock: which run, on which host, in which process, and whether it lives."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Container
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of the lock. `birth` tells its process from a later process with the same number."""

    run_id: str
    host: str
    pid: int
    birth: str
    renewed_s: float
    released: bool = False

    @classmethod
    def of_this_process(cls, run_id: str) -> Holder:
        """A run of this process, as of now."""
        return cls(run_id, this_host(), os.getpid(), _birth_of(os.getpid()) or "", time.time())

    @classmethod
    def of_stream(cls, run_id: str, stream: str) -> Holder:
        """A run of a stream that no single process makes, as of now; `stream` is the stream's own name."""
        return cls(run_id, f"stream {stream}", 0, "", time.time())

    def is_same_stream(self, other: Holder) -> bool:
        """Whether two runs are of one stream, of which the later knows that the earlier has ended."""
        return self.pid == other.pid == 0 and self.host == other.host

    def is_alive(self, held: Container[str], now_s: float, lease_s: float) -> bool:
        """Whether the holder lives: on this host if its process does, on another host if its lease is fresh.

        A holder in this process lives if its run is one of those that are `held`. If `/proc` hides the processes of
        other users, the lease decides on this host too.
        """
        if self.released:
            return False
        host = this_host()
        if self.host == host and self.pid == os.getpid():
            return self.run_id in held
        if self.host == host and Path("/proc/1").exists():
            return _birth_of(self.pid) == self.birth
        return now_s - self.renewed_s < lease_s

    def to_json(self) -> bytes:
        """What stands in a lock."""
        return json.dumps(asdict(self)).encode()

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


def this_host() -> str:
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
