"""A story that a page prints a second time: for the printer, for small screens, or by a fault of the template.

A sentence that is told twice is the author's, as is a line of a list or a table. Only paragraphs in a row, in the order
in which they stood before, are a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.page.text_blocks import TextBlock

Flags = NDArray[np.bool_]

_PARAGRAPHS: Final = 3
_CHARS: Final = 500
"""Fewer paragraphs or characters in a row may be a refrain: a note below each of several recipes, terms of a plan."""


def told_again(blocks: Sequence[TextBlock], chosen: Flags) -> Flags:
    """Which of the chosen blocks repeat, in a row and in order, what was chosen before. Linear."""
    again = np.zeros(len(blocks), dtype=np.bool_)
    for run in _runs([(number, blocks[number].text) for number in np.flatnonzero(chosen).tolist()]):
        prose = [blocks[number] for number in run if reads_as_prose(blocks[number])]
        if len(prose) >= _PARAGRAPHS and sum(len(block.text) for block in prose) >= _CHARS:
            again[run] = True
    return again


def _runs(told: Sequence[tuple[int, str]]) -> Iterator[list[int]]:
    """The numbers of neighbours whose texts stood before, each behind where its neighbour's did."""
    last: dict[str, int] = {}
    run: list[int] = []
    before = -1
    for number, text in told:
        place = last.get(text)
        if run and (place is None or place <= before):
            yield run
            run = []
        if place is not None:
            run.append(number)
            before = place
        last.setdefault(text, number)
    if run:
        yield run
