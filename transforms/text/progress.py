"""Long work says how far it is: a log record, which a terminal turns into a bar and everything else passes over."""

from __future__ import annotations

import logging
from time import monotonic

LOGGER_NAME = "newsbeam.progress"

_EVERY_S = 0.5
_LOG = logging.getLogger(LOGGER_NAME)


class Progress:
    """Counts the steps of one part of a stage and logs them twice a second, and at the end.

    A record at level DEBUG has the attributes `stage`, `part` (which of several that go on side by side), `done` and
    `total`.
    """

    def __init__(self, stage: str, part: int | str, total: int) -> None:
        self._stage = stage
        self._part = part
        self._total = total
        self._done = 0
        self._said_s = 0.0

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        now_s = monotonic()
        if now_s - self._said_s >= _EVERY_S or self._done == self._total:
            self._said_s = now_s
            facts = {"stage": self._stage, "part": self._part, "done": self._done, "total": self._total}
            _LOG.debug("%d of %d", self._done, self._total, extra=facts)
