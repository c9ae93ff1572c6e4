"""Boxes that open above the page (popups, modal dialogs): terms, sign-ups, notices, printed into the page's markup.

They hold prose like the story's, but not the story. Templates name them by class, id or role. Such words also stand at
what holds the whole page, for programs that can open something above it, and some programs open a story above a list of
stories: so what holds a heading of the first level is none of these boxes, nor is what holds most of the text, unless
a text stands above it that the page's own heading opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.page.text_blocks import Place, TextBlock, inherited

Flags = NDArray[np.bool_]

_WORDS: Final = frozenset(("popup", "popups", "popmake", "pum", "modal", "modals"))
"""Words of the classes and ids of such boxes, "modal" also of the role. The third and fourth are those of a program of
many sites."""

_MOST_SHARE: Final = 1 / 2
_STORY_CHARS: Final = 1000
"""A text of this length below the page's heading is a story, however much stands in the boxes."""


def stand_in_popups(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks stand in such boxes. Linear in the number of blocks."""
    inside = np.zeros(len(blocks), dtype=np.bool_)
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    headings = [number for number, block in enumerate(blocks) if block.place.tag == "h1"]
    opened = _places_around([blocks[number] for number in headings])
    known: dict[int, bool] = {}

    def entered(place: Place, is_inside: bool) -> bool:
        return is_inside or (place.number not in opened and bool(place.names) and not _WORDS.isdisjoint(place.words))

    found = [number for number in numbers if inherited(blocks[number].place, known, False, entered)]
    if not found:
        return inside
    is_less = _chars(found, blocks) <= _MOST_SHARE * _chars(numbers, blocks)
    above = [number for number in numbers if number < found[0]]
    is_below_story = bool(above and headings) and headings[0] < above[0] and _chars(above, blocks) >= _STORY_CHARS
    if is_less or is_below_story:
        inside[found] = True
    return inside


def _places_around(blocks: Sequence[TextBlock]) -> set[int]:
    """The numbers of all places that hold these blocks."""
    found: set[int] = set()
    for block in blocks:
        place: Place | None = block.place
        while place is not None and place.number not in found:
            found.add(place.number)
            place = place.holder
    return found


def _chars(numbers: Sequence[int], blocks: Sequence[TextBlock]) -> int:
    return sum(len(blocks[number].text) for number in numbers)
