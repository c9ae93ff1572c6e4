"""Runs an iterator in a thread of its own, a few items ahead of its consumer."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import TypeVar

Item = TypeVar("Item")

_LOOK_S = 0.2


def read_ahead(items: Iterable[Item], most: int, name: str) -> Generator[Item, None, None]:
    """The items in order; at most `most` wait to be taken, while the thread called `name` makes the next.

    Any exception of the iterator is raised here, after the items before it. When this generator is closed, the iterator
    stops at its next item, and the thread has ended before control returns.
    """
    waiting: Queue[Item | _End] = Queue(most)
    stopped = threading.Event()

    def put(item: Item | _End) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_LOOK_S)
                return
            except Full:
                continue

    def work() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
        except BaseException as raised:  # the consumer raises it
            error = raised
        put(_End(error))

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stopped.set()
        while thread.is_alive():
            try:
                waiting.get_nowait()
            except Empty:
                thread.join(_LOOK_S)


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None
