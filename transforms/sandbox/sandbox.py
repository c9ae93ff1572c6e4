"""Killable workers: a function runs under a processor-time and a memory limit, and a hang costs one worker."""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

import pebble

from schemas.failure import Reason

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_UNLIMITED = resource.RLIM_INFINITY
_bytes_at_start = 0


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

    Workers are kept, since a fresh one that finds nothing preloaded takes seconds; but where one still holds more than
    `keep_limit_bytes` of address space after a call, all are replaced as soon as they have done what they are about, so
    that no page is refused memory for what earlier ones left behind.
    """

    workers: int = 0
    cpu_limit_s: float = 20.0
    memory_limit_bytes: int = 1 << 30
    keep_limit_bytes: int = 1 << 28
    preload: tuple[str, ...] = ()

    def open(self) -> SandboxPool:
        """A pool. No worker starts before the first call, so an idle run pays nothing."""
        return SandboxPool(self)


class SandboxPool:
    """A running pool; close it to end its processes. Usable from several threads."""

    def __init__(self, limits: Sandbox) -> None:
        # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(limits.preload))
        self.size = limits.workers or os.cpu_count() or 1
        self._limits = limits
        self._lock = threading.Lock()
        self._workers = self._start()
        self._leaving: dict[threading.Thread, pebble.ProcessPool] = {}

    def submit(
        self, function: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """The result to come of a top-level function; its own exceptions pass, an unnatural end is SandboxError."""
        return self.submit_within(self._limits.cpu_limit_s, function, *args, **kwargs)

    def submit_within(
        self,
        cpu_limit_s: float,
        function: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """The same, with a limit of processor time for this call alone."""
        limits = replace(self._limits, cpu_limit_s=cpu_limit_s)
        outer: Future[Result] = Future()
        with self._lock:
            workers = self._workers
            inner = workers.submit(_run_limited, cpu_limit_s * 4, cpu_limit_s, function, args, kwargs)
        inner.add_done_callback(lambda done: self._settle(done, outer, limits, workers))
        return outer

    def close(self) -> None:
        """End the workers, also those that hang."""
        with self._lock:
            current, leaving = self._workers, dict(self._leaving)
        for workers in (current, *leaving.values()):
            workers.stop()
        current.join()
        for thread in leaving:
            thread.join()

    def _start(self) -> pebble.ProcessPool:
        return pebble.ProcessPool(
            max_workers=self.size,
            context=self._context,
            initializer=_limit_worker,
            initargs=(self._limits.memory_limit_bytes,),
        )

    def _settle(self, inner: Future[Any], outer: Future[Any], limits: Sandbox, workers: pebble.ProcessPool) -> None:
        if inner.cancelled():
            outer.cancel()
            return
        error = inner.exception()
        if error is not None:
            if isinstance(error, MemoryError):
                self._recycle(workers)
            outer.set_exception(_translated(error, limits))
            return
        result, held_bytes = inner.result()
        if held_bytes > limits.keep_limit_bytes:
            self._recycle(workers)
        outer.set_result(result)

    def _recycle(self, workers: pebble.ProcessPool) -> None:
        """Let fresh workers take the calls from now on; these end when they have done what was given to them."""
        with self._lock:
            if workers is not self._workers:
                return
            self._workers = self._start()
            workers.close()
            thread = threading.Thread(target=self._see_off, args=(workers,), daemon=True)
            self._leaving[thread] = workers
            thread.start()

    def _see_off(self, workers: pebble.ProcessPool) -> None:
        workers.join()
        with self._lock:
            del self._leaving[threading.current_thread()]


def _limit_worker(memory_limit_bytes: int) -> None:
    global _bytes_at_start  # noqa: PLW0603  # a fact of the process, which only this process asks for
    _bytes_at_start = used_bytes = _address_space_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + memory_limit_bytes, _UNLIMITED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The parent decides when the workers end; Ctrl-C in the terminal reaches them too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_limited(
    cpu_limit_s: float, function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Result, int]:
    """The function's result, and the address space that the worker has taken since its start and not given back."""
    # The kernel ends the process by SIGXCPU when its processor time passes the soft limit, whatever C code it is in.
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + cpu_limit_s), _UNLIMITED))
    result = function(*args, **kwargs)
    return result, _address_space_bytes() - _bytes_at_start


def _address_space_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


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
