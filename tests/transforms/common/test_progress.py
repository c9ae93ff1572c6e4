"""How far a run is, from its records of progress."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from transforms.common.progress import LOGGER_NAME, Progress, Stages, announce


@pytest.fixture
def stages() -> Stages:
    return Stages()


@pytest.fixture(autouse=True)
def _taken(stages: Stages) -> Iterator[None]:
    class Taking(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            stages.take(record)

    logger, handler = logging.getLogger(LOGGER_NAME), Taking()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_stage_is_the_sum_of_its_parts(stages: Stages) -> None:
    announce("pages", "a", 3)
    announce("pages", "b", 4)
    Progress("pages", "a", 3).reach(2)
    Progress("feeds", 0, 1).step()
    assert stages.sums() == {"pages": (2, 7), "feeds": (1, 1)}


def test_a_part_that_is_announced_after_it_was_done_stays_done(stages: Stages) -> None:
    Progress("articles", "a", 3).reach(3)
    announce("articles", "a", 3)
    assert stages.sums() == {"articles": (3, 3)}


def test_the_end_of_a_part_is_always_said_however_soon_it_comes(stages: Stages) -> None:
    progress = Progress("articles", "a", 5)
    for _ in range(5):
        progress.step()
    assert stages.sums() == {"articles": (5, 5)}
