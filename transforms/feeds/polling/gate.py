"""Limits how many polls are under way, and raises the limit as polls end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Places for polls: `first` places at the start, and one more each time a place is given back, up to `most`."""

    def __init__(self, first: int, most: int) -> None:
        self._places = asyncio.Semaphore(min(first, most))
        self._held_back = max(0, most - first)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place while the block runs."""
        async with self._places:
            yield
        if self._held_back:
            self._held_back -= 1
            self._places.release()
