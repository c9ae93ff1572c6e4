"""The lines of an article's text: what each says, what it is, and where its links lead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from schemas.article import BlockKind
from transforms.extract.lines.line_kinds import PARAGRAPH, LineKind, line_kinds
from transforms.extract.page.anchors import Anchor
from transforms.extract.page.text_blocks import CELLS, Place, TextBlock

DATA_CELL_CHARS: Final = 60
"""A cell of a table of data is shorter; a longer one may hold paragraphs."""

_BAR: Final = " | "
_DASH: Final = "- "
_ROW: Final = LineKind(BlockKind.TABLE_ROW)
_ITEM: Final = LineKind(BlockKind.LIST_ITEM, 1)
_ROW_TO_TABLE: Final = 3
"""From a row to its table there are a few steps; a row that is farther off stands in none."""

_OPENING_CHARS: Final = 24


class Line(NamedTuple):
    """A line of a text, and its links: where in the line the words of each begin, and where it leads."""

    text: str
    kind: LineKind = PARAGRAPH
    anchors: tuple[Anchor, ...] = ()


class _Row(NamedTuple):
    """A row of a table: the numbers of its place and of the table's."""

    number: int
    table: int


def cell_of(place: Place) -> Place | None:
    """The cell of a table that a place is, or stands right in."""
    if place.tag in CELLS:
        return place
    return place.holder if place.holder is not None and place.holder.tag in CELLS else None


def lines_of(blocks: Sequence[TextBlock]) -> tuple[Line, ...]:
    """The blocks a line each: list items with a dash, the cells of a table's row in one line with bars."""
    kinds = iter(line_kinds(blocks))
    rows = [(row, list(cells)) for row, cells in groupby(blocks, _row_of)]
    told = {row.table for row, cells in rows if row is not None and len(cells) > 1 and _is_row_of_data(cells)}
    lines: list[Line] = []
    for row, cells in rows:
        own = [next(kinds) for _ in cells]
        if row is not None and _is_row_of_data(cells):
            is_label = row.table in told and len(cells[0].text) < DATA_CELL_CHARS
            lines.append(_joined(cells, _ROW if len(cells) > 1 or is_label else own[0]))
        else:
            lines += [_line(block, kind) for block, kind in zip(cells, own, strict=True)]
    return tuple(lines)


def _row_of(block: TextBlock) -> _Row | None:
    cell = cell_of(block.place)
    if cell is None or cell.holder is None:
        return None
    around: Place | None = cell.holder
    for _ in range(_ROW_TO_TABLE):
        if around is None or around.tag == "table":
            break
        around = around.holder
    return _Row(cell.holder.number, around.number if around is not None and around.tag == "table" else 0)


def _is_row_of_data(blocks: Sequence[TextBlock]) -> bool:
    """Whether a row is told in one line: each of its cells is one text, or they are labels. Of a page that is laid out
    by a table, one cell holds the paragraphs."""
    if len({block.place.number for block in blocks}) < len(blocks):
        return False
    cells = {cell.number for block in blocks if (cell := cell_of(block.place)) is not None}
    return len(cells) == len(blocks) or all(len(block.text) < DATA_CELL_CHARS for block in blocks)


def _joined(cells: Sequence[TextBlock], kind: LineKind) -> Line:
    anchors: list[Anchor] = []
    at = 0
    for cell in cells:
        anchors += _shifted(cell.anchors, at)
        at += len(cell.text) + len(_BAR)
    return Line(_BAR.join(cell.text for cell in cells), kind, tuple(anchors))


def _line(block: TextBlock, kind: LineKind) -> Line:
    if block.place.tag != "li":
        return Line(block.text, kind, block.anchors)
    return Line(_DASH + block.text, kind, tuple(_shifted(block.anchors, len(_DASH))))


def _shifted(anchors: Iterable[Anchor], by: int) -> Iterable[Anchor]:
    return (anchor._replace(start=anchor.start + by) for anchor in anchors)


def lines_in(text: str, blocks: Sequence[TextBlock]) -> tuple[Line, ...]:
    """The lines of a text that somebody else made of these blocks, which are in page order.

    A line is what the block is that it tells, or that it begins like; a line of no known block is what its signs say.
    """
    known: dict[str, deque[tuple[TextBlock, LineKind]]] = {}
    for block, kind in zip(blocks, line_kinds(blocks), strict=True):
        for key in _keys(block.text):
            known.setdefault(key, deque()).append((block, kind))
    return tuple(_line_in(line, known) for line in text.split("\n"))


def _line_in(text: str, known: dict[str, deque[tuple[TextBlock, LineKind]]]) -> Line:
    own = text.strip().removeprefix(_DASH)
    for key in _keys(own):
        if found := known.get(key):
            block, kind = found[0] if len(found) == 1 else found.popleft()
            return Line(text, kind, _found_again(text, block.anchors))
    if own != text.strip():
        return Line(text, _ITEM)
    return Line(text, _ROW if _BAR in text else PARAGRAPH)


def _keys(text: str) -> tuple[str, ...]:
    """What a block is found by: its text, and its beginning; neither with its blanks."""
    squeezed = "".join(text.split())
    return (squeezed, squeezed[:_OPENING_CHARS]) if len(squeezed) > _OPENING_CHARS else (squeezed,)


def _found_again(text: str, anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """The links of a block in a line that tells it in another form; those whose words are not there are left out."""
    found: list[Anchor] = []
    end = 0
    for anchor in anchors:
        at = text.find(anchor.text, max(end, anchor.start))
        at = at if at >= 0 else text.find(anchor.text, end)
        if at >= 0:
            found.append(anchor._replace(start=at))
            end = at + len(anchor.text)
    return tuple(found)
