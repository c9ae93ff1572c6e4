"""Memory for large bodies: many hosts may send much at the same time, and the process must not grow with them."""

from __future__ import annotations

import asyncio
from collections import deque

from transforms.web.settings import MIB

BUDGET_BYTES = 256 * MIB
"""What all large bodies in flight may hold together."""

SMALL_BYTES = 2 * MIB
"""A body up to this size needs no room of its own: nearly every page and feed, so nearly none ever waits."""


class Lease:
    """Room for one body. Given back by `close`, or when nobody holds the lease any more."""

    __slots__ = ("_budget", "size_bytes")

    def __init__(self, budget: BodyBudget, size_bytes: int) -> None:
        self._budget = budget
        self.size_bytes = size_bytes

    def shrink(self, size_bytes: int) -> None:
        """Give back what turned out not to be needed."""
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
    """So many bytes for all large bodies, first come, first served; made inside a running loop.

    A body takes all the room it may need before it is read on, so that no two can wait for each other.
    """

    def __init__(self, total_bytes: int = BUDGET_BYTES) -> None:
        self.free_bytes = total_bytes
        self._total_bytes = total_bytes
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def lease(self, size_bytes: int) -> Lease:
        """Room for `size_bytes`, or for the whole budget where that is less, as soon as there is any."""
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
        """Take room back and let the next body have it."""
        self.free_bytes += size_bytes
        self._serve()

    def give_back_from_anywhere(self, size_bytes: int) -> None:
        """As `give_back`, from a thread that the garbage collector happens to run in."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.give_back, size_bytes)

    def _serve(self) -> None:
        while self._waiting:
            size_bytes, turn = self._waiting[0]
            if turn.done():  # its request was given up
                self._waiting.popleft()
            elif size_bytes <= self.free_bytes:
                self._waiting.popleft()
                self.free_bytes -= size_bytes
                turn.set_result(None)
            else:
                return
