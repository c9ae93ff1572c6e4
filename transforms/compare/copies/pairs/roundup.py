"""Recognises a roundup: a text put together from several others, which is a copy of none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.fingerprint import MIN_SHINGLES
from transforms.compare.copies.pairs.boilerplate import in_groups, row_counts, shared
from transforms.compare.copies.pairs.copy_rules import OWN_SHARE, SEGMENTS, THIN, is_all_over, is_told
from transforms.compare.copies.pairs.overlap import Mask
from transforms.compare.copies.pairs.passages import in_passages

ROUNDUP_WHOLE: Final = 0.85
ROUNDUP_PART: Final = 0.10
ROUNDUP_APART: Final = 0.20
"""A text is a roundup if no other text covers 85 % of it, and it has two sources: texts that each cover 10 % of it,
that cover different passages, and of which a fifth is not in it (an abridged copy would be in it whole). A text is no
roundup if one other text covers it from beginning to end, even thinly: then its words were edited throughout."""

LEAD_WORDS: Final = 60
LEAD_SHARE: Final = 0.5
"""An item of a roundup begins as its source does: half of the source's first 60 words are in it. Paragraphs that a
desk puts into an agency report, and background that it prints again and again, are from the middle of other texts."""

MERGED_PART: Final = 0.30
"""Items follow one another. What stands between two parts of another source is an item only if it is 30 % of the text:
two reports that were merged. Less is a paragraph that a desk put in, and that it may have put into other texts too."""

ITEMS: Final = 3
ITEM_PART: Final = 0.05
ITEM_WORDS: Final = 40
"""A text that holds three short articles, even whole ones, is a roundup too. Each covers 5 % of it, and any item 40
words. Of one article two papers may print different parts; three that have nothing in common are of three articles."""

ROUNDUP_GROUPS: Final = 3
"""… and a passage that more than three unrelated texts have is no item: it is a house footer."""


class Others(NamedTuple):
    """What is known of the texts that a text is compared with; see `is_roundup`."""

    groups: Callable[[], NDArray[np.int64]]
    sizes: NDArray[np.int64]
    has_lead_of: Callable[[int], bool]
    items_a_word: float


def may_be_roundup(counts: NDArray[np.int64], own_size: int, sizes: NDArray[np.int64]) -> bool:
    """A cheap first check. `counts`: how many of a text's `own_size` shingles each other text of these `sizes` has."""
    if not own_size or counts.max(initial=0) >= ROUNDUP_WHOLE * own_size:
        return False
    if np.count_nonzero(counts >= ITEM_PART * own_size) >= ITEMS:
        return True
    return bool(np.count_nonzero(_is_part(counts, own_size, sizes)) >= 2)


def is_roundup(seen: Mask, others: Others) -> bool:
    """Whether a text is a roundup; `seen`: which of the text's shingles (columns) each other text (row) has.

    Of the other texts are known the group of alike texts that each is in, their sizes, and whether the text has the
    lead of a row; also the text's own number of shingles for a word.
    """
    counts = row_counts(seen)
    own_size = seen.shape[1]
    if not may_be_roundup(counts, own_size, others.sizes) or _is_edited(seen, counts, others.items_a_word):
        return False
    least = max(ITEM_PART * own_size, ITEM_WORDS * others.items_a_word)
    items = _items(seen, np.flatnonzero(counts >= least), others)
    if items.size < 2:
        return False
    sizes, counts = others.sizes[items], counts[items]
    apart = shared(seen[items]) < ROUNDUP_PART * np.minimum.outer(counts, counts)
    in_turn = _do_not_enclose(seen[items])
    is_large = np.minimum.outer(counts, counts) >= MERGED_PART * own_size
    is_inserted = (apart & ~in_turn & ~is_large & np.less.outer(counts, counts)).any(axis=1)
    is_part = _is_part(counts, own_size, sizes) & ~is_inserted
    pairs = apart & (in_turn | is_large) & np.logical_and.outer(is_part, is_part)
    free = np.flatnonzero(~is_inserted)
    return bool(pairs.any()) or _are_several((apart & in_turn)[np.ix_(free, free)], counts[free])


def _items(seen: Mask, rows: NDArray[np.int64], others: Others) -> NDArray[np.int64]:
    """Those of the rows whose passages are items: they begin as their source does, and are no house footer.

    Half of the texts with a passage must begin with it: in a copy whose parts were turned, any passage may come first.
    """
    has_lead = np.array([others.has_lead_of(row) for row in rows.tolist()], dtype=np.bool_)
    if np.count_nonzero(has_lead) < 2:
        return rows[:0]
    between = shared(seen[rows])
    has_passage = 2 * between >= between.diagonal()[:, np.newaxis]
    begins = 2 * np.count_nonzero(has_passage & has_lead, axis=1) >= np.count_nonzero(has_passage, axis=1)
    is_rare = in_groups(seen, others.groups()) <= ROUNDUP_GROUPS
    is_item = has_lead & begins & (2 * row_counts(seen[rows][:, is_rare]) >= between.diagonal())
    items: NDArray[np.int64] = rows[is_item]
    return items


def _do_not_enclose(seen: Mask) -> Mask:
    """For each two rows, whether the one's passage ends before the other's begins, but for a tenth of each."""
    spans = []
    for row in seen:
        places = np.flatnonzero(row)
        spans.append((places[places.size // 10], places[-1 - places.size // 10]))
    first, last = np.array(spans).T
    before = np.less_equal.outer(last, first)
    return np.asarray(before | before.T)


def _is_edited(seen: Mask, counts: NDArray[np.int64], items_a_word: float) -> bool:
    """Whether one other text covers a text from beginning to end, thinly: not in whole passages."""
    size = seen.shape[1]
    if size < MIN_SHINGLES:
        return False
    for row, count in zip(seen, counts.tolist(), strict=True):
        if count >= THIN * size and is_all_over(row, SEGMENTS):
            own = in_passages(~row, items_a_word)
            if own < OWN_SHARE * size or not is_told(row, own):
                return True
    return False


def _are_several(apart: Mask, counts: NDArray[np.int64]) -> bool:
    """Whether so many items as make a roundup have nothing in common, two by two; the largest are chosen first."""
    chosen: list[int] = []
    for item in np.argsort(-counts, kind="stable").tolist():
        if apart[item, chosen].all():
            chosen.append(item)
    return len(chosen) >= ITEMS


def _is_part(counts: NDArray[np.int64], own_size: int, sizes: NDArray[np.int64]) -> Mask:
    return np.asarray((counts >= ROUNDUP_PART * own_size) & (counts <= (1 - ROUNDUP_APART) * np.maximum(sizes, 1)))
