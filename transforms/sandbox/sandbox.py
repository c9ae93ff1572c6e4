"""Killable workers: a function runs under a processor-time and a memory limit, and a hang costs one worker."""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import pebble

from schemas.failure import Reason

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_UNLIMITED = resource.RLIM_INFINITY


class SandboxError(Exception):
    """The function did not come to an end: `reason` is TIMEOUT, MEMORY or CRASH."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The limits of a pool of workers; pickles, and `open` starts the pool.

    `cpu_limit_s` is processor time a call, so that a busy machine kills nobody; a call that sleeps instead is
    killed after four times that in wall time. `memory_limit_bytes` is address space beyond what a worker has at
    its start. The defaults let pass every page of the development sets with a factor of ten to spare. `preload` names
    modules that the fork server imports once, so that a fresh worker starts in milliseconds and shares their memory;
    the first pool of a process decides.
    """

    workers: int = 0
    cpu_limit_s: float = 20.0
    memory_limit_bytes: int = 1 << 30
    preload: tuple[str, ...] = ()

    def open(self) -> SandboxPool:
        """A pool. No worker starts before the first call, so an idle run pays nothing."""
        return SandboxPool(self)


class SandboxPool:
    """A running pool; close it to end its processes. Usable from several threads."""

    def __init__(self, limits: Sandbox) -> None:
        # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(limits.preload))
        self.size = limits.workers or os.cpu_count() or 1
        self._limits = limits
        self._pool = pebble.ProcessPool(
            max_workers=self.size,
            context=context,
            initializer=_limit_worker,
            initargs=(limits.memory_limit_bytes,),
        )

    def submit(
        self, function: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """The result to come of a top-level function; its own exceptions pass, an unnatural end is SandboxError."""
        outer: Future[Result] = Future()
        inner = self._pool.submit(
            _run_limited, self._limits.cpu_limit_s * 4, self._limits.cpu_limit_s, function, args, kwargs
        )
        inner.add_done_callback(lambda done: _settle(done, outer, self._limits))
        return outer

    def close(self) -> None:
        """End the workers, also those that hang."""
        self._pool.stop()
        self._pool.join()


def _limit_worker(memory_limit_bytes: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:
        used_bytes = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + memory_limit_bytes, _UNLIMITED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The parent decides when the workers end; Ctrl-C in the terminal reaches them too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_limited(
    cpu_limit_s: float, function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Result:
    # The kernel ends the process by SIGXCPU when its processor time passes the soft limit, whatever C code it is in.
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + cpu_limit_s), _UNLIMITED))
    return function(*args, **kwargs)


def _settle(inner: Future[Any], outer: Future[Any], limits: Sandbox) -> None:
    if inner.cancelled():
        outer.cancel()
        return
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    else:
        outer.set_exception(_translated(error, limits))


def _translated(error: BaseException, limits: Sandbox) -> BaseException:
    if isinstance(error, TimeoutError):
        return SandboxError(Reason.TIMEOUT, f"stood still for {limits.cpu_limit_s * 4:.0f} s")
    if isinstance(error, MemoryError):
        return SandboxError(Reason.MEMORY, f"needed more than {limits.memory_limit_bytes >> 20} MiB of memory")
    if isinstance(error, pebble.ProcessExpired):
        if -(error.exitcode or 0) == signal.SIGXCPU:
            return SandboxError(Reason.TIMEOUT, f"took more than {limits.cpu_limit_s:.0f} s of processor time")
        return SandboxError(Reason.CRASH, f"the worker process ended with exit code {error.exitcode}")
    return error
