"""Recognises a roundup: a text put together from several others, which is a copy of none of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.fingerprint import MIN_SHINGLES
from transforms.compare.copies.pairs.boilerplate import in_groups, row_counts, shared
from transforms.compare.copies.pairs.copy_rules import SCATTERED, is_all_over
from transforms.compare.copies.pairs.overlap import Mask

ROUNDUP_WHOLE: Final = 0.60
ROUNDUP_PART: Final = 0.10
ROUNDUP_APART: Final = 0.20
"""A text is a roundup if no other text covers 60 % of it, and it has two sources: texts that each cover 10 % of it,
that cover different passages, and of which a fifth is not in it (an abridged copy would be in it whole). A text is no
roundup if one other text covers it from beginning to end, even thinly: then its words were edited throughout."""

ROUNDUP_GROUPS: Final = 3
"""… and passages that more than three unrelated texts have do not count as evidence: they are a house footer."""


def may_be_roundup(counts: NDArray[np.int64], own_size: int, sizes: NDArray[np.int64]) -> bool:
    """A cheap first check. `counts`: how many of a text's `own_size` shingles each other text of these `sizes` has."""
    if not own_size or counts.max(initial=0) >= ROUNDUP_WHOLE * own_size:
        return False
    return bool(np.count_nonzero(_is_part(counts, own_size, sizes)) >= 2)


def is_roundup(seen: Mask, groups: NDArray[np.int64], sizes: NDArray[np.int64]) -> bool:
    """Whether a text is a roundup; `seen`: which of the text's shingles (columns) each other text (row) has."""
    if not _has_sources(seen, sizes) or _is_edited(seen):
        return False
    return _has_sources(seen[:, in_groups(seen, groups) <= ROUNDUP_GROUPS], sizes)


def _is_edited(seen: Mask) -> bool:
    if seen.shape[1] < MIN_SHINGLES:
        return False
    counts = row_counts(seen)
    return any(is_all_over(row) for row in seen[counts >= SCATTERED * seen.shape[1]])


def _has_sources(seen: Mask, sizes: NDArray[np.int64]) -> bool:
    counts = row_counts(seen)
    if not may_be_roundup(counts, seen.shape[1], sizes):
        return False
    is_part = _is_part(counts, seen.shape[1], sizes)
    least = np.minimum.outer(counts[is_part], counts[is_part])
    return bool((shared(seen[is_part]) < ROUNDUP_PART * least).any())


def _is_part(counts: NDArray[np.int64], own_size: int, sizes: NDArray[np.int64]) -> Mask:
    return np.asarray((counts >= ROUNDUP_PART * own_size) & (counts <= (1 - ROUNDUP_APART) * np.maximum(sizes, 1)))
