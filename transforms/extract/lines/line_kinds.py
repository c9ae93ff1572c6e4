"""What a block of a text is by the elements around it: a heading, an item of a list, a quote, a paragraph.

Markup is believed where it is used for one block, and not where a template lays out the page by it: an item that holds
a heading or several paragraphs is a box of the page, a quote that holds nearly all of the text is an indent, and a
heading with much text in it was never closed. A bold line is a paragraph, as nothing tells it from an emphasised one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.article import BlockKind
from transforms.extract.page.text_blocks import CELLS, Place, TextBlock, inherited

_HEADINGS: Final = {f"h{level}": max(2, level) for level in range(1, 7)}
_LISTS: Final = frozenset(("ul", "ol", "dl", "menu"))
_ITEMS: Final = frozenset(("li", "dt", "dd"))
_QUOTING: Final = frozenset(("blockquote", "pullquote"))
"""What a template's words call an element that quotes."""

_HEADING_CHARS: Final = 250
_HEADING_BLOCKS: Final = 3
_ITEM_BLOCKS: Final = 2
_INDENT_SHARE: Final = 0.8


class LineKind(NamedTuple):
    """What a line is, and the level of a heading (2 to 6) or the depth of an item (from 1)."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0


PARAGRAPH: Final = LineKind()


class _Around(NamedTuple):
    """The numbers of the places around a block: the outermost quote, the heading, the innermost item; 0 if there is
    none. `level` is the heading's."""

    quote: int = 0
    heading: int = 0
    level: int = 0
    item: int = 0


def line_kinds(blocks: Sequence[TextBlock]) -> list[LineKind]:
    """What each block of a text is. `blocks` are those of one text, in page order. Linear in the places around them."""
    known: dict[int, _Around] = {}
    around = [inherited(block.place, known, _Around(), _entered) for block in blocks]
    headings = _true_headings(blocks, around)
    quotes = _true_quotes(blocks, around)
    boxes = _boxes(blocks, around, headings)

    def depth_in(place: Place, outside: int) -> int:
        if place.number in boxes or place.tag in CELLS:
            return 0
        return outside + 1 if place.tag in _LISTS else outside

    depths: dict[int, int] = {}
    kinds = []
    for block, one in zip(blocks, around, strict=True):
        if one.quote in quotes:
            kinds.append(LineKind(BlockKind.QUOTE))
        elif one.heading in headings:
            kinds.append(LineKind(BlockKind.HEADING, one.level))
        elif one.item and one.item not in boxes:
            depth = inherited(block.place, depths, 0, depth_in)
            kinds.append(LineKind(BlockKind.LIST_ITEM, max(1, depth)))
        else:
            kinds.append(PARAGRAPH)
    return kinds


def _entered(place: Place, outside: _Around) -> _Around:
    tag = place.tag
    if tag in _HEADINGS:
        return outside._replace(heading=place.number, level=_HEADINGS[tag])
    if tag in _ITEMS:
        return outside._replace(item=place.number)
    if tag in CELLS:
        return outside._replace(item=0)
    if not outside.quote and (tag == "blockquote" or _is_named_quote(place)):
        return outside._replace(quote=place.number)
    return outside


def _is_named_quote(place: Place) -> bool:
    return "quote" in place.names and not _QUOTING.isdisjoint(place.words)


def _true_headings(blocks: Sequence[TextBlock], around: Sequence[_Around]) -> frozenset[int]:
    """The headings that hold no more than headings do."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    for block, one in zip(blocks, around, strict=True):
        held[one.heading].append(len(block.text))
    return frozenset(
        number
        for number, sizes in held.items()
        if number and len(sizes) <= _HEADING_BLOCKS and sum(sizes) <= _HEADING_CHARS
    )


def _true_quotes(blocks: Sequence[TextBlock], around: Sequence[_Around]) -> frozenset[int]:
    """The quotes that the text is more than."""
    sizes: Counter[int] = Counter()
    for block, one in zip(blocks, around, strict=True):
        sizes[one.quote] += len(block.text)
    whole = sizes.total()
    return frozenset(number for number, size in sizes.items() if number and size < _INDENT_SHARE * whole)


def _boxes(blocks: Sequence[TextBlock], around: Sequence[_Around], headings: frozenset[int]) -> frozenset[int]:
    """The items of lists that are boxes of the page: they hold a heading, or several elements with text."""
    held: defaultdict[int, set[int]] = defaultdict(set)
    headed = {one.item for one in around if one.heading in headings}
    for block, one in zip(blocks, around, strict=True):
        held[one.item].add(block.place.number)
    crowded = {number for number, places in held.items() if len(places - {number}) > _ITEM_BLOCKS}
    return frozenset(crowded | headed) - {0}
