"""Reports made of figures: two that give other figures are two reports, however alike their words."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.story import Sketch

MANY_FIGURES: Final = 6
WORDS_A_FIGURE: Final = 20
"""A report of figures: at least six, and one for each 20 words. Markets, weather, results, quakes; a story about an
event gives one for each 50 to 100."""

SAME_FIGURES: Final = 1 / 3
"""Two reports on one thing give at least this share of the fewer figures both; those of another day nearly none."""


def is_report(sketch: Sketch) -> bool:
    """Whether an article is a report of figures."""
    figures = len(sketch.figures) // 4
    return figures >= MANY_FIGURES and figures * WORDS_A_FIGURE >= sketch.word_count


def may_belong(one: Sketch, other: Sketch) -> bool:
    """Whether two articles may be of one story, as far as their figures tell."""
    if not (is_report(one) and is_report(other)):
        return True
    here, there = (np.frombuffer(sketch.figures, dtype="<u4") for sketch in (one, other))
    return bool(np.isin(here, there).sum() >= SAME_FIGURES * min(here.size, there.size))
