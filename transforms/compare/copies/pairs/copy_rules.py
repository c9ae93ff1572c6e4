"""The rules by which one text is a copy of another, given which of the shorter text's shingles the longer has.

Observation. Copies in news are seldom whole: desks abridge agency copy, cut teasers from the beginning, put paragraphs
of their own in between, edit words throughout. Jaccard similarity, and with it MinHash, punishes all of these; the
share of the *shorter* text that stands in the longer (containment) does not.

Boilerplate misleads containment: footers, caption blocks, the fixed words of a report that is written by filling in a
form (markets, weather, earthquakes, results). Words that occur in many unrelated texts are not counted (`boilerplate`),
but that is known only after many such texts. Four rules need only the pair itself:

- A form is filled in with figures. An editor who changes words throughout keeps the figures, because they are the news.
  Two reports from one form differ in their figures, which are in the gaps between the words that stay (`forms`).
- Lists are not running text: two desks that print the winners of one evening print the same names in the same order.
  A text with lists is a copy only if nearly all of it is shared, or if enough of its running text is.
- News has its news at the head, and is cut from the end. If two texts share less than 90 %, and nothing of the first
  quarter of either, they share a footer, a caption block or a box, but not an article.
- A roundup has several articles' news. A short text that is in a longer one, but has nothing of the longer one's head,
  is one item of many.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.fingerprint import MIN_SHINGLES
from transforms.compare.copies.pairs.forms import is_form
from transforms.compare.copies.pairs.overlap import Mask, Overlap
from transforms.compare.copies.pairs.passages import in_passages

Item = TypeVar("Item", bound=np.generic)

SURELY: Final = 0.90
"""If the longer text has this much of the shorter, it is a copy, unless it is one of the longer text's items."""

MOSTLY: Final = 0.70
"""This much makes a copy, whatever the rest is, if some of the head is shared."""

NEARLY_ALL: Final = 0.80
"""From this much on, the running text of a text with lists is not judged separately."""

PARTLY: Final = 0.45
FEW_OWN_WORDS: Final = 110
"""Nearly half makes a copy if the rest is at most 110 words: a local paragraph, a headline, a house footer."""

SCATTERED: Final = 0.33
SEGMENTS: Final = 10
SEGMENTS_COVERED: Final = 8
SEGMENT_SHARE: Final = 0.05
"""A third makes a copy if it is spread over the whole text (in 8 of 10 equal segments at least 5 % are shared): words
were edited throughout. A shared block of the same size fills three or four segments and is no copy."""

THIN: Final = 0.25
THIN_SEGMENTS: Final = 9
"""A quarter makes a copy if it is in 9 of 10 segments: three words in ten were changed. Less never does."""

TOLD: Final = 0.65
TOLD_SHARE: Final = 0.45
TOLD_WORDS: Final = 80
LEAD_WORDS: Final = 60
LEAD_SHARE: Final = 0.40
"""Nearly half and 80 words make a copy if all else is passages of its own, but for one word in ten that was changed in
the rest (which leaves two thirds of its shingles): an abridged report with paragraphs of a local desk. One text must
have two fifths of the other's first 60 words: where two reports share captions or background, each has a lead of its
own."""

HEAD: Final = 0.25
HEAD_SHARE: Final = 0.15
OWN_SHARE: Final = 0.20
VERBATIM: Final = 0.80
NEWS_WORDS: Final = 120
"""A copy shares at least 15 % of the first quarter of one of the two texts. If a fifth of it is passages of its own,
and the rest is told word for word, it shares 15 % of the first 120 words of one of them: room for a lead of its own."""

ITEM_SIZE: Final = 0.60
"""A text of less than 60 % of the longer one that shares hardly anything of that one's head (`HEAD_SHARE` of its first
quarter, or of its lead) is one of several items in it: what was cut from a report has the report's news."""


def similarity_of(covered: Mask) -> float:
    """The share (0..1) of shingles that are covered; 0 if there are no shingles."""
    return int(np.count_nonzero(covered)) / max(covered.size, 1)


def is_clear(similarity: float, size: int, longer_size: int = 0) -> bool | None:
    """Whether a pair is a copy, if its similarity and the texts' numbers of shingles decide it; else None."""
    if size < MIN_SHINGLES or similarity < THIN:
        return False
    return True if similarity >= SURELY and size >= ITEM_SIZE * longer_size else None


def is_copy(overlap: Overlap) -> bool:
    """Whether the shorter text is a copy of the longer."""
    covered = overlap.covered[overlap.weighs]
    similarity = similarity_of(covered)
    clear = is_clear(similarity, covered.size, overlap.longer_size)
    if clear is not None:
        return clear
    if covered.size < ITEM_SIZE * overlap.longer_size and _is_item(overlap):
        return False
    if similarity >= SURELY:
        return True
    if overlap.listed is not None and similarity < NEARLY_ALL:
        told = overlap.covered[overlap.weighs & ~overlap.listed]
        if is_clear(similarity_of(told), told.size) is False:
            return False
    own = in_passages(~covered, overlap.items_a_word)
    if not _has_news(overlap, covered, own):
        return False
    is_mostly = similarity >= MOSTLY
    if is_form(overlap, is_mostly):
        return False
    if is_mostly:
        return True
    if similarity >= PARTLY and covered.size - np.count_nonzero(covered) <= FEW_OWN_WORDS * overlap.items_a_word:
        return True
    if is_told_with_passages(overlap, covered, own):
        return True
    return is_all_over(covered, SEGMENTS_COVERED if similarity >= SCATTERED else THIN_SEGMENTS)


def _is_item(overlap: Overlap) -> bool:
    """Whether the longer text has a head of its own."""
    lead = round(LEAD_WORDS * overlap.items_a_word)
    head = overlap.longer_head()
    return similarity_of(head) < HEAD_SHARE and similarity_of(head[:lead]) < HEAD_SHARE


def _leads(overlap: Overlap, words: int) -> float:
    """How much of its first `words` one of the two texts shares with the other, the more of both."""
    lead = round(words * overlap.items_a_word)
    return max(similarity_of(head[:lead]) for head in (overlap.covered & overlap.weighs, overlap.longer_head()))


def _has_news(overlap: Overlap, covered: Mask, own: int) -> bool:
    """Whether enough of the head of a text is shared: where both have leads of their own, they share background."""
    if similarity_of(head_of(covered)) < HEAD_SHARE and similarity_of(overlap.longer_head()) < HEAD_SHARE:
        return False
    if own < OWN_SHARE * covered.size or not is_told(covered, own, VERBATIM):
        return True
    return _leads(overlap, NEWS_WORDS) >= HEAD_SHARE


def is_told_with_passages(overlap: Overlap, covered: Mask, own: int) -> bool:
    """Whether a text consists of a part of the longer one, with its lead, and of passages of its own."""
    shared = int(np.count_nonzero(covered))
    if shared < max(TOLD_SHARE * covered.size, TOLD_WORDS * overlap.items_a_word):
        return False
    return is_told(covered, own) and _leads(overlap, LEAD_WORDS) >= LEAD_SHARE


def is_told(covered: Mask, own: int, share: float = TOLD) -> bool:
    """Whether so much of all but the passages of its own is shared: not many words were changed throughout."""
    return int(np.count_nonzero(covered)) >= share * (covered.size - own)


def is_all_over(covered: Mask, segments: int) -> bool:
    """Whether a text of at least ten shingles is covered from beginning to end: in so many of `SEGMENTS` segments."""
    bounds = np.arange(SEGMENTS + 1) * covered.size // SEGMENTS
    shares = np.add.reduceat(covered, bounds[:-1], dtype=np.int64) / np.diff(bounds)
    return bool(np.count_nonzero(shares >= SEGMENT_SHARE) >= segments)


def head_of(shingles: NDArray[Item]) -> NDArray[Item]:
    """The first quarter of a text's shingles, or of a mask over them."""
    return shingles[: max(int(HEAD * shingles.size), 1)]
