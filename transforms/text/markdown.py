"""An article as Markdown: CommonMark, with the tables of GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from schemas.article import Block, BlockKind, Link
from transforms.text.body_blocks import placed_blocks

_DASH: Final = "- "
_BAR: Final = " | "
_INDENT: Final = "  "
_MEANT: Final = re.compile(r"[\\`*\[~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)")
"""What Markdown would take for emphasis, code, a link, a tag or an entity; an underscore within a word is none."""

_BEGINNING: Final = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$|--)|(?<=\d)[.)](?=\s|$)")
_FIGURES: Final = re.compile(r"\d{1,9}(?=[.)])")
_END: Final = re.compile(r"(?<=\s)#+$")
_IN_ADDRESS: Final = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C", "<": "%3C", ">": "%3E", " ": "%20"})
_ENTITY: Final = re.compile(r"&(?=#?\w{1,32};)")


def markdown_of(
    body: str, blocks: Sequence[Block] | None, headline: str | None = None, links: Sequence[Link] | None = None
) -> str:
    """The text with these blocks as Markdown: `headline` as its first heading, and its links where there are any.

    Without blocks, as in rows written before version 3 of the table, each line is a paragraph, or an item where it has
    the dash of one. What Markdown would misread is escaped. Ends with a line break.
    """
    parts = [f"# {_heading(headline)}"] if headline and headline.strip() else []
    told = list(_told(body, placed_by_dash(body) if blocks is None else blocks, links or ()))
    for kind, group in groupby(told, lambda one: one.kind if one.kind in _GROUPED else None):
        if kind is None:
            parts += [_single(one) for one in group]
        else:
            parts.append(_GROUPED[kind](list(group)))
    return "\n\n".join(parts) + "\n"


def placed_by_dash(body: str) -> tuple[Block, ...]:
    """The blocks of a body of which nothing is known but its signs."""
    item, paragraph = (str(BlockKind.LIST_ITEM), 1), (str(BlockKind.PARAGRAPH), 0)
    return placed_blocks(body, (item if line.startswith(_DASH) else paragraph for line in body.split("\n")))


class _Told(NamedTuple):
    """A block in Markdown, but for what its kind adds."""

    kind: str
    level: int
    text: str


def _told(body: str, blocks: Sequence[Block], links: Sequence[Link]) -> Iterator[_Told]:
    at = 0
    for block in blocks:
        start = block.start
        if block.kind == BlockKind.LIST_ITEM and body.startswith(_DASH, start):
            start += len(_DASH)
        pieces = []
        while at < len(links) and links[at].start < block.end:
            link = links[at]
            at += 1
            if link.start >= start:
                before = _escaped(body[start : link.start])
                pieces.append(f"{before[:-1]}\\!" if before.endswith("!") else before)
                pieces.append(f"[{_escaped(link.text).replace(']', chr(92) + ']')}]({_address(link.url)})")
                start = link.start + len(link.text)
        pieces.append(_escaped(body[start : block.end]))
        yield _Told(block.kind, block.level, " ".join("".join(pieces).split()))


def _escaped(text: str) -> str:
    return _MEANT.sub(r"\\\g<0>", text)


def _address(url: str) -> str:
    return _ENTITY.sub("&amp;", url.translate(_IN_ADDRESS))


def _opened(text: str) -> str:
    """A text whose beginning Markdown does not take for a heading, a quote or an item."""
    figures = _FIGURES.match(text)
    found = _BEGINNING.match(text, figures.end() if figures else 0)
    return text if found is None else f"{text[: found.start()]}\\{text[found.start() :]}"


def _single(one: _Told) -> str:
    if one.kind == BlockKind.HEADING:
        return f"{'#' * min(6, max(2, one.level))} {_closed(one.text)}"
    return _opened(one.text)


def _heading(headline: str) -> str:
    return _closed(" ".join(_escaped(headline).split()))


def _closed(text: str) -> str:
    """A heading's text whose end Markdown does not take for the heading's own signs."""
    if text.strip("#") == "":
        return text.replace("#", "\\#")
    return _END.sub(lambda signs: signs[0].replace("#", "\\#"), text)


def _items(items: Sequence[_Told]) -> str:
    """A list; an item is at most one level below the one above it."""
    lines = []
    level = 0
    for item in items:
        level = min(max(1, item.level), level + 1)
        lines.append(f"{_INDENT * (level - 1)}- {_opened(item.text)}")
    return "\n".join(lines)


def _quote(paragraphs: Sequence[_Told]) -> str:
    return "\n>\n".join(f"> {_opened(one.text)}" for one in paragraphs)


def _table(rows: Sequence[_Told]) -> str:
    """A table, whose first row is its head, as tables in Markdown have one; rows of one cell alone are paragraphs."""
    cells = [[cell.replace("|", "\\|") for cell in row.text.split(_BAR)] for row in rows]
    width = max(map(len, cells))
    if width == 1:
        return "\n\n".join(_opened(row.text) for row in rows)
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in cells]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


_GROUPED: Final = {BlockKind.LIST_ITEM: _items, BlockKind.QUOTE: _quote, BlockKind.TABLE_ROW: _table}
"""Kinds of which neighbours make one thing."""
