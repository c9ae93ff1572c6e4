"""Is one text a copy of another? Decided on which of the shorter text's shingles stand in the longer.

Observation. Copies in news are seldom whole: desks abridge agency copy, cut teasers from the beginning, put paragraphs
of their own in between, edit words throughout. Jaccard similarity, and with it MinHash, punishes all of these; the
share of the *shorter* text that stands in the longer (containment) does not.

What misleads containment is text that belongs to nobody: footers, caption blocks, the fixed words of a report that is
written by filling in a form (markets, weather, earthquakes, results). What stands in many unrelated texts weighs
nothing (`boilerplate`), but that is known only once many have been seen. Three rules need nothing but the pair:

- A form is filled in with figures. Where an editor changes words throughout, figures stay, because they are the news;
  where a form is filled in anew, they are what changes, and they stand in the gaps between words that stay.
- Lists are no running text: two desks that print the winners of one evening print the same names in the same order.
  Of a text with lists, either nearly all is the same, or the running text has its share in what is.
- News has its news at the head, and is cut from the end. Two texts that share less than 90 % and have nothing of the
  first quarter of either in common share a footer, a caption block or a box, and not an article.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.compare.copies.fingerprint import MIN_SHINGLES
from transforms.compare.copies.overlap import Mask
from transforms.text.shingles import SHINGLE_WORDS

Item = TypeVar("Item", bound=np.generic)

SURELY: Final = 0.90
"""This much of the shorter text in the longer makes a copy; no other rule is asked."""

MOSTLY: Final = 0.70
"""This much makes a copy, whatever the rest is, if the head has part in it."""

NEARLY_ALL: Final = 0.80
"""This much makes a copy of a text with lists, whatever its running text is."""

PARTLY: Final = 0.45
FEW_OWN_WORDS: Final = 110
"""Nearly half makes a copy where the rest is short: a local paragraph, a headline, a footer of the house."""

SCATTERED: Final = 0.33
SEGMENTS: Final = 10
SEGMENTS_COVERED: Final = 8
SEGMENT_SHARE: Final = 0.05
"""A third makes a copy where it is found all over the text (8 of 10 equal segments hold at least 5 %): words were
edited throughout. A shared block of the same size fills three or four segments and is no copy."""

HEAD: Final = 0.25
HEAD_SHARE: Final = 0.15
"""This share of the first quarter of one of the two texts is the least that a copy has of the head."""

FORM_GAPS: Final = 0.5
FORM_DENSITY: Final = 1 / 40
FORM_DENSITY_MOSTLY: Final = 1 / 20
"""A form: half of the gaps between words that stay hold a figure that does not; and one word in 40 is a figure that
changes, one in 20 where most of the words stay, because a report that is brought up to date has new figures too, but
not so many."""


class Overlap(NamedTuple):
    """A pair as the rules see it.

    `covered` tells of each shingle of the shorter text whether the longer has it, `weighs` whether it is its own and
    not boilerplate, `figures` whether it begins with a figure. `longer_head`, asked for in doubt, tells of the first
    quarter of the longer text which shingles the shorter has, boilerplate not counted. `items_a_word` is how many
    shingles of the shorter begin in a word's worth of text: 1 to 2. `listed` tells of each whether it begins in a list,
    None where the text has none.
    """

    covered: Mask
    weighs: Mask
    figures: Mask
    longer_head: Callable[[], Mask]
    items_a_word: float
    listed: Mask | None = None


def similarity_of(covered: Mask) -> float:
    """The share of shingles that are covered, 0..1; of none, 0."""
    return int(np.count_nonzero(covered)) / max(covered.size, 1)


def is_clear(similarity: float, size: int) -> bool | None:
    """The verdict on a pair where similarity and the shorter text's shingles are enough to tell it, else None."""
    if size < MIN_SHINGLES or similarity < SCATTERED:
        return False
    return True if similarity >= SURELY else None


def is_copy(overlap: Overlap) -> bool:
    """Whether the shorter text is a copy of the longer."""
    covered = overlap.covered[overlap.weighs]
    similarity = similarity_of(covered)
    clear = is_clear(similarity, covered.size)
    if clear is not None:
        return clear
    if overlap.listed is not None and similarity < NEARLY_ALL:
        told = overlap.covered[overlap.weighs & ~overlap.listed]
        if is_clear(similarity_of(told), told.size) is False:
            return False
    head = similarity_of(head_of(covered))
    if head < HEAD_SHARE and similarity_of(overlap.longer_head()) < HEAD_SHARE:
        return False
    is_mostly = similarity >= MOSTLY
    if is_form(overlap, FORM_DENSITY_MOSTLY if is_mostly else FORM_DENSITY):
        return False
    if is_mostly:
        return True
    if similarity >= PARTLY and covered.size - np.count_nonzero(covered) <= FEW_OWN_WORDS * overlap.items_a_word:
        return True
    return is_all_over(covered)


def is_all_over(covered: Mask) -> bool:
    """Whether a text is covered from beginning to end: `SEGMENTS_COVERED` of its segments are. Not for under ten."""
    bounds = np.arange(SEGMENTS + 1) * covered.size // SEGMENTS
    shares = np.add.reduceat(covered, bounds[:-1], dtype=np.int64) / np.diff(bounds)
    return bool(np.count_nonzero(shares >= SEGMENT_SHARE) >= SEGMENTS_COVERED)


def head_of(shingles: NDArray[Item]) -> NDArray[Item]:
    """The first quarter of a text, or of what is said of its shingles."""
    return shingles[: max(int(HEAD * shingles.size), 1)]


def is_form(overlap: Overlap, density: float) -> bool:
    """Whether what differs between the words that stay is above all figures: the same form, filled in anew.

    `density` is the least share of figures that change among all words.
    """
    covered, figures = overlap.covered, overlap.figures
    stays = covered.copy()
    for later in range(1, round(SHINGLE_WORDS * overlap.items_a_word)):  # a word stays if a shingle that it is in does
        stays[later:] |= covered[:-later]
    places = np.concatenate(([-1], np.flatnonzero(stays), [stays.size]))  # the ends stay, too
    counted = np.concatenate(([0], np.cumsum(figures, dtype=np.int64)))
    gaps = np.diff(places) - 1
    lost = (counted[places[1:]] - counted[places[:-1] + 1])[gaps > 0]
    changed = int(lost.sum())
    is_dense = changed * overlap.items_a_word >= density * covered.size
    return bool(is_dense and np.count_nonzero(lost) >= FORM_GAPS * lost.size)
