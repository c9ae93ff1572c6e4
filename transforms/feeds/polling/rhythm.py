"""How often runs come, as far as that can be known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_LAST_GAPS = 9


def run_gap_s(starts_us: Sequence[int]) -> float:
    """The time from one run to the next, by the starts of the last few runs, this one's last; 0 of a first run.

    The median, so that a run that was missed, or one that somebody made by hand, does not count. Of an even number of
    gaps the shorter of the middle ones: two runs say little about a third, and a feed that is polled a run too late
    costs less than one that is polled too soon.
    """
    gaps = sorted(later - earlier for earlier, later in pairwise(starts_us[-_LAST_GAPS - 1 :]))
    return max(0, gaps[(len(gaps) - 1) // 2]) / 1e6 if gaps else 0.0
