"""Boxes that tell who wrote the story, above or below it: an author's career, awards, other work.

They read like the story. Templates name them by class or id, with words that also stand at the whole story ("author-12
post"): only what holds little of the text is such a box.
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

_WORDS: Final = frozenset(
    "author authors authorbox authorbio authorinfo aboutauthor bio autor autora autores autorbox autorenbox autorin "
    "auteur autore contributor contributors".split()
)
_MOST_SHARE: Final = 1 / 4
"""Of 14 such blocks in the texts of five sets, one is in the gold text."""


def tell_of_authors(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks stand in such boxes at the text's ends. Linear in the number of blocks."""
    inside = np.zeros(len(blocks), dtype=np.bool_)
    known: dict[int, int] = {}
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    boxes = {number: box for number in numbers if (box := inherited(blocks[number].place, known, 0, _entered))}
    if not boxes:
        return inside
    chars = Counter[int]()
    for number, box in boxes.items():
        chars[box] += len(blocks[number].text)
    most = _MOST_SHARE * sum(len(blocks[number].text) for number in numbers)
    found = [number for number, box in boxes.items() if chars[box] <= most]
    told = [number for number in numbers if number not in set(found) and reads_as_prose(blocks[number])]
    if told and sum(len(blocks[number].text) for number in found) <= most:
        inside[[number for number in found if not told[0] < number < told[-1]]] = True
    return inside


def _entered(place: Place, box: int) -> int:
    """The number of the innermost box; 0 outside of all."""
    return place.number if place.names and not _WORDS.isdisjoint(place.words) else box
