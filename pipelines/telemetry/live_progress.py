"""How far the run under way is, from the records of progress that its steps log in this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.telemetry.totals import Totals
from transforms.common.progress import LOGGER_NAME, Stages


class LiveProgress(logging.Handler):
    """Sets the metrics of progress, each summed over the parts of a stage that run side by side."""

    def __init__(self, totals: Totals) -> None:
        super().__init__(logging.DEBUG)
        self._totals = totals
        self._stages = Stages()

    def begin(self) -> None:
        """Forget the former run."""
        self._stages = Stages()
        self._show()

    def emit(self, record: logging.LogRecord) -> None:
        """Take over one record of `Progress`."""
        self._stages.take(record)
        self._show()

    def _show(self) -> None:
        sums = self._stages.sums()
        self._totals.set("newsbeam_progress_done", [((stage,), done) for stage, (done, _) in sums.items()])
        self._totals.set("newsbeam_progress_expected", [((stage,), total) for stage, (_, total) in sums.items()])


@contextmanager
def live_progress(totals: Totals) -> Iterator[LiveProgress]:
    """Takes over the records of progress in the block, beside the bars of a terminal."""
    logger, handler = logging.getLogger(LOGGER_NAME), LiveProgress(totals)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
