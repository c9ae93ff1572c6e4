"""One worker process as its owner sees it: calls go down its line, answers come back, and it can be ended at any time.

Each worker has a line of its own, which nobody else holds: one that dies in the midst of anything closes it, disturbs
no other worker, and is noticed at once, also where the fork server died before it and cannot tell.
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

from transforms.sandbox.serve import serve

_STALL_S: Final = 60
"""A worker that takes or gives no byte of a message for so long, as one that was stopped, is ended."""
_START_S: Final = 120.0
"""The fork server imports what is preloaded before its first worker: seconds, and many on a machine with no time."""
_REAP_S: Final = 5.0
_BOOKS = threading.Lock()
"""multiprocessing keeps the books of a process's children without a lock of its own."""


class WorkerDiedError(Exception):
    """The worker ended with this exit code (negative: by a signal; None or 255: nobody knows)."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"the worker process ended with exit code {exit_code}")
        self.exit_code = exit_code


class Worker:
    """A living worker process. Any thread may `kill` it; all else is for one thread."""

    def __init__(self, memory_limit_bytes: int) -> None:
        """Start a worker and wait until it is ready. WorkerDiedError if it does not come to that."""
        context = multiprocessing.get_context("forkserver")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, memory_limit_bytes), daemon=True)
        self._state = threading.Lock()
        self._is_running = False
        try:
            _never_wait_for_ever(self._line)
            with _BOOKS:
                self._process.start()
            self._pid, self._is_running = self._process.pid or 0, True
            theirs.close()
            self._await_word()
        except (EOFError, OSError):  # of the fork server, or of the new process
            theirs.close()
            raise WorkerDiedError(self.end()) from None

    def call(self, payload: bytes, wall_limit_s: float) -> bytes:
        """The worker's answer. TimeoutError or WorkerDiedError where there is none: then the worker has ended."""
        try:
            self._line.send_bytes(payload)
            self._await_word()
            if self._line.poll(wall_limit_s):
                return self._line.recv_bytes()
        except (EOFError, OSError):
            raise WorkerDiedError(self.end()) from None
        self.end()
        raise TimeoutError

    def _await_word(self) -> None:
        """Wait for the empty message: ready, or begun."""
        if not self._line.poll(_START_S):
            raise TimeoutError  # an OSError, so the same as a line that broke
        self._line.recv_bytes()

    def kill(self) -> None:
        """End the process at once, whatever it is about."""
        with self._state:
            if self._is_running:
                with suppress(ProcessLookupError):  # `Process.kill` would believe a fork server that has died
                    os.kill(self._pid, signal.SIGKILL)

    def end(self) -> int | None:
        """End the process, if it has not come to an end by itself, and give its exit code."""
        self.kill()  # one that is about to end keeps its own exit code
        exit_code = None
        if self._is_running:
            with _BOOKS:
                self._process.join(_REAP_S)
                exit_code = self._process.exitcode
                if exit_code is not None:
                    self._process.close()
            with self._state:
                self._is_running = False
        self._line.close()
        return exit_code


def _never_wait_for_ever(line: Connection) -> None:
    limit = struct.pack("ll", _STALL_S, 0)
    with socket.socket(fileno=os.dup(line.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
