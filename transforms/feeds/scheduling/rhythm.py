"""Estimates how often runs come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_LAST_GAPS = 9


def run_gap_s(starts_us: Sequence[int]) -> float:
    """The seconds from one run to the next, from the starts of the last few runs, this run's last; 0 for a first run.

    It is the median gap, so that a missed run, or an extra one by hand, has no effect. Of an even number of gaps the
    shorter middle one is taken: two runs say little about a third, and polling a feed one run too late costs less than
    polling it too soon.
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(starts_us[-_LAST_GAPS - 1 :]))
    return max(0, gaps[(len(gaps) - 1) // 2]) / 1e6 if gaps else 0.0
