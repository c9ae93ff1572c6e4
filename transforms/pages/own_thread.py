"""Runs an event loop in a thread of its own, so that it goes on while its caller handles the results so far."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")

Work = Callable[[Callable[[Item], None]], Coroutine[Any, Any, None]]
"""A coroutine function to run in the loop; its argument is the function to which it passes its results."""


def in_own_thread(work: Work[Item], name: str) -> Generator[Item, None, None]:
    """The results of `work`, in order, while it runs in the event loop of a thread called `name`.

    The loop never waits for the consumer, so results should be small: file names, not their contents. Any exception of
    `work` is raised here, after the results before it. When the generator is closed or left by an exception, `work` is
    cancelled, and the thread has ended before control returns.
    """
    thread = _LoopThread(work, name)
    thread.start()
    try:
        while not isinstance(item := thread.given.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        thread.stop()


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


class _LoopThread(Generic[Item]):
    def __init__(self, work: Work[Item], name: str) -> None:
        self.given: SimpleQueue[Item | _End] = SimpleQueue()
        self._work = work
        self._ready = threading.Event()
        self._cancel: Callable[[], object] = int
        # A daemon, so that a process that ends without closing the generator does not wait for slow hosts.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.start = self._thread.start

    def stop(self) -> None:
        """Cancel the work if it is still running, and wait until the thread has ended."""
        self._ready.wait()
        with suppress(RuntimeError):  # the loop has ended and is closed
            self._cancel()
        self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            asyncio.run(self._main())
        except BaseException as raised:  # KeyboardInterrupt too: the caller raises it
            error = raised
        finally:
            self._ready.set()
            self.given.put(_End(error))

    async def _main(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        self._ready.set()
        await self._work(self.given.put)
