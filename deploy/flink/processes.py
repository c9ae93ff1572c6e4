"""Starts processes that outlive us, remembers each in a file, and ends no process but these.

Checked: by tests/flink.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE_S = 10.0
"""How long a process may take to end by itself."""
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the cluster: its name, its command, and what it needs in its environment.

    `address` is where it answers by TCP once it is ready, None if that is known otherwise; `end_by` the signal to which
    it ends in good order.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    address: tuple[str, int] | None = None
    end_by: signal.Signals = signal.SIGTERM


def start(part: Part, folder: Path) -> None:
    """Start a part, nice, in a process group of its own; its log and its process number are files in `folder`.

    The log is continued if there is one. The file ``NAME.pid`` holds the number and the birth of the process.
    """
    with open(folder / f"{part.name}.log", "ab") as log:
        process = subprocess.Popen(
            ["nice", "-n", "10", *part.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **part.environment},
            cwd=folder,
            start_new_session=True,
        )
    process.returncode = 0  # so that Python does not warn of a process that goes on: it is meant to outlive us
    text = f"{process.pid} {_birth_of(process.pid)} {part.end_by.name}\n"
    (folder / f"{part.name}.pid").write_text(text, encoding="ascii")


def living(folder: Path) -> dict[str, int]:
    """The parts of the cluster in `folder` that live, by name, with their process numbers."""
    return {name: pid for name, (pid, birth, _) in _recorded(folder).items() if _birth_of(pid) == birth}


def stop(folder: Path, only: str | None = None) -> None:
    """End all parts that live, or `only` the one of this name, with the processes that they have started, and remove
    their ``.pid`` files."""
    recorded = {name: part for name, part in _recorded(folder).items() if only in (None, name)}
    alive = {name: pid for name, pid in living(folder).items() if name in recorded}
    for name, pid in alive.items():
        _signal_group(pid, signal.Signals[recorded[name][2]], only_leader=True)
    until_s = time.monotonic() + _PATIENCE_S
    while alive.keys() & living(folder) and time.monotonic() < until_s:
        time.sleep(_LOOK_S)
    for name in recorded:
        if name in alive:
            _signal_group(alive[name], signal.SIGKILL)
        (folder / f"{name}.pid").unlink()


def _recorded(folder: Path) -> dict[str, tuple[int, str, str]]:
    found = {}
    for path in sorted(folder.glob("*.pid")):
        pid, birth, end_by = path.read_text(encoding="ascii").split()
        found[path.stem] = (int(pid), birth, end_by)
    return found


def _signal_group(pid: int, number: signal.Signals, *, only_leader: bool = False) -> None:
    with suppress(ProcessLookupError):
        (os.kill if only_leader else os.killpg)(pid, number)


def _birth_of(pid: int) -> str:
    """When a process began, in clock ticks since boot, so that another with its number is not taken for it; "" if it
    does not live."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # our own child that has ended is a zombie until somebody asks
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if state in "ZX" else rest[18]
