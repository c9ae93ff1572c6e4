"""The clock that a run reads: real time, shifted so that tests and replays can choose the time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

SECOND_US = 1_000_000
DAY_S = 86_400
HOUR_US, DAY_US = 3_600 * SECOND_US, DAY_S * SECOND_US


class Now(Protocol):
    """What tells the hour: a `Clock`, or a test's own."""

    def now_us(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus `offset_us` microseconds. Pickles, so that all workers of a run read the same time."""

    offset_us: int = 0

    @classmethod
    def starting_at(cls, now_us: int) -> Clock:
        """A clock that shows `now_us` at this moment and runs on from there."""
        return cls(now_us - time.time_ns() // 1000)

    def now_us(self) -> int:
        """Microseconds since 1970, UTC."""
        return time.time_ns() // 1000 + self.offset_us
