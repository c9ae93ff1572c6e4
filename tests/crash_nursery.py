"""A process that runs the command in forked children, each killed at one storage operation: ``python -m`` this file.

It reads a line of JSON for each run (`arguments`, and what to kill: `at` and `how`; ``after``: at so many milliseconds)
and answers with a line: the exit status of the child, negative for a signal, and how many operations it made. All
imports and the sandbox's fork server are shared, so that a run takes a second and not five. The parent never touches a
storage: what is forked after that would hang.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from apache_beam.transforms import userstate

import transforms.lake.state
from pipelines.cli import main
from pipelines.start_workers import PRELOAD
from transforms.lake.files.storage import Storage

OPERATIONS = ("put", "put_file", "put_if_absent", "delete", "sweep")
WRITES = ("put", "put_file", "put_if_absent")


class Killer:
    """Counts storage operations, and kills the process before one of them or in its midst."""

    def __init__(self, at: int | None, how: str) -> None:
        self.done: list[str] = []
        self._at = at
        self._how = how

    def arm(self) -> None:
        for name in OPERATIONS:
            setattr(Storage, name, self._counted(name, getattr(Storage, name)))

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def operation(storage: Storage, *given: Any) -> Any:
            here, self.done = len(self.done), [*self.done, name]
            if here == self._at:
                if self._how == "midst":
                    leave_half(storage, given[0])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(storage, *given)

        return operation


def leave_half(storage: Storage, path: str) -> None:
    """What obstore leaves of a local put that is killed."""
    assert storage.folder is not None
    half = storage.folder / f"{path}#1"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half of a file")


def run(arguments: list[str], at: int | None, how: str, report: Path) -> int:
    """The command in a child of its own; its exit status, negative for the signal that killed it."""
    child = os.fork()
    if child:
        return ended(child, at if how == "after" else None)
    status = 1
    try:
        forkserver.ensure_running = lambda: None  # the parent's is used
        forkserver._forkserver.ensure_running = forkserver.ensure_running  # type: ignore[attr-defined]
        log = os.open(report.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        killer = Killer(None if how == "after" else at, how)
        killer.arm()
        transforms.lake.state.TIDY_AT = 2  # so that merging is part of it
        status = main(arguments)
        report.write_text(json.dumps(killer.done))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def ended(child: int, after_ms: int | None) -> int:
    """The exit status of a child that is killed after some time."""
    if after_ms is not None:
        end_s = time.monotonic() + after_ms / 1000
        while time.monotonic() < end_s:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look_once() -> None:
    """Let Beam look at each kind of DoFn once: it does a thousand times a run, for a third of the run's time."""
    look, known = userstate.get_dofn_specs, dict[type, Any]()

    def specs(do_fn: Any) -> Any:
        kind = type(do_fn)
        if kind not in known:
            known[kind] = look(do_fn)
        return known[kind]

    userstate.get_dofn_specs = specs


def serve(folder: Path) -> None:
    """Answer requests until the input ends."""
    look_once()
    forkserver.set_forkserver_preload(list(PRELOAD))
    forkserver.ensure_running()
    for line in sys.stdin:
        asked = json.loads(line)
        report = folder / "operations.json"
        report.unlink(missing_ok=True)
        status = run(asked["arguments"], asked["at"], asked["how"], report)
        done = json.loads(report.read_text()) if report.exists() else []
        print(json.dumps({"status": status, "operations": done}), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
