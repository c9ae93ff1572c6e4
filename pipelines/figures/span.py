"""The days that figures tell of: the last 35 up to a lake's newest run, and the runs in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.run import iso, started_us
from transforms.common.clock import DAY_US

DAYS: Final = 35
"""Five weeks: the last one, and four that tell what is usual."""
MOST_RUNS: Final = 5_000
"""The most runs whose manifests are read: a stream may commit one a minute."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days up to a lake's newest run, in UTC. All of it follows from the ids of the runs.

    `runs` are the ids of the runs of these days, oldest first; of more than `MOST_RUNS` the newest. `until_us` is the
    start of the newest.
    """

    runs: tuple[str, ...]
    until_us: int

    @classmethod
    def of(cls, runs: Sequence[str]) -> Span:
        """The span of a lake with these committed runs (at least one), in order of time."""
        until_us = started_us(runs[-1])
        since_us = (until_us // DAY_US - DAYS + 1) * DAY_US
        first = bisect_left(runs, since_us, key=started_us)
        return cls(tuple(runs[first:][-MOST_RUNS:]), until_us)

    @property
    def newest(self) -> str:
        """The id of the newest run."""
        return self.runs[-1]

    @property
    def is_of(self) -> str:
        """The SQL condition that a row was written by one of these runs; ids sort by time."""
        return f"run_id >= '{self.runs[0]}'"

    def ago_us(self, days: float) -> int:
        """The instant so many days before the start of the newest run."""
        return self.until_us - round(days * DAY_US)

    def day_names(self, least: int = 1) -> list[str]:
        """The days as ``2026-03-02``, from the first run's to the newest run's; at least so many."""
        newest_day = self.until_us // DAY_US
        first_day = min(started_us(self.runs[0]) // DAY_US, newest_day - least + 1)
        return [iso(day * DAY_US)[:10] for day in range(first_day, newest_day + 1)]


def sql_instant(instant_us: int) -> str:
    """An instant as an SQL literal that means the same in every session, whatever its time zone."""
    return f"timestamptz '{iso(instant_us)[:-1].replace('T', ' ')}+00'"
