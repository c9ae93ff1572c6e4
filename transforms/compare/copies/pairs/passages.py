"""Passages: long runs of shingles that two texts share, or that only one of them has."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.pairs.overlap import Mask

PASSAGE_WORDS: Final = 25
"""The least length of a passage. What is shorter is a change in a sentence, or the words between two changes."""


def gaps(mask: Mask) -> NDArray[np.int64]:
    """The lengths of the false runs before, between and after the true places; 0 between neighbours."""
    return np.diff(np.concatenate(([-1], np.flatnonzero(mask), [mask.size]))) - 1


def in_passages(mask: Mask, items_a_word: float = 1.0) -> int:
    """How many true places are in runs at least as long as a passage."""
    runs = gaps(~mask)
    return int(runs[runs >= PASSAGE_WORDS * items_a_word].sum())
