"""When articles are due for a revisit, whose turn it is, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.revisit import REVISITS, Revisit
from schemas.run import new_run_id
from tests.rows import NOON_US
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts
from transforms.lake.revisits.due import due_revisits, still_awaited
from transforms.lake.revisits.schedule import due_at_us, in_turn, kept_us

INTERVALS = (HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US)
NEVER = np.iinfo(np.int64).max


def row(name: str, seen_us: int = NOON_US, asked_us: int | None = None, domain: str = "example.org") -> Revisit:
    return Revisit(name * 32, name * 32, domain, seen_us, seen_us, seen_us + kept_us(INTERVALS), asked_us)


def due_us(seen_us: int, asked_us: int) -> int:
    return int(due_at_us(np.array([seen_us]), np.array([asked_us]), INTERVALS)[0])


def test_an_article_is_due_at_each_interval_after_its_first_fetch_and_then_never_again() -> None:
    asked_us, dates = 0, []
    while (at_us := due_us(NOON_US, asked_us)) != NEVER:
        dates.append(at_us - NOON_US)
        asked_us = at_us + 60_000_000  # the run came a minute later
    assert dates == list(INTERVALS)


def test_intervals_that_went_by_without_a_run_are_one_revisit() -> None:
    assert due_us(NOON_US, 0) == NOON_US + HOUR_US
    assert due_us(NOON_US, NOON_US + 30 * HOUR_US) == NOON_US + 7 * DAY_US
    assert due_us(NOON_US, NOON_US + 8 * DAY_US) == NEVER


@given(st.integers(0, 20 * DAY_US), st.lists(st.integers(1, 10 * DAY_US), min_size=1, max_size=5))
def test_what_is_due_next_lies_after_what_was_asked_and_is_an_interval(asked_us: int, intervals: list[int]) -> None:
    at_us = int(due_at_us(np.array([NOON_US]), np.array([NOON_US + asked_us]), intervals)[0])
    later = [NOON_US + one for one in intervals if one > asked_us]
    assert at_us == (min(later) if later else NEVER)


def test_publishers_take_turns_each_with_what_has_been_due_for_longest_first() -> None:
    due = [(5, row("a")), (3, row("b")), (4, row("c")), (9, row("d", domain="example.com"))]
    assert [one.article_id[0] for one in in_turn(due)] == ["b", "d", "c", "a"]
    assert in_turn(reversed(due)) == in_turn(due)


class Lake:
    """The parts of the state that runs an hour apart have left."""

    def __init__(self, folder: Path) -> None:
        self.storage = Storage(str(folder))
        self.reader = PartReader(self.storage)
        self.parts: list[str] = []

    def add(self, *rows: Revisit) -> None:
        run_id = new_run_id(NOON_US + len(self.parts) * HOUR_US, None)
        self.parts.append(PartWriter(self.storage, run_id).write(REVISITS, rows, "00000").path)

    def due(self, now_us: int) -> str:
        return "".join(one.article_id[0] for one in due_revisits(self.reader, self.parts, now_us, INTERVALS))

    def merge(self, now_us: int) -> list[Revisit]:
        keep = still_awaited(self.reader, self.parts, now_us)
        merged = merge_parts(self.storage, REVISITS, self.parts, new_run_id(NOON_US + 99 * HOUR_US, None), keep)
        self.parts = [merged.path]
        return list(self.reader.rows(REVISITS, merged.path))


def test_of_an_article_s_rows_the_one_that_was_asked_last_counts_in_whatever_part_it_is(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.due(NOON_US + HOUR_US) == ""
    lake.add(row("a"), row("b"), row("c", NOON_US + HOUR_US))
    lake.add(row("b", asked_us=NOON_US + HOUR_US))
    assert lake.due(NOON_US + HOUR_US - 1) == ""
    assert lake.due(NOON_US + HOUR_US) == "a", "b was asked, c is not due"
    lake.parts.reverse()
    assert lake.due(NOON_US + 6 * HOUR_US) == "acb", "b is due again, for the shortest time"
    assert lake.due(NOON_US + 7 * DAY_US + DAY_US) == "c", "a and b are too old"


def test_merging_keeps_the_newest_row_of_what_is_still_awaited(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.add(row("a"), row("b"), row("e", NOON_US - 30 * DAY_US))
    lake.add(asked := row("b", asked_us=NOON_US + HOUR_US), replace(row("c"), until_at_us=NOON_US))
    before = lake.due(NOON_US + 2 * HOUR_US)
    assert lake.merge(NOON_US + 2 * HOUR_US) == [row("a"), asked]
    assert lake.due(NOON_US + 2 * HOUR_US) == before == "a"
    lake.add(row("a", asked_us=NOON_US + 3 * HOUR_US))
    asked_at = {one.article_id[0]: one.asked_at_us for one in lake.merge(NOON_US + 3 * HOUR_US)}
    assert asked_at == {"a": NOON_US + 3 * HOUR_US, "b": NOON_US + HOUR_US}
