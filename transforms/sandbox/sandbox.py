"""Killable workers: a function runs under a processor-time and a memory limit, and a hang costs one worker."""

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
"""A call whose worker was killed is tried once more: the next worker is not the one that the kernel chose to end."""
_NO_WORKERS_S: Final = 30.0
"""How long no worker may come to life before the pool gives up."""
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 2.0


class SandboxError(ReasonedError):
    """The function did not come to an end: `reason` is TIMEOUT, MEMORY or CRASH."""


class NoWorkersError(Exception):
    """No worker process comes to life on this machine, which is no call's fault."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The limits of a pool of workers; pickles, and `open` starts the pool.

    `cpu_limit_s` is processor time a call, so that a busy machine kills nobody; a call that sleeps instead is
    killed after four times that in wall time. `memory_limit_bytes` is address space beyond what a worker has at
    its start. The defaults let pass every page of the development sets with a factor of ten to spare. `preload` names
    modules that the fork server imports once, so that a fresh worker starts in milliseconds and shares their memory;
    the first pool of a process decides.

    Workers are kept, since a fresh one that finds nothing preloaded takes seconds; but one that still holds more than
    `keep_limit_bytes` of address space after a call is replaced, so that no page is refused memory for what earlier
    ones left behind.
    """

    workers: int = 0
    cpu_limit_s: float = 20.0
    memory_limit_bytes: int = 1 << 30
    keep_limit_bytes: int = 1 << 28
    preload: tuple[str, ...] = ()

    def open(self) -> SandboxPool:
        """A pool. No worker starts before the first call, so an idle run pays nothing.

        Steps of one process that open a sandbox of the same limits share one pool, which ends with the last of them.
        """
        with _OPENING:
            pool = _OPEN.get(self)
            if pool is None or pool.is_closed:
                pool = _OPEN[self] = SandboxPool(self)
            pool.users += 1
            return pool


_OPEN: Final[dict[Sandbox, SandboxPool]] = {}
_OPENING: Final = threading.Lock()


class _Call(NamedTuple):
    outer: Future[Any]
    payload: bytes
    cpu_limit_s: float


class SandboxPool:
    """A running pool; close it to end its processes. Usable from several threads.

    Each worker is led by a thread of its own and shares nothing with the others, so whatever dies (workers, the fork
    server that starts them) costs no more than what it was about. A call whose worker was killed is tried once more,
    in a fresh one.
    """

    def __init__(self, limits: Sandbox) -> None:
        # A process forked from one that has threads (Beam's, obstore's) can hang; the fork server has none.
        multiprocessing.get_context("forkserver").set_forkserver_preload([serve.__module__, *limits.preload])
        self.size = limits.workers or os.cpu_count() or 1
        self._limits = limits
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._leaders: list[threading.Thread] = []
        self._workers: set[Worker] = set()
        self._no_workers_since_s: float | None = None
        self._closed = threading.Event()
        self.users = 0

    def submit(
        self, function: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """The result to come of a top-level function; its own exceptions pass, an unnatural end is SandboxError.

        NoWorkersError where no worker has come to life for half a minute. A call that has begun cannot be cancelled.
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
        """The same, with a limit of processor time for this call alone."""
        outer: Future[Result] = Future()
        payload = pickle.dumps((cpu_limit_s, function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            if self._closed.is_set():
                raise RuntimeError("this sandbox is closed")
            self._calls.put(_Call(outer, payload, cpu_limit_s))
            if len(self._leaders) < self.size:
                leader = threading.Thread(target=self._lead, daemon=True, name=f"sandbox-{len(self._leaders)}")
                self._leaders.append(leader)
                leader.start()
        return outer

    @property
    def is_closed(self) -> bool:
        """Whether the pool has ended."""
        return self._closed.is_set()

    def close(self) -> None:
        """End the workers, also those that hang, once all who opened the pool have closed it.

        What is under way ends as a crash; what waits is cancelled.
        """
        with _OPENING:
            self.users -= 1
            if self.users > 0:
                return
        with self._lock:
            self._closed.set()
            for worker in self._workers:
                worker.kill()
        for _ in self._leaders:
            self._calls.put(None)
        for leader in self._leaders:
            leader.join()

    def _lead(self) -> None:
        """Lead one worker after another, each until it dies or has grown too large."""
        worker: Worker | None = None
        while (call := self._calls.get()) is not None:
            if self._closed.is_set():
                call.outer.cancel()
            if call.outer.set_running_or_notify_cancel():
                worker = self._conclude(call, worker)
        if worker is not None:
            self._let_go(worker)

    def _conclude(self, call: _Call, worker: Worker | None) -> Worker | None:
        """Bring the call to its end, and give the worker that is left for the next one."""
        try:
            worker, answer = self._answer(call, worker)
        except Exception as error:
            call.outer.set_exception(error)
            return None
        try:
            is_error, result, held_bytes = pickle.loads(answer)  # noqa: S301  # from our own worker
        except Exception as error:  # a result that can be sent and not be read is a bug of the function's
            is_error, result, held_bytes = True, error, 0
        if isinstance(result, MemoryError) or held_bytes > self._limits.keep_limit_bytes:
            self._let_go(worker)
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
        """The answer to a call, by the worker given or a fresh one. SandboxError or NoWorkersError where none comes."""
        for _ in range(_TRIES):
            worker = worker or self._fresh_worker()
            try:
                return worker, worker.call(call.payload, call.cpu_limit_s * 4)
            except TimeoutError:
                self._let_go(worker)
                raise SandboxError(Reason.TIMEOUT, f"stood still for {call.cpu_limit_s * 4:.0f} s") from None
            except WorkerDiedError as death:
                self._let_go(worker)
                worker, how = None, str(death)
                if death.exit_code == -signal.SIGXCPU:
                    took = f"took more than {call.cpu_limit_s:.0f} s of processor time"
                    raise SandboxError(Reason.TIMEOUT, took) from None
        raise SandboxError(Reason.CRASH, how)

    def _fresh_worker(self) -> Worker:
        """A new worker, tried for again and again. NoWorkersError when none has come to life for too long."""
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

    def _let_go(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()
