"""Boxes that templates name for what they hold: who wrote the story (above or below it), calls to buy or to subscribe.

They read like the story. The same words also stand at what holds all of it ("post author-12", "has-cta"): only what
holds little of the text is such a box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.page.text_blocks import Place, TextBlock, inherited

Flags = NDArray[np.bool_]

_AUTHOR_WORDS: Final = frozenset(
    "author authors authorbox authorbio authorinfo aboutauthor bio autor autora autores autorbox autorenbox autorin "
    "auteur autore contributor contributors".split()
)
_AUTHOR_SHARE: Final = 1 / 4
"""Of 14 such blocks in the texts of five sets, one is in the gold text."""

_CALL_WORDS: Final = frozenset(("cta", "ctas", "calltoaction"))
_CALL_SHARE: Final = 1 / 20
"""Of 138 such blocks on 18 pages 18 are in the gold text. Longer ones are parts of the story."""


def stand_in_named_boxes(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks stand in boxes about authors at the text's ends, or in calls anywhere. Linear in the
    number of blocks."""
    inside = np.zeros(len(blocks), dtype=np.bool_)
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    chars = sum(len(blocks[number].text) for number in numbers)
    inside[_in_small_boxes(blocks, numbers, _CALL_WORDS, _CALL_SHARE * chars)] = True
    authors = _in_small_boxes(blocks, numbers, _AUTHOR_WORDS, _AUTHOR_SHARE * chars)
    if authors:
        others = set(numbers).difference(authors)
        told = [number for number in sorted(others) if reads_as_prose(blocks[number])]
        if told:
            inside[[number for number in authors if not told[0] < number < told[-1]]] = True
    return inside


def _in_small_boxes(
    blocks: Sequence[TextBlock], numbers: Sequence[int], words: frozenset[str], most_chars: float
) -> list[int]:
    """Those of the blocks that stand in boxes with such a word; none where all together have more than `most_chars`.
    What holds more alone is no box."""
    known: dict[int, int] = {}

    def entered(place: Place, box: int) -> int:
        return place.number if place.names and not words.isdisjoint(place.words) else box

    boxes = {number: box for number in numbers if (box := inherited(blocks[number].place, known, 0, entered))}
    chars = Counter[int]()
    for number, box in boxes.items():
        chars[box] += len(blocks[number].text)
    found = [number for number, box in boxes.items() if chars[box] <= most_chars]
    return found if sum(len(blocks[number].text) for number in found) <= most_chars else []
