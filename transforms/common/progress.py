"""Progress of long work, as log records: a terminal shows them as a bar, everything else ignores them."""

from __future__ import annotations

import logging
from time import monotonic

LOGGER_NAME = "newsbeam.progress"

_EVERY_S = 0.5
_LOG = logging.getLogger(LOGGER_NAME)


class Progress:
    """Counts the steps of one part of a stage, and logs the count twice a second and at the end.

    Records have the level DEBUG and the attributes `stage`, `part` (one of several that run side by side), `done` and
    `total`.
    """

    def __init__(self, stage: str, part: int | str, total: int) -> None:
        self._stage = stage
        self._part = part
        self._total = total
        self._done = 0
        self._said_s = 0.0

    def step(self) -> None:
        """Count one more step as done."""
        self.reach(self._done + 1)

    def reach(self, done: int) -> None:
        """Set how many steps are done."""
        self._done = done
        now_s = monotonic()
        if now_s - self._said_s >= _EVERY_S or self._done == self._total:
            self._said_s = now_s
            _say(self._stage, self._part, self._done, self._total)


class Stages:
    """How far each stage is, summed over its parts, from the records of `Progress` and `announce`.

    A part never goes back: where steps run in one process, a part may be announced after it was done.
    """

    def __init__(self) -> None:
        self._parts: dict[str, dict[object, tuple[int, int]]] = {}

    def take(self, record: logging.LogRecord) -> str:
        """Take over a record; returns its stage."""
        facts = record.__dict__
        stage: str = facts["stage"]
        parts = self._parts.setdefault(stage, {})
        part = facts["part"]
        parts[part] = max(parts.get(part, (0, 0))[0], facts["done"]), facts["total"]
        return stage

    def sums(self) -> dict[str, tuple[int, int]]:
        """For each stage how many steps are done, and of how many."""
        return {
            stage: (sum(done for done, _ in parts.values()), sum(total for _, total in parts.values()))
            for stage, parts in self._parts.items()
        }


def announce(stage: str, part: int | str, total: int) -> None:
    """Log a part before it starts, so that the stage's total is known from the beginning."""
    _say(stage, part, 0, total)


def _say(stage: str, part: int | str, done: int, total: int) -> None:
    _LOG.debug("%d of %d", done, total, extra={"stage": stage, "part": part, "done": done, "total": total})
