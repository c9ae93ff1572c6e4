"""What a worker process does: take a call, run it under its limits, send what came of it."""

from __future__ import annotations

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


def serve(line: Connection, memory_limit_bytes: int) -> None:
    """Answer calls until the other end of the line closes.

    A call is a pickled (processor seconds, function, args, kwargs), its answer a pickled (is_error, result or error,
    bytes of address space that the worker has taken since its start and not given back). An empty message says that the
    worker is ready, and before each answer, that the call has been read (its function's module imported) and begins.
    """
    bytes_at_start = _limit(memory_limit_bytes)
    with suppress(EOFError, OSError):  # nobody is there any more
        line.send_bytes(b"")
        while True:
            line.send_bytes(_answer(line, bytes_at_start))


def _limit(memory_limit_bytes: int) -> int:
    used_bytes = _address_space_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + memory_limit_bytes, _UNLIMITED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The parent decides when the workers end; Ctrl-C in the terminal reaches them too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return used_bytes


def _answer(line: Connection, bytes_at_start: int) -> bytes:
    call = line.recv_bytes()
    try:
        cpu_limit_s, function, args, kwargs = _read(line, call)
        # The kernel ends the process by SIGXCPU when its processor time passes the soft limit, in whatever C code.
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
    """The error with its traceback as a note; where it cannot be sent, its words in one that can."""
    trace = "in a worker process:\n" + "".join(traceback.format_tb(error.__traceback__)).rstrip()
    with suppress(Exception):
        error.add_note(trace)
        pickle.loads(pickle.dumps(error))  # noqa: S301  # its own
        return error
    stated = RuntimeError("".join(traceback.format_exception_only(error)).strip())
    stated.add_note(trace)
    return stated


def _address_space_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
