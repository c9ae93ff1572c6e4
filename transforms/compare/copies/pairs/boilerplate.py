"""Finds boilerplate: shingles that occur in many texts which have nothing else in common.

Not texts are counted but groups of alike texts, so that a much-copied story is not taken for boilerplate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.candidates import COMMON_GROUPS
from transforms.compare.copies.fingerprint import Shingles
from transforms.compare.copies.pairs.overlap import Mask
from transforms.compare.copies.pairs.passages import in_passages

ALIKE: Final = 0.80
"""Two texts that share this much of the shorter are one group. Reports from one template share less (0.3 to 0.6), or
they would be copies of one another."""

VERBATIM: Final = 0.92
VERBATIM_REACH: Final = 2
"""Of texts with a shingle or one of its neighbours, two to each side, this share has the shingle where it is
boilerplate: all but some. Of a story that a hundred papers edited each in its own way, one word in 33 changed, 89 %
have it (94 % if only one neighbour to each side counted), and of two copies neither is alike to the other."""

GROUP_SAMPLE: Final = 4_000
"""How many shingles, of all texts of a view together, suffice to group them. Longer texts are sampled (`thinned`)."""

SKELETON_TEXTS: Final = 3
SKELETON_SAME: Final = 0.75
SKELETON_RUN: Final = 25
"""A form: three unrelated texts or more share the same three quarters of what any of them shares with a text, and that
is in pieces of 25 shingles at most on average."""

SKELETON_PASSAGES: Final = 200
"""… and less than 200 words of it stand in unbroken passages. Copies with paragraphs of their own share the report
between these paragraphs, which has gaps in the same places too."""

SKELETON_MORE: Final = 1.25
SKELETON_ASKED: Final = 8
"""… and of these, at most eight, no two share much more with one another than all do with the text. If one text was
edited throughout, what several copies of its story share with it has gaps in the same places too; but they have the
words in common that were edited in the one."""

_BUCKETS: Final = np.uint32(0xFFF)
"""Sampled shingles are compared by 12 bits: of about 60 shingles each, two unrelated texts share one by chance."""


def may_hold_common(seen: Mask) -> bool:
    """A cheap first check: whether any column is true in more than `COMMON_GROUPS` rows."""
    if seen.shape[0] <= COMMON_GROUPS or not seen.size:
        return False
    # Adding bytes is fastest, and a byte holds the sum: a view has fewer than 256 rows.
    return int(np.add.reduce(seen.view(np.uint8), axis=0, dtype=np.uint8).max()) > COMMON_GROUPS


def common_shingles(seen: Mask, groups: NDArray[np.int64]) -> Mask:
    """Which columns are boilerplate: in more than `COMMON_GROUPS` groups of rows, and repeated word for word."""
    return (in_groups(seen, groups) > COMMON_GROUPS) & _is_verbatim(seen)


def _is_verbatim(seen: Mask) -> Mask:
    """Which columns are true in nearly all rows that have a neighbouring column: nobody edits a footer."""
    around = seen.copy()
    for step in range(1, VERBATIM_REACH + 1):
        around[:, step:] |= seen[:, :-step]
        around[:, :-step] |= seen[:, step:]
    return np.asarray(np.count_nonzero(seen, axis=0) >= VERBATIM * np.count_nonzero(around, axis=0))


def skeleton(partly: Mask) -> Mask:
    """Which of a text's shingles (columns) are the fixed words of a form; each row is another text that has some.

    Copies that were edited independently each share different words with the text. Reports from one form all share the
    same words, with gaps in the same places. No column is true if there are few rows, or if the shared words lie in one
    block, such as a lead that several papers took over.
    """
    nothing = np.zeros(partly.shape[1], dtype=np.bool_)
    if partly.shape[0] < SKELETON_TEXTS:
        return nothing
    core: Mask = np.logical_and.reduce(partly, axis=0)
    size = int(np.count_nonzero(core))
    if size * partly.shape[0] < SKELETON_SAME * np.count_nonzero(partly):
        return nothing
    runs = int(np.count_nonzero(core[1:] & ~core[:-1])) + bool(core[:1].any())
    fixed: Mask = np.logical_or.reduce(partly, axis=0)
    return fixed if runs * SKELETON_RUN >= size and in_passages(fixed) < SKELETON_PASSAGES else nothing


def in_groups(seen: Mask, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each column the number of groups that have it; `groups` numbers the group of each row."""
    starts = np.flatnonzero(np.diff(np.sort(groups), prepend=-1))
    reached = np.logical_or.reduceat(seen[np.argsort(groups, kind="stable")], starts, axis=0)
    return np.asarray(reached.sum(axis=0, dtype=np.int64))


def bits_for(shingles: int) -> int:
    """The `bits` for `thinned` when all texts together have this many shingles."""
    return max(shingles // GROUP_SAMPLE, 1).bit_length() - 1


def thinned(shingles: Shingles, bits: int) -> Shingles:
    """One in 2^`bits` of a text's shingles, chosen by hash bits above the two lowest, which are flags."""
    return np.asarray(shingles[shingles & np.uint32(((1 << bits) - 1) << 2) == 0])


def groups_of(samples: Sequence[Shingles]) -> NDArray[np.int64]:
    """For each text the number of the first text of its group, from their `thinned` shingles.

    Groups are transitive: two texts that are alike to a third are in one group with it.
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
    """The number of true columns in each row. Counting bits is four times as fast as `np.count_nonzero` on an axis."""
    return np.asarray(np.bitwise_count(np.packbits(rows, axis=1)).sum(axis=1, dtype=np.int64))


def shared(rows: Mask) -> NDArray[np.int64]:
    """For each pair of rows the number of columns true in both. A matrix product would start BLAS's threads."""
    words = -(-rows.shape[1] // 64)
    packed = np.zeros((rows.shape[0], 8 * words), dtype=np.uint8)
    bits = np.packbits(rows, axis=1)
    packed[:, : bits.shape[1]] = bits
    packed = packed.view(np.uint64)
    both = np.empty((rows.shape[0], rows.shape[0]), dtype=np.int64)
    for place, row in enumerate(packed):
        np.bitwise_count(packed & row).sum(axis=1, dtype=np.int64, out=both[place])
    return both
