"""When the page of an article is asked for again, and whose turn it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.revisit import Revisit
from transforms.common.clock import DAY_US

LATE_US: Final = DAY_US
"""A last revisit may be so late: where runs stood still for longer, the article is not asked for any more."""

_NEVER: Final = np.iinfo(np.int64).max

Instants = NDArray[np.int64]


def due_at_us(first_seen_us: Instants, asked_us: Instants, intervals_us: Sequence[int]) -> Instants:
    """When each article is due: at the first interval after its first fetch that has not begun when it was asked last
    (0: never); after the last interval, never.

    So intervals that went by without a run, or at which the revisit came late, are one revisit and not several.
    """
    last = np.maximum(first_seen_us, asked_us)
    due = np.full(first_seen_us.shape, _NEVER, np.int64)
    for interval_us in sorted(intervals_us, reverse=True):
        at = first_seen_us + interval_us
        due = np.where(at > last, at, due)
    return due


def kept_us(intervals_us: Sequence[int]) -> int:
    """For how long after its first fetch an article is remembered."""
    return max(intervals_us) + LATE_US


def in_turn(due: Iterable[tuple[int, Revisit]]) -> list[Revisit]:
    """Due revisits, given with the instants at which they were due, in the order in which they are made.

    Publishers take turns, each with what has been due for longest first; so one whose hosts ask for a rest, and whose
    revisits stay due, does not take the places of the others.
    """
    made: Counter[str] = Counter()
    ranked = []
    for at_us, row in sorted(due, key=lambda one: (one[0], one[1].article_id)):
        ranked.append((made[row.publisher_domain], at_us, row.article_id, row))
        made[row.publisher_domain] += 1
    return [row for *_, row in sorted(ranked, key=lambda one: one[:3])]
