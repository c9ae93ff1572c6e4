"""Text that belongs to nobody: shingles that stand in many texts which have nothing else in common.

Groups of alike texts are counted and not texts, so that a much-copied story is not taken for boilerplate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.candidates import COMMON_GROUPS
from transforms.compare.copies.fingerprint import Shingles
from transforms.compare.copies.overlap import Mask

ALIKE: Final = 0.80
"""Texts that share this much of the shorter are one group in counting what is common. Reports from one template share
less (0.3 to 0.6), else they would be copies of one another."""

VERBATIM: Final = 0.92
"""Of texts with a shingle or one of its neighbours, this share has the shingle where it is boilerplate: all but
some. Of a story that a hundred papers edited each in its own way, one word in 33 changed, 89 % have it, and of two
copies neither is alike to the other."""

GROUP_SAMPLE: Final = 4_000
"""Shingles of a view, all texts together, that are enough to tell its groups: all of short texts, a sample of long."""

SKELETON_TEXTS: Final = 3
SKELETON_SAME: Final = 0.75
SKELETON_RUN: Final = 25
"""A form: three unrelated texts or more share the same three quarters of what any of them shares with a text, and that
is in pieces of 25 shingles at most on average."""

_BUCKETS: Final = np.uint32(0xFFF)
"""Sampled shingles are told apart by 12 bits: of some 60 of each text, two strangers share one by chance."""


def may_hold_common(seen: Mask) -> bool:
    """A cheap bound: whether any column stands in more rows than `COMMON_GROUPS`."""
    if seen.shape[0] <= COMMON_GROUPS or not seen.size:
        return False
    # Bytes are added fastest, and hold the sum: a view has fewer than 256 rows.
    return int(np.add.reduce(seen.view(np.uint8), axis=0, dtype=np.uint8).max()) > COMMON_GROUPS


def common_shingles(seen: Mask, groups: NDArray[np.int64]) -> Mask:
    """Which columns stand in more than `COMMON_GROUPS` groups of rows, word for word."""
    return (in_groups(seen, groups) > COMMON_GROUPS) & _is_verbatim(seen)


def _is_verbatim(seen: Mask) -> Mask:
    """Which columns nearly all rows have that have the words around: nobody edits a footer."""
    around = seen.copy()
    around[:, 1:] |= seen[:, :-1]
    around[:, :-1] |= seen[:, 1:]
    return np.asarray(np.count_nonzero(seen, axis=0) >= VERBATIM * np.count_nonzero(around, axis=0))


def skeleton(partly: Mask) -> Mask:
    """Which columns are the fixed words of a form, where each row is a text that has some of one text's shingles.

    Copies that are edited each in its own way share other words with each; reports that fill one form in share the
    same words with all, and lose words in the same places. None where rows are few, or where what they share is a
    block: a lead that several papers took over.
    """
    nothing = np.zeros(partly.shape[1], dtype=np.bool_)
    if partly.shape[0] < SKELETON_TEXTS:
        return nothing
    core: Mask = np.logical_and.reduce(partly, axis=0)
    size = int(np.count_nonzero(core))
    if size * partly.shape[0] < SKELETON_SAME * np.count_nonzero(partly):
        return nothing
    runs = int(np.count_nonzero(core[1:] & ~core[:-1])) + bool(core[:1].any())
    return np.logical_or.reduce(partly, axis=0) if runs * SKELETON_RUN >= size else nothing


def in_groups(seen: Mask, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many groups of rows each column stands in; `groups` numbers the group of each row."""
    starts = np.flatnonzero(np.diff(np.sort(groups), prepend=-1))
    reached = np.logical_or.reduceat(seen[np.argsort(groups, kind="stable")], starts, axis=0)
    return np.asarray(reached.sum(axis=0, dtype=np.int64))


def bits_for(shingles: int) -> int:
    """How far texts of this many shingles in all are to be `thinned`."""
    return max(shingles // GROUP_SAMPLE, 1).bit_length() - 1


def thinned(shingles: Shingles, bits: int) -> Shingles:
    """One in 2^`bits` of a text's shingles, chosen by hash (not by the two lowest bits, which are no chance)."""
    return np.asarray(shingles[shingles & np.uint32(((1 << bits) - 1) << 2) == 0])


def groups_of(samples: Sequence[Shingles]) -> NDArray[np.int64]:
    """For each text the first of its group, told from its `thinned` shingles.

    A group is closed: two texts alike to a third are in one with it.
    """
    shingles = np.concatenate(samples)
    row = np.repeat(np.arange(len(samples)), [one.size for one in samples])
    has = np.zeros((len(samples), int(_BUCKETS) + 1), dtype=np.bool_)
    has[row, shingles >> np.uint32(20) & _BUCKETS] = True
    size = row_counts(has)
    alike = shared(has) >= ALIKE * np.minimum.outer(size, size)
    np.fill_diagonal(alike, True)
    first = np.arange(len(samples))
    while True:
        reached = np.where(alike, first, len(samples)).min(axis=1)
        if np.array_equal(reached, first):
            return first
        first = reached


def row_counts(rows: Mask) -> NDArray[np.int64]:
    """How many columns are true in each row. By bits: four times as fast as `np.count_nonzero` along an axis."""
    return np.asarray(np.bitwise_count(np.packbits(rows, axis=1)).sum(axis=1, dtype=np.int64))


def shared(rows: Mask) -> NDArray[np.int64]:
    """For each two rows the number of columns true in both. By bits: a matrix product would start BLAS's threads."""
    words = -(-rows.shape[1] // 64)
    packed = np.zeros((rows.shape[0], 8 * words), dtype=np.uint8)
    bits = np.packbits(rows, axis=1)
    packed[:, : bits.shape[1]] = bits
    packed = packed.view(np.uint64)
    both = np.empty((rows.shape[0], rows.shape[0]), dtype=np.int64)
    for place, row in enumerate(packed):
        np.bitwise_count(packed & row).sum(axis=1, dtype=np.int64, out=both[place])
    return both
