"""Bounds the memory of large bodies, of which many hosts may send some at the same time."""

from __future__ import annotations

import asyncio
from collections import deque

from transforms.web.settings import MIB

BUDGET_BYTES = 256 * MIB
"""The memory that all large bodies in flight may take together."""

SMALL_BYTES = 2 * MIB
"""A body up to this size needs no lease. Nearly every page and feed is smaller, so nearly none ever waits."""


class Lease:
    """Room for one body. It is given back by `close`, or when the lease is garbage-collected."""

    __slots__ = ("_budget", "size_bytes")

    def __init__(self, budget: BodyBudget, size_bytes: int) -> None:
        self._budget = budget
        self.size_bytes = size_bytes

    def shrink(self, size_bytes: int) -> None:
        """Keep only `size_bytes` and give the rest back."""
        freed = self.size_bytes - size_bytes
        if freed > 0:
            self.size_bytes = size_bytes
            self._budget.give_back(freed)

    def close(self) -> None:
        """Give everything back."""
        self.shrink(0)

    def __del__(self) -> None:
        if self.size_bytes:
            self._budget.give_back_from_anywhere(self.size_bytes)


class BodyBudget:
    """A number of bytes shared by all large bodies, first come, first served; made inside a running loop.

    A body takes all the room that it may need at once, before more of it is read, so that no two bodies can wait for
    each other.
    """

    def __init__(self, total_bytes: int = BUDGET_BYTES) -> None:
        self.free_bytes = total_bytes
        self._total_bytes = total_bytes
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def lease(self, size_bytes: int) -> Lease:
        """A lease of `size_bytes`, or of the whole budget if that is less, as soon as there is room."""
        size_bytes = min(size_bytes, self._total_bytes)
        turn: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((size_bytes, turn))
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(size_bytes)
            raise
        return Lease(self, size_bytes)

    def give_back(self, size_bytes: int) -> None:
        """Take room back and let the next waiting body have it."""
        self.free_bytes += size_bytes
        self._serve()

    def give_back_from_anywhere(self, size_bytes: int) -> None:
        """As `give_back`, callable from any thread, because the garbage collector may run in any."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.give_back, size_bytes)

    def _serve(self) -> None:
        while self._waiting:
            size_bytes, turn = self._waiting[0]
            if turn.done():  # its request was cancelled
                self._waiting.popleft()
            elif size_bytes <= self.free_bytes:
                self._waiting.popleft()
                self.free_bytes -= size_bytes
                turn.set_result(None)
            else:
                return
