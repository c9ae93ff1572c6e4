"""Recognises two reports from one form: the same words, filled in with other figures."""

from __future__ import annotations

from typing import Final

import numpy as np

from transforms.compare.copies.pairs.overlap import Overlap
from transforms.compare.copies.pairs.passages import PASSAGE_WORDS, in_passages
from transforms.text.shingles import SHINGLE_WORDS

FORM_GAPS: Final = 0.5
FORM_DENSITY: Final = 1 / 20
FORM_PASSAGES: Final = 100
FORM_PASSAGES_DENSITY: Final = 1 / 10
"""A form: half of the gaps between words that stay hold a figure that does not. Where most of the words stay, one word
in 20 must be such a figure, because a report that is brought up to date has new figures too, but not so many. Where 100
words stay in passages without any change, it must be one word in 10: a form says hardly anything without a figure."""


def is_form(overlap: Overlap, is_mostly: bool) -> bool:
    """Whether the texts differ mostly in figures between words that stay; `is_mostly`: most words stay.

    A passage that only one text has is no gap of a form.
    """
    covered, figures = overlap.covered, overlap.figures
    stays = covered.copy()
    for later in range(1, round(SHINGLE_WORDS * overlap.items_a_word)):  # a word stays if a shingle that holds it does
        stays[later:] |= covered[:-later]
    places = np.concatenate(([-1], np.flatnonzero(stays), [stays.size]))  # the ends count as words that stay
    counted = np.concatenate(([0], np.cumsum(figures, dtype=np.int64)))
    gaps = np.diff(places) - 1
    is_short = (gaps > 0) & (gaps < PASSAGE_WORDS * overlap.items_a_word)
    lost = (counted[places[1:]] - counted[places[:-1] + 1])[is_short]
    changed = int(lost.sum())
    is_dense = changed * overlap.items_a_word >= _density(overlap, is_mostly) * covered.size
    return bool(is_dense and changed and np.count_nonzero(lost) >= FORM_GAPS * lost.size)


def _density(overlap: Overlap, is_mostly: bool) -> float:
    """The least share of all words that must be figures that change."""
    if in_passages(overlap.covered, overlap.items_a_word) >= FORM_PASSAGES * overlap.items_a_word:
        return FORM_PASSAGES_DENSITY
    return FORM_DENSITY if is_mostly else 0.0
