"""Boxes that open above the page (popups, modal dialogs): terms, sign-ups, notices, printed into the page's markup.

They hold prose like the story's, but not the story. Where most of the chosen text stands in one, the page is shown in
it, as by some programs that open a story above a list of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.page.text_blocks import Place, TextBlock, inherited

Flags = NDArray[np.bool_]

_WORDS: Final = frozenset(("popup", "popmake", "modal", "lightbox", "pum"))
"""Words of the classes and ids of such boxes; the second and the last are those of a program that many sites use."""

_MOST_SHARE: Final = 1 / 2


def stand_in_popups(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks stand in such boxes; none where these hold more than half of the chosen text. Linear
    in the number of blocks."""
    inside = np.zeros(len(blocks), dtype=np.bool_)
    known: dict[int, bool] = {}
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    found = [number for number in numbers if inherited(blocks[number].place, known, False, _entered)]
    if _chars(found, blocks) <= _MOST_SHARE * _chars(numbers, blocks):
        inside[found] = True
    return inside


def _entered(place: Place, is_inside: bool) -> bool:
    return is_inside or (bool(place.names) and not _WORDS.isdisjoint(place.words))


def _chars(numbers: Sequence[int], blocks: Sequence[TextBlock]) -> int:
    return sum(len(blocks[number].text) for number in numbers)
