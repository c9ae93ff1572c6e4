"""Is one text a copy of another? Decided on all their shingles, from the view that one text has of everything like it.

Observation. Copies in news are seldom whole: desks abridge agency copy, cut teasers from the beginning, put paragraphs
of their own in between, edit words throughout. Jaccard similarity, and with it MinHash, punishes all of these; the
share of the *shorter* text that stands in the longer (containment) does not. What misleads containment is text
that belongs to nobody: footers, report templates, caption blocks. Such shingles stand in many texts that have nothing
else in common, so a shingle seen in more than `COMMON_GROUPS` groups of alike texts weighs nothing.

Known to be weak: what a text shares with too few others to be known as boilerplate (the first dozen reports of a new
template); roundups of articles so short that they stand there whole; an abridged copy with more paragraphs of its own
than copied ones; words changed in more than one place out of six. `benchmarks/copies.py` prints the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.dedupe.candidates import COMMON_GROUPS, HEADS
from transforms.dedupe.fingerprint import MIN_SHINGLES, from_bytes
from transforms.text.shingles import Hashes

MOSTLY: Final = 0.70
"""This much of the shorter text in the longer makes a copy, whatever the rest is."""

PARTLY: Final = 0.45
FEW_OWN_SHINGLES: Final = 110
"""Nearly half makes a copy where the rest is short: a local paragraph, a headline, a footer of the house."""

SCATTERED: Final = 0.33
SEGMENTS: Final = 10
SEGMENTS_COVERED: Final = 8
SEGMENT_SHARE: Final = 0.05
"""A third makes a copy where it is found all over the text (8 of 10 equal segments hold at least 5 %): words were
edited throughout. A shared block of the same size fills three or four segments and is no copy."""

ALIKE: Final = 0.80
"""Texts that share this much of the shorter are one group in counting what is common: a much-copied story is
not boilerplate. Reports from one template share less (0.3 to 0.6), else they would be copies of one another."""

GROUP_SAMPLE: Final = 4_000
"""Shingles of a view, all texts together, that are enough to tell its groups: all of short texts, a sample of long."""

ROUNDUP_WHOLE: Final = 0.60
ROUNDUP_PART: Final = 0.10
ROUNDUP_APART: Final = 0.20
"""A text is a roundup if no other covers 60 % of it, and two that share nothing there each cover 10 % of it and have
a fifth of themselves elsewhere: those are sources, where two abridged copies would stand in it whole."""

ROUNDUP_GROUPS: Final = 3
"""… and the evidence is not what more than three unrelated texts have: that is the footer of a house."""

_TABLE_BITS: Final = np.uint64(0xFFFF)

Mask = NDArray[np.bool_]


class Link(NamedTuple):
    """Two texts that were compared: `similarity` is the share of the shorter that stands in the longer, 0..1."""

    shorter: str
    longer: str
    similarity: float
    is_copy: bool


class View(NamedTuple):
    """What one text sees of the texts like it. `is_crowded`: there may be more of them than it was shown."""

    article_id: str
    links: tuple[Link, ...]
    is_roundup: bool
    is_crowded: bool


def by_length(text: Fingerprint) -> tuple[int, str]:
    """Sort key, longest first; total over distinct articles."""
    return -text.word_count, text.article_id


def compare(text: Fingerprint, others: Sequence[Fingerprint], earlier: frozenset[str] = frozenset()) -> View:
    """The links of a text with the longer ones among `others`, and with those that are from an earlier run.

    Each pair of one run is thus judged once, by its shorter text. An earlier text has no view of its own any more,
    so a longer new one judges for it. The order of `others` does not matter.
    """
    others = sorted(others, key=by_length)
    own = from_bytes(text.shingles)
    seen = _coverage(own, others)
    common = _common_shingles(seen, others)
    rest = seen[:, ~common]
    place = by_length(text)
    links = []
    for other, covered in zip(others, rest, strict=True):
        if by_length(other) < place:
            links.append(_link(text, other, covered))
        elif other.article_id in earlier:
            theirs = from_bytes(other.shingles)
            links.append(_link(other, text, np.isin(theirs[~np.isin(theirs, own[common])], own)))
    is_roundup = _is_roundup(rest, others) and _is_roundup(rest[:, _rare_shingles(rest, others)], others)
    return View(text.article_id, tuple(links), is_roundup, len(others) >= HEADS)


def containment(one: Fingerprint, other: Fingerprint) -> float:
    """The share of the shorter text's shingles that the longer one has, 0..1. Texts without shingles share nothing."""
    shorter, longer = sorted((from_bytes(one.shingles), from_bytes(other.shingles)), key=len)
    return float(np.isin(shorter, longer).mean()) if shorter.size else 0.0


def _coverage(own: Hashes, others: Sequence[Fingerprint]) -> Mask:
    """For each other text (row), which of the own shingles (column) it has."""
    seen = np.zeros((len(others), own.size), dtype=np.bool_)
    theirs = from_bytes(b"".join(other.shingles for other in others))
    if not own.size or not theirs.size:
        return seen
    maybe = np.zeros(int(_TABLE_BITS) + 1, dtype=np.bool_)  # leaves one in a hundred of the strangers to the search
    maybe[own & _TABLE_BITS] = True
    found = np.flatnonzero(maybe[theirs & _TABLE_BITS])
    order = np.argsort(own)
    place = np.minimum(np.searchsorted(own, theirs[found], sorter=order), own.size - 1)
    column = order[place]
    same = own[column] == theirs[found]
    seen[_rows([other.shingles for other in others])[found[same]], column[same]] = True
    return seen


def _rows(stored: Sequence[bytes]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(stored)), [len(hashes) // 8 for hashes in stored])


def _common_shingles(seen: Mask, others: Sequence[Fingerprint]) -> Mask:
    """Which of the own shingles stand in more than `COMMON_GROUPS` groups of alike texts."""
    if len(others) <= COMMON_GROUPS:
        return np.zeros(seen.shape[1], dtype=np.bool_)
    return _in_groups(seen, others) > COMMON_GROUPS


def _rare_shingles(seen: Mask, others: Sequence[Fingerprint]) -> Mask:
    """Which of the own shingles no more than `ROUNDUP_GROUPS` groups of alike texts have."""
    return _in_groups(seen, others) <= ROUNDUP_GROUPS


def _in_groups(seen: Mask, others: Sequence[Fingerprint]) -> NDArray[np.int64]:
    """How many groups of alike texts each of the own shingles stands in."""
    groups = _groups(others)
    starts = np.flatnonzero(np.diff(np.sort(groups), prepend=-1))
    in_groups = np.logical_or.reduceat(seen[np.argsort(groups, kind="stable")], starts, axis=0)
    return np.asarray(in_groups.sum(axis=0, dtype=np.int64))


def _groups(others: Sequence[Fingerprint]) -> NDArray[np.int64]:
    """For each text the first of its group. A group is closed: two texts alike to a third are in one with it."""
    hashes, row = from_bytes(b"".join(other.shingles for other in others)), _rows([other.shingles for other in others])
    mask = np.uint64((1 << max(hashes.size // GROUP_SAMPLE, 1).bit_length() - 1) - 1)
    in_sample = (hashes & mask) == 0
    distinct, column = np.unique(hashes[in_sample], return_inverse=True)
    has_key = np.zeros((len(others), distinct.size), dtype=np.bool_)
    has_key[row[in_sample], column] = True
    size = np.count_nonzero(has_key, axis=1)
    alike = _shared(has_key) >= ALIKE * np.minimum.outer(size, size)
    np.fill_diagonal(alike, True)
    first = np.arange(len(others))
    while True:
        reached = np.where(alike, first, len(others)).min(axis=1)
        if np.array_equal(reached, first):
            return first
        first = reached


def _shared(rows: Mask) -> NDArray[np.int64]:
    """For each two rows the number of columns true in both. By bits: a matrix product would start BLAS's threads."""
    packed = np.packbits(rows, axis=1)
    return np.array([np.bitwise_count(packed & row).sum(axis=1, dtype=np.int64) for row in packed])


def _link(shorter: Fingerprint, longer: Fingerprint, covered: Mask) -> Link:
    """`covered` tells, of each shingle of the shorter that has weight, whether the longer has it."""
    if shorter.content_hash == longer.content_hash:
        return Link(shorter.article_id, longer.article_id, 1.0, True)
    similarity = np.count_nonzero(covered) / max(covered.size, 1)
    is_copy = covered.size >= MIN_SHINGLES and similarity >= SCATTERED and _is_copy(covered, similarity)
    return Link(shorter.article_id, longer.article_id, similarity, bool(is_copy))


def _is_copy(covered: Mask, similarity: float) -> bool:
    if similarity >= MOSTLY:
        return True
    if similarity >= PARTLY and covered.size - np.count_nonzero(covered) <= FEW_OWN_SHINGLES:
        return True
    bounds = np.arange(SEGMENTS + 1) * covered.size // SEGMENTS
    shares = np.add.reduceat(covered, bounds[:-1], dtype=np.int64) / np.diff(bounds)
    return bool(np.count_nonzero(shares >= SEGMENT_SHARE) >= SEGMENTS_COVERED)


def _is_roundup(seen: Mask, others: Sequence[Fingerprint]) -> bool:
    if len(others) < 2 or not seen.shape[1]:
        return False
    counts = np.count_nonzero(seen, axis=1)
    shares = counts / seen.shape[1]
    if shares.max() >= ROUNDUP_WHOLE:
        return False
    sizes = np.array([max(len(other.shingles) // 8, 1) for other in others])
    is_part = (shares >= ROUNDUP_PART) & (counts <= (1 - ROUNDUP_APART) * sizes)
    if np.count_nonzero(is_part) < 2:
        return False
    least = np.minimum.outer(counts[is_part], counts[is_part])
    return bool((_shared(seen[is_part]) < ROUNDUP_PART * least).any())
