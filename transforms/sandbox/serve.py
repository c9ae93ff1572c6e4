"""The code of a worker process: receives a call, runs it under its limits, sends the result."""

from __future__ import annotations

import gc
import math
import pickle
import resource
import signal
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

_UNLIMITED = resource.RLIM_INFINITY
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""New containers after which cyclic garbage is collected; Python's own 700 cost 4 % of a page's time, while 12 pages
left no cyclic garbage at all."""


def serve(line: Connection, memory_limit_bytes: int) -> None:
    """Answer calls until the other end of the line closes.

    A call is a pickled (processor seconds, function, args, kwargs). Its answer is a pickled (is_error, result or error,
    bytes of address space that the worker has taken since its start and not given back). The worker sends an empty
    message when it is ready, and another before each answer, when it has read the call (and imported the function's
    module) and begins.
    """
    bytes_at_start = _limit(memory_limit_bytes)
    _collect_rarely()
    with suppress(EOFError, OSError):  # the other end was closed
        line.send_bytes(b"")
        while True:
            line.send_bytes(_answer(line, bytes_at_start))


def _limit(memory_limit_bytes: int) -> int:
    used_bytes = _address_space_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + memory_limit_bytes, _UNLIMITED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C in the terminal reaches workers too, but the parent decides when they end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return used_bytes


def _collect_rarely() -> None:
    """Leave what the fork server loaded out of every collection: it lives as long as the worker, and a look at it would
    copy its memory, which workers share."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


def _answer(line: Connection, bytes_at_start: int) -> bytes:
    call = line.recv_bytes()
    try:
        cpu_limit_s, function, args, kwargs = _read(line, call)
        # The kernel ends the process by SIGXCPU when its processor time passes the soft limit, even within C code.
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + cpu_limit_s), _UNLIMITED))
        result = function(*args, **kwargs)
        return pickle.dumps((False, result, _address_space_bytes() - bytes_at_start), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((True, _sendable(error), _address_space_bytes() - bytes_at_start))


def _read(line: Connection, call: bytes) -> Any:
    try:
        return pickle.loads(call)  # noqa: S301  # from the process that started this one
    finally:
        line.send_bytes(b"")


def _sendable(error: Exception) -> Exception:
    """The error with its traceback as a note; if it cannot be pickled, a RuntimeError with its text.

    The note ends with the error's own words, because Beam's messages quote only the last line of an error.
    """
    words = "".join(traceback.format_exception_only(error)).strip()
    trace = "in a worker process:\n" + "".join(traceback.format_tb(error.__traceback__)) + words
    with suppress(Exception):
        error.add_note(trace)
        pickle.loads(pickle.dumps(error))  # noqa: S301  # its own
        return error
    stated = RuntimeError(words)
    stated.add_note(trace)
    return stated


def _address_space_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
