"""A pool of killable worker processes: each call has a limit of processor time and memory; a hang costs one worker."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from schemas.failure import Reason, ReasonedError
from transforms.sandbox.fork_server import choose_preload
from transforms.sandbox.worker import Worker, WorkerDiedError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Input = TypeVar("Input")

_Given = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The arguments of one call."""

_NO_WORKERS_S: Final = 30.0
"""The pool gives up after this time without any worker that starts."""
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 2.0
_LOOK_S: Final = 0.2
"""How often an idle worker's thread looks whether the pool rests."""


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


_Left = deque[tuple[Future[Any], bytes]]
"""Inputs without an answer, the first of which the worker is at."""


class _Call(NamedTuple):
    """A function to call with some inputs, one after another; both pickled. Each input has its own future."""

    function: bytes
    inputs: tuple[tuple[Future[Any], bytes], ...]
    cpu_limit_s: float


class SandboxPool:
    """A running pool; close it to end its processes. Usable from several threads.

    Each worker is driven by a thread of its own and shares nothing with other workers, so when a worker or the fork
    server dies, only its current call is lost. A call whose worker was killed is tried once more, in a new worker.
    What holds for a call holds for each input of `submit_each`.
    """

    def __init__(self, limits: Sandbox) -> None:
        choose_preload(limits.preload)
        self.size = limits.workers or os.cpu_count() or 1
        self._limits = limits
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._workers: set[Worker] = set()
        self._no_workers_since_s: float | None = None
        self._closed = threading.Event()
        self._is_resting = False
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
        (future,) = self._submit(cpu_limit_s, function, [(args, kwargs)])
        return future

    def submit_each(self, function: Callable[[Input], Result], inputs: Iterable[Input]) -> list[Future[Result]]:
        """As `submit` for each input, in one message: the worker goes on to the next input without waiting for us.

        Each input has its own limits, and its own result as soon as it is there. A killed worker costs the input that
        it was at; those behind go on in a new worker.
        """
        return self._submit(self._limits.cpu_limit_s, function, [((one,), {}) for one in inputs])

    def _submit(
        self, cpu_limit_s: float, function: Callable[..., Result], inputs: Iterable[_Given]
    ) -> list[Future[Result]]:
        pickled = tuple((Future[Result](), pickle.dumps(one, pickle.HIGHEST_PROTOCOL)) for one in inputs)
        call = _Call(pickle.dumps(function, pickle.HIGHEST_PROTOCOL), pickled, cpu_limit_s)
        with self._lock:
            if self._closed.is_set():
                raise RuntimeError("this sandbox is closed")
            self._is_resting = False
            self._calls.put(call)
            if len(self._threads) < self.size:
                thread = threading.Thread(target=self._answer_calls, daemon=True, name=f"sandbox-{len(self._threads)}")
                self._threads.append(thread)
                thread.start()
        return [outer for outer, _ in pickled]

    def rest(self) -> None:
        """End the workers that have nothing to do, soon, which gives back the memory they keep; later calls start new
        ones."""
        self._is_resting = True

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
        while True:
            try:
                call = self._calls.get(timeout=None if worker is None else _LOOK_S)
            except Empty:
                if self._is_resting and worker is not None:
                    self._end_worker(worker)
                    worker = None
                continue
            if call is None:
                break
            if self._closed.is_set():
                for outer, _ in call.inputs:
                    outer.cancel()
            left = deque(one for one in call.inputs if one[0].set_running_or_notify_cancel())
            try:
                worker = self._answer_all(call, left, worker)
            except Exception as error:  # there is no worker, for whatever reason
                worker = None
                for outer, _ in left:
                    outer.set_exception(error)
        if worker is not None:
            self._end_worker(worker)

    def _answer_all(self, call: _Call, left: _Left, worker: Worker | None) -> Worker | None:
        """Settle the inputs that are left, and take each away; returns the worker if it can take another call.

        Raises SandboxError if the pool is closed, or NoWorkersError.
        """
        killed: Future[Any] | None = None
        while left:
            running, worker = worker or self._fresh_worker(), None
            try:
                worker = self._answer_some(call, left, running)
            except (TimeoutError, WorkerDiedError) as end:
                self._end_worker(running)
                (first, _), error = left[0], _error_of(end, call.cpu_limit_s)
                if error.reason == Reason.CRASH and first is not killed:
                    killed = first  # tried once more: the kernel hardly chooses the next worker too
                else:
                    left.popleft()
                    first.set_exception(error)
        return worker

    def _answer_some(self, call: _Call, left: _Left, worker: Worker) -> Worker | None:
        """Settle inputs until none is left; None if the worker is to be replaced before. Raises TimeoutError or
        WorkerDiedError if the worker did not end the first that is left."""
        inputs = [given for _, given in left]
        worker.begin(pickle.dumps((call.cpu_limit_s, self._limits.keep_limit_bytes, call.function, inputs)))
        while left:
            answer = worker.answer(call.cpu_limit_s * 4)
            if not self._settle(left.popleft()[0], answer):
                self._end_worker(worker)
                return None
        return worker

    def _settle(self, outer: Future[Any], answer: bytes) -> bool:
        """Set a future's result or exception; returns whether the worker can go on, as `serve` decides too."""
        try:
            is_error, result, held_bytes = pickle.loads(answer)  # noqa: S301  # from our own worker
        except Exception as error:  # a result that can be pickled but not unpickled is a bug of the function
            outer.set_exception(error)
            return False
        if not is_error:
            outer.set_result(result)
        elif isinstance(result, MemoryError):
            limit_mib = self._limits.memory_limit_bytes >> 20
            outer.set_exception(SandboxError(Reason.MEMORY, f"needed more than {limit_mib} MiB of memory"))
        else:
            outer.set_exception(result)
        return not isinstance(result, MemoryError) and bool(held_bytes <= self._limits.keep_limit_bytes)

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


def _error_of(end: TimeoutError | WorkerDiedError, cpu_limit_s: float) -> SandboxError:
    """What the end of a worker means for the input that it was at."""
    if isinstance(end, TimeoutError):
        return SandboxError(Reason.TIMEOUT, f"stood still for {cpu_limit_s * 4:.0f} s")
    if end.exit_code == -signal.SIGXCPU:
        return SandboxError(Reason.TIMEOUT, f"took more than {cpu_limit_s:.0f} s of processor time")
    return SandboxError(Reason.CRASH, str(end))
