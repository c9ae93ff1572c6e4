"""Looks now and then whether long work may still go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

WATCH_S: Final = 5.0
"""How often work looks: a run that has lost its lake asks hosts for at most so long beside the next run."""


class Watch:
    """Calls `check`, which raises if the work must end, at the first look and then at most every `every_s` seconds."""

    def __init__(self, check: Callable[[], None], every_s: float = WATCH_S) -> None:
        self._check = check
        self._every_s = every_s
        self._due_s = monotonic()

    async def look(self) -> None:
        """Raise what `check` raises, if it is time to call it; in a thread, since it may ask a distant store."""
        if monotonic() >= self._due_s:
            await asyncio.to_thread(self._check)
            self._due_s = monotonic() + self._every_s
