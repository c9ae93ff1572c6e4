"""Tables of data among a page's blocks, told from tables that lay the page out.

Old pages are laid out by tables: a menu in one cell, the story in the next. Of data, each cell is a figure or a label,
and each row is told whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_table import Floats
from transforms.extract.lines.lines import DATA_CELL_CHARS, cell_of
from transforms.extract.page.text_blocks import CELLS, Place, TextBlock, inherited

_DATA_CELLS: Final = 6
_CELL_BLOCKS: Final = 3
_LISTS: Final = frozenset(("ul", "ol", "dl", "li", "dt", "dd"))


def level_tables(blocks: Sequence[TextBlock], scores: Floats) -> None:
    """Give all cells of a table of data one score, weighted by length: a table is told whole or not at all."""
    tables: defaultdict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        found = cell_of(_around_lists(block.place))
        table = next((place for place in found.path() if place.tag == "table"), None) if found else None
        if table is not None:
            tables[table.number].append(number)
    for numbers in tables.values():
        size = np.array([len(blocks[number].text) for number in numbers])
        is_of_labels = len(numbers) >= _DATA_CELLS and size.mean() < DATA_CELL_CHARS
        if is_of_labels and not _lays_out([blocks[number] for number in numbers]):
            scores[numbers] = (scores[numbers] * size).sum() / size.sum()


def tells_rows_in_part(blocks: Sequence[TextBlock], chosen: NDArray[np.bool_]) -> bool:
    """Whether of a row of data something is chosen and something is not, as a row's name is easily lost."""
    rows: defaultdict[int, list[int]] = defaultdict(list)
    known: dict[int, int] = {}
    for number, block in enumerate(blocks):
        if row := inherited(block.place, known, 0, _row_entered):
            rows[row].append(number)
    return any(
        chosen[numbers].any() and not chosen[numbers].all() and not _lays_out([blocks[n] for n in numbers])
        for numbers in rows.values()
    )


def _lays_out(blocks: Sequence[TextBlock]) -> bool:
    """Whether a table or row with these blocks lays a page out: one of its cells holds more blocks than data have, all
    lists in it counted as one."""
    held: defaultdict[int, set[int]] = defaultdict(set)
    for number, block in enumerate(blocks):
        is_listed = False
        here: Place | None = block.place
        while here is not None and here.tag not in CELLS:
            is_listed = is_listed or here.tag in _LISTS
            here = here.holder
        if here is not None:
            held[here.number].add(-1 if is_listed else number)
    return max(map(len, held.values()), default=0) > _CELL_BLOCKS


def _around_lists(place: Place) -> Place:
    """The place that holds the list that an item is in; any other place itself."""
    while place.tag in _LISTS and place.holder is not None:
        place = place.holder
    return place


def _row_entered(place: Place, outside: int) -> int:
    """The number of the row that a cell stands in; elsewhere that of the row around, 0 where there is none."""
    return place.holder.number if place.tag in CELLS and place.holder is not None else outside
