"""Tells reports made of figures apart: two with different figures are two stories, however alike their words."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.story import Sketch
from transforms.common.clock import HOUR_US

MANY_FIGURES: Final = 4
WORDS_A_FIGURE: Final = 20
"""A report has at least four figures, and one for each 20 words: markets, weather, results, quakes. A story about an
event has one for each 50 to 100 words."""

SAME_FIGURES: Final = 1 / 3
SAME_FIGURES_LATER: Final = 2 / 3
LATER_US: Final = 12 * HOUR_US
"""Two reports on one thing give at least a third of the fewer figures both. One that comes half a day later is another
day's, unless it gives two thirds of the same: small figures (temperatures, shares) meet by chance."""


def is_report(sketch: Sketch) -> bool:
    """Whether an article is a report of figures."""
    figures = len(sketch.figures) // 4
    return figures >= MANY_FIGURES and figures * WORDS_A_FIGURE >= sketch.word_count


def may_belong(one: Sketch, other: Sketch) -> bool:
    """Whether the figures of two articles allow them to be of one story; always true unless both are reports."""
    if not (is_report(one) and is_report(other)):
        return True
    here, there = (np.frombuffer(sketch.figures, dtype="<u4") for sketch in (one, other))
    dates = (one.published_us, other.published_us)
    is_later = None not in dates and abs((dates[0] or 0) - (dates[1] or 0)) >= LATER_US
    least = SAME_FIGURES_LATER if is_later else SAME_FIGURES
    return bool(np.isin(here, there).sum() >= least * min(here.size, there.size))
