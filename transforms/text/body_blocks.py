"""The blocks of an article's body: where each line of the text stands, and what is left of them where lines go."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import accumulate

from schemas.article import Article, Block, Link


def placed_blocks(body: str, kinds: Iterable[tuple[str, int]]) -> tuple[Block, ...]:
    """The blocks of a body, of which the kinds and levels of its lines are given; a line without words is no block."""
    lines = body.split("\n")
    return tuple(
        Block(str(kind), level, start, start + len(line))
        for (kind, level), line, start in zip(kinds, lines, line_starts(lines), strict=True)
        if line.strip()
    )


def line_starts(lines: Iterable[str]) -> list[int]:
    """The offset of each line's first character in the text that the lines make."""
    return list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]


def without_lines(article: Article, gone: Collection[int]) -> Article:
    """The article without these lines of its body, given by number; its blocks and links stay right.

    Empty lines above and below what is left go too. What was removed is for the caller to note.
    """
    if not gone:
        return article
    lines = article.article_body.split("\n")
    kept = [number for number in range(len(lines)) if number not in gone]
    while kept and not lines[kept[0]]:
        del kept[0]
    while kept and not lines[kept[-1]]:
        del kept[-1]
    starts = line_starts(lines)
    moved = dict(zip(kept, line_starts(lines[number] for number in kept), strict=True))
    blocks, links = article.blocks, article.links
    return replace(
        article,
        article_body="\n".join(lines[number] for number in kept),
        blocks=None if blocks is None else tuple(_moved_blocks(blocks, starts, moved)),
        links=None if links is None else tuple(_moved_links(links, starts, moved)),
    )


def _moved_blocks(blocks: Iterable[Block], starts: list[int], moved: dict[int, int]) -> Iterable[Block]:
    for block in blocks:
        line = bisect_right(starts, block.start) - 1
        if line in moved:
            by = moved[line] - starts[line]
            yield block._replace(start=block.start + by, end=block.end + by)


def _moved_links(links: Iterable[Link], starts: list[int], moved: dict[int, int]) -> Iterable[Link]:
    for link in links:
        line = bisect_right(starts, link.start) - 1
        if line in moved:
            yield link._replace(start=link.start + moved[line] - starts[line])
