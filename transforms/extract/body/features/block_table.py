"""What is measured of all blocks of a page, and the table of features that is computed from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from transforms.extract.page.text_blocks import Place, TextBlock
from transforms.text.scripts import HAN, HANGUL, KANA, THAI_AND_LAO, letters
from transforms.text.sentences import ends_paragraph

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]

_DENSE = re.compile(f"[{letters(KANA, HAN, HANGUL, THAI_AND_LAO)}]")


@dataclass(frozen=True, slots=True)
class Measures:
    """The blocks of a page in numbers, one for each block.

    `size` counts characters, one of a script without spaces as three: about what it says in letters. `coverage` is the
    share that the seed kept, 0 to 1, `kept` the product of both. `link_chars` and `length` count characters, `stops`
    is 1 where a block ends like a paragraph. `holders` are the places around the blocks' `places`.
    """

    size: Floats
    coverage: Floats
    kept: Floats
    link_chars: Numbers
    length: Numbers
    stops: Floats
    places: Sequence[Place]
    holders: Sequence[Place]

    @classmethod
    def of(cls, blocks: Sequence[TextBlock]) -> Self:
        """The measures of all blocks of a page, of which a seed covers nothing."""
        texts, places = [block.text for block in blocks], [block.place for block in blocks]
        length = np.array(list(map(len, texts)), dtype=np.intp)
        link_chars = np.array([block.link_chars for block in blocks], dtype=np.intp)
        size, nothing = _sizes(texts, length), np.zeros(len(blocks), dtype=np.float32)
        stops = np.array(list(map(ends_paragraph, texts)), dtype=np.float32)
        holders = [place.holder or place for place in places]
        return cls(size, nothing, nothing, link_chars, length, stops, places, holders)

    def covered(self, coverage: Floats) -> Self:
        """The same blocks where a seed kept these shares of them."""
        return replace(self, coverage=coverage, kept=self.size * coverage)


def _sizes(texts: Sequence[str], length: Numbers) -> Floats:
    size = length.astype(np.float32)
    if _DENSE.search("\n".join(texts)):
        size += 2 * np.array([len(_DENSE.findall(text)) for text in texts], dtype=np.float32)
    return size


class Table:
    """Named features of the blocks of a window.

    `add` takes features with values for all blocks, `add_judged` with values for the window's blocks only; both have
    the shape (features × blocks).
    """

    def __init__(self, window: slice) -> None:
        self.window = window
        self.names: list[str] = []
        self._parts: list[Sequence[NDArray[Any]] | NDArray[Any]] = []

    def add(self, features: dict[str, NDArray[Any]]) -> None:
        self.names += features
        self._parts.append([values[self.window] for values in features.values()])

    def add_judged(self, names: Sequence[str], features: Sequence[NDArray[Any]] | NDArray[Any]) -> None:
        self.names += names
        self._parts.append(features)

    def rows(self) -> Floats:
        """The table (blocks × features), each feature contiguous in memory."""
        columns = np.empty((len(self.names), len(self._parts[0][0])), dtype=np.float32)
        filled = 0
        for part in self._parts:
            columns[filled : filled + len(part)] = part
            filled += len(part)
        return columns.T
