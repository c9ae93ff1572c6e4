"""Submits calls ahead of their results: enough to keep every worker busy, few enough to hold in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from transforms.sandbox.sandbox import SandboxPool

Item = TypeVar("Item")
Call = TypeVar("Call")

_PER_WORKER = 2


def ahead(pool: SandboxPool, items: Iterable[Item], start: Callable[[Item], Call]) -> Iterator[tuple[Item, Call]]:
    """Each item with the call that `start` began for it, in order; two calls for each worker are under way."""
    waiting: deque[tuple[Item, Call]] = deque()
    for item in items:
        waiting.append((item, start(item)))
        if len(waiting) > _PER_WORKER * pool.size:
            yield waiting.popleft()
    yield from waiting
