"""The owner's handle of one worker process: sends calls, receives answers, and can end the process at any time.

Each worker has a pipe (its line) that no other process holds. When a worker dies, whatever it was doing, its pipe
closes. So its death disturbs no other worker and is noticed at once, even if the fork server died before.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import struct
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from transforms.sandbox.fork_server import ensure_fork_server
from transforms.sandbox.hidden_main import hidden_main
from transforms.sandbox.serve import serve

_STALL_S: Final = 60
"""A worker that neither reads nor writes a byte of a message for so long, for example a stopped one, is ended."""
_START_S: Final = 120.0
"""The longest start: before its first worker the fork server imports the preloaded modules, for seconds or longer."""
_REAP_S: Final = 5.0
_CHILDREN_LOCK = threading.Lock()
"""Held while children start and end: multiprocessing keeps its list of children without a lock."""


class WorkerDiedError(Exception):
    """The worker ended with this exit code (negative: by a signal; None or 255: unknown)."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"the worker process ended with exit code {exit_code}")
        self.exit_code = exit_code


class Worker:
    """A running worker process. Any thread may call `kill`; only one thread may use the other methods."""

    def __init__(self, memory_limit_bytes: int) -> None:
        """Start a worker and wait until it is ready. Raises WorkerDiedError if it does not get ready."""
        context = multiprocessing.get_context("forkserver")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, memory_limit_bytes), daemon=True)
        self._state = threading.Lock()
        self._is_running = False
        try:
            _limit_waits(self._line)
            with _CHILDREN_LOCK, hidden_main():
                ensure_fork_server()
                self._process.start()
            self._pid, self._is_running = self._process.pid or 0, True
            theirs.close()
            self._await_ready()
        except (EOFError, OSError):  # of the fork server, or of the new process
            theirs.close()
            raise WorkerDiedError(self.end()) from None

    def begin(self, call: bytes) -> None:
        """Send a call and wait until the worker begins it. Raises WorkerDiedError."""
        try:
            self._line.send_bytes(call)
            self._await_ready()
        except (EOFError, OSError):
            raise WorkerDiedError(self.end()) from None

    def answer(self, wall_limit_s: float) -> bytes:
        """The worker's next answer. Raises TimeoutError or WorkerDiedError without one; the worker has ended then."""
        try:
            if self._line.poll(wall_limit_s):
                return self._line.recv_bytes()
        except (EOFError, OSError):
            raise WorkerDiedError(self.end()) from None
        self.end()
        raise TimeoutError

    def _await_ready(self) -> None:
        """Wait for the empty message that says that the worker is ready, or has begun the call."""
        if not self._line.poll(_START_S):
            raise TimeoutError  # an OSError, so callers handle it like a broken line
        self._line.recv_bytes()

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        with self._state:
            if self._is_running:
                with suppress(ProcessLookupError):  # `Process.kill` relies on the fork server, which may be dead
                    os.kill(self._pid, signal.SIGKILL)

    def end(self) -> int | None:
        """End the process, unless it has ended by itself; returns its exit code."""
        self.kill()  # a process that has just ended keeps its own exit code
        exit_code = None
        if self._is_running:
            with _CHILDREN_LOCK:
                self._process.join(_REAP_S)
                exit_code = self._process.exitcode
                if exit_code is not None:
                    self._process.close()
            with self._state:
                self._is_running = False
        self._line.close()
        return exit_code


def _limit_waits(line: Connection) -> None:
    limit = struct.pack("ll", _STALL_S, 0)
    with socket.socket(fileno=os.dup(line.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
