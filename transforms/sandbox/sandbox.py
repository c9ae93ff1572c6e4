"""A pool of killable worker processes: each call has a limit of processor time and memory; a hang costs one worker."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from schemas.failure import Reason, ReasonedError
from transforms.sandbox.serve import serve
from transforms.sandbox.worker import Worker, WorkerDiedError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_TRIES: Final = 2
"""How often a call is tried whose worker is killed: the kernel hardly chooses the next worker too."""
_NO_WORKERS_S: Final = 30.0
"""The pool gives up after this time without any worker that starts."""
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 2.0


class SandboxError(ReasonedError):
    """The function did not come to an end: `reason` is TIMEOUT, MEMORY or CRASH."""


class NoWorkersError(Exception):
    """No worker process starts on this machine, which is not the fault of any call."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The limits of a pool of workers. Can be pickled; `open` starts the pool.

    `cpu_limit_s` is processor time for each call, so that a busy machine kills no call; a call that sleeps is killed
    after four times that in wall time. `memory_limit_bytes` is address space beyond what a worker has at its start.
    With the defaults every page of the development sets passes with a factor of ten to spare. `preload` names modules
    that the fork server imports once, so that a new worker starts in milliseconds and shares their memory; the first
    pool of a process decides.

    Workers are reused, since a new one without preloaded modules takes seconds to start. A worker that still holds more
    than `keep_limit_bytes` of address space after a call is replaced, so that no page runs out of memory because of
    earlier pages. `workers` 0 means one for each processor.
    """

    workers: int = 0
    cpu_limit_s: float = 20.0
    memory_limit_bytes: int = 1 << 30
    keep_limit_bytes: int = 1 << 28
    preload: tuple[str, ...] = ()

    def open(self) -> SandboxPool:
        """A pool. No worker starts before the first call, so an idle run pays nothing.

        Steps of one process that open a sandbox with equal limits share one pool, which ends when all have closed it.
        """
        with _OPEN_LOCK:
            pool = _OPEN.get(self)
            if pool is None:
                pool = _OPEN[self] = SandboxPool(self)
            pool.users += 1
            return pool


_OPEN: Final[dict[Sandbox, SandboxPool]] = {}
_OPEN_LOCK: Final = threading.Lock()


class _Call(NamedTuple):
    outer: Future[Any]
    payload: bytes
    cpu_limit_s: float


class SandboxPool:
    """A running pool; close it to end its processes. Usable from several threads.

    Each worker is driven by a thread of its own and shares nothing with other workers, so when a worker or the fork
    server dies, only its current call is lost. A call whose worker was killed is tried once more, in a new worker.
    """

    def __init__(self, limits: Sandbox) -> None:
        # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
        multiprocessing.get_context("forkserver").set_forkserver_preload([serve.__module__, *limits.preload])
        self.size = limits.workers or os.cpu_count() or 1
        self._limits = limits
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._workers: set[Worker] = set()
        self._no_workers_since_s: float | None = None
        self._closed = threading.Event()
        self.users = 0

    def submit(
        self, function: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """The future result of a call to a top-level function.

        The future raises the function's own exceptions, SandboxError if the call did not end by itself, or
        NoWorkersError if no worker has started for half a minute. A call that has begun cannot be cancelled.
        """
        return self.submit_within(self._limits.cpu_limit_s, function, *args, **kwargs)

    def submit_within(
        self,
        cpu_limit_s: float,
        function: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """As `submit`, with `cpu_limit_s` in place of the pool's limit of processor time."""
        outer: Future[Result] = Future()
        payload = pickle.dumps((cpu_limit_s, function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            if self._closed.is_set():
                raise RuntimeError("this sandbox is closed")
            self._calls.put(_Call(outer, payload, cpu_limit_s))
            if len(self._threads) < self.size:
                thread = threading.Thread(target=self._answer_calls, daemon=True, name=f"sandbox-{len(self._threads)}")
                self._threads.append(thread)
                thread.start()
        return outer

    def close(self) -> None:
        """End the workers, also those that hang, once all who opened the pool have closed it.

        Calls under way end as a crash; waiting calls are cancelled.
        """
        with _OPEN_LOCK:
            self.users -= 1
            if self.users > 0:
                return
            if _OPEN.get(self._limits) is self:
                del _OPEN[self._limits]  # who opens now gets a pool of its own, while this one ends
        with self._lock:
            self._closed.set()
            for worker in self._workers:
                worker.kill()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _answer_calls(self) -> None:
        """Answer calls with one worker after another, each until it dies or has grown too large."""
        worker: Worker | None = None
        while (call := self._calls.get()) is not None:
            if self._closed.is_set():
                call.outer.cancel()
            if call.outer.set_running_or_notify_cancel():
                worker = self._complete(call, worker)
        if worker is not None:
            self._end_worker(worker)

    def _complete(self, call: _Call, worker: Worker | None) -> Worker | None:
        """Set the call's result or exception; returns the worker if it can take the next call."""
        try:
            worker, answer = self._answer(call, worker)
        except Exception as error:
            call.outer.set_exception(error)
            return None
        try:
            is_error, result, held_bytes = pickle.loads(answer)  # noqa: S301  # from our own worker
        except Exception as error:  # a result that can be pickled but not unpickled is a bug of the function
            is_error, result, held_bytes = True, error, 0
        if isinstance(result, MemoryError) or held_bytes > self._limits.keep_limit_bytes:
            self._end_worker(worker)
            worker = None
        if not is_error:
            call.outer.set_result(result)
        elif isinstance(result, MemoryError):
            limit_mib = self._limits.memory_limit_bytes >> 20
            call.outer.set_exception(SandboxError(Reason.MEMORY, f"needed more than {limit_mib} MiB of memory"))
        else:
            call.outer.set_exception(result)
        return worker

    def _answer(self, call: _Call, worker: Worker | None) -> tuple[Worker, bytes]:
        """The answer to a call, with the worker (given or new) that gave it. Raises SandboxError or NoWorkersError."""
        for _ in range(_TRIES):
            worker = worker or self._fresh_worker()
            try:
                return worker, worker.call(call.payload, call.cpu_limit_s * 4)
            except TimeoutError:
                self._end_worker(worker)
                raise SandboxError(Reason.TIMEOUT, f"stood still for {call.cpu_limit_s * 4:.0f} s") from None
            except WorkerDiedError as death:
                self._end_worker(worker)
                worker, how = None, str(death)
                if death.exit_code == -signal.SIGXCPU:
                    took = f"took more than {call.cpu_limit_s:.0f} s of processor time"
                    raise SandboxError(Reason.TIMEOUT, took) from None
        raise SandboxError(Reason.CRASH, how)

    def _fresh_worker(self) -> Worker:
        """A new worker, after as many tries as it takes. Raises NoWorkersError after `_NO_WORKERS_S` without one."""
        pause_s = _FIRST_PAUSE_S
        while not self._closed.is_set():
            try:
                worker = Worker(self._limits.memory_limit_bytes)
            except (WorkerDiedError, OSError) as error:
                now_s = time.monotonic()
                self._no_workers_since_s = self._no_workers_since_s or now_s
                if now_s - self._no_workers_since_s >= _NO_WORKERS_S:
                    raise NoWorkersError(
                        f"no worker process comes to life on this machine, which may lack memory or processes ({error})"
                    ) from None
                self._closed.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
                continue
            self._no_workers_since_s = None
            with self._lock:
                self._workers.add(worker)
                if self._closed.is_set():
                    worker.kill()
            return worker
        raise SandboxError(Reason.CRASH, "the sandbox was closed")

    def _end_worker(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()
