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

from transforms.common.freed_memory import give_back_freed_memory

_UNLIMITED = resource.RLIM_INFINITY
_CALLS_BETWEEN_RETURNS = 8
"""Calls after which freed memory goes back to the system: some fifty pages."""

_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""New containers after which cyclic garbage is collected; Python's own 700 cost 4 % of a page's time, while 12 pages
left no cyclic garbage at all."""


def serve(line: Connection, memory_limit_bytes: int) -> None:
    """Answer calls until the other end of the line closes.

    A call is a pickled (processor seconds for each input, bytes to keep, function, inputs), where the function and each
    input, an (args, kwargs), are pickled for themselves. The answer to an input is a pickled (is_error, result or
    error, bytes of address space that the worker has taken since its start and not given back). It is sent as soon as
    it is there, so that a death costs only the first input without an answer. After a MemoryError, or while more than
    the bytes to keep are taken, the remaining inputs are left to another worker.

    The worker sends an empty message when it is ready, and another for each call, when it has read it (and imported the
    function's module) and begins.
    """
    bytes_at_start = _limit(memory_limit_bytes)
    _collect_rarely()
    calls = 0
    with suppress(EOFError, OSError):  # the other end was closed
        line.send_bytes(b"")
        while True:
            cpu_limit_s, keep_limit_bytes, function, inputs = pickle.loads(line.recv_bytes())  # noqa: S301
            with suppress(Exception):  # raised again, and told, by the first input
                pickle.loads(function)  # noqa: S301  # from the process that started this one
            line.send_bytes(b"")
            for given in inputs:
                is_error, result = _result(function, given, cpu_limit_s)
                held_bytes = _address_space_bytes() - bytes_at_start
                line.send_bytes(_answer(is_error, result, held_bytes))
                if isinstance(result, MemoryError) or held_bytes > keep_limit_bytes:
                    break
            calls += 1
            if calls % _CALLS_BETWEEN_RETURNS == 0:
                give_back_freed_memory()


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


def _result(function: bytes, given: bytes, cpu_limit_s: float) -> tuple[bool, Any]:
    """Whether the call raised, and its result or the exception."""
    try:
        args, kwargs = pickle.loads(given)  # noqa: S301  # from the process that started this one
        call = pickle.loads(function)  # noqa: S301
        # The kernel ends the process by SIGXCPU when its processor time passes the soft limit, even within C code.
        _limit_cpu(math.ceil(time.process_time() + cpu_limit_s))
        return False, call(*args, **kwargs)
    except Exception as error:
        return True, error
    finally:
        _limit_cpu(_UNLIMITED)  # the time of one input ends no other


def _limit_cpu(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, _UNLIMITED))


def _answer(is_error: bool, result: Any, held_bytes: int) -> bytes:
    if not is_error:
        try:
            return pickle.dumps((False, result, held_bytes), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            result = error
    return pickle.dumps((True, _sendable(result), held_bytes))


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
