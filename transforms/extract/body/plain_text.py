"""The text of a page by one walk and one pass over its blocks, for pages that are too much for anything cleverer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.extract.lines.line_kinds import line_kinds
from transforms.extract.lines.lines import Line
from transforms.extract.page.text_blocks import Place, TextBlock, text_blocks
from transforms.text.scripts import wide_count
from transforms.text.sentences import CLOSERS, STOPS

MAX_CHARS = 1_000_000
"""A body is cut here, at the end of a block. It is longer than any novel, and bounds the work of later steps."""

_LOST = frozenset(("form", "nav", "footer", "aside", "figcaption", "menu"))
_FURNITURE = frozenset(
    "comment comments disqus footer nav navigation menu sidebar related recommended recommendations share sharing "
    "social cookie cookies consent newsletter promo ad ads advert advertisement breadcrumb breadcrumbs caption".split()
)
"""Words in class and id attributes with which web authors mark what stands around a text."""

_ARTICLE_BODY = frozenset(("article", "body"))
_WHOLE = frozenset("html body main article".split())
"""Elements whose class may name a part of the page ("has-sidebar") although they hold the whole page or article."""

_ENDS = STOPS.union(CLOSERS, ":")

_SENTENCE_CHARS = 40
_SENTENCE_WORDS = 8
_SENTENCE_WIDE = 20
_WIDE_LETTERS = 2
_BLOCK_COST = 25
_LINK_COST = 2
_MIN_CHARS = 250
"""The least text that a stretch of blocks must hold to be accepted, in characters: a short brief."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A block of the page.

    `score` is what a stretch of blocks gains by it; `container` is the number of the outermost article around it, or 0.
    """

    block: TextBlock
    container: int
    is_furniture: bool
    score: int


def plain_lines(tree: HtmlElement, *, keep_links: bool = False) -> tuple[Line, ...]:
    """The page's text, one block a line, at most a million characters. Time is linear in the size of the tree.

    Taken is the stretch of blocks in which paragraphs outweigh links and labels most: the maximum subarray of the
    blocks' scores. (Finn, Kushmerick and Smyth 2001 did this with words and tags.) If an article or articleBody element
    holds such a stretch, only that element is used. Blocks in elements named as comments, menus or advertisements count
    only if there is nothing else. Empty if no block is a paragraph.
    """
    every = list(_scored(tree, keep_links))
    own = [one for one in every if not one.is_furniture]
    for scored in (_marked(own), own, every):
        stretch = _best_stretch(scored)
        if sum(len(block.text) for block in stretch) >= _MIN_CHARS:
            break
    sizes = accumulate(len(block.text) + 1 for block in stretch)
    whole = [block for block, size in zip(stretch, sizes, strict=True) if size <= MAX_CHARS]
    if not whole:
        return tuple(Line(block.text[:MAX_CHARS]) for block in stretch[:1])
    kinds = line_kinds(whole)
    return tuple(Line(block.text, kind, block.anchors) for block, kind in zip(whole, kinds, strict=True))


def _marked(blocks: list[_Scored]) -> list[_Scored]:
    """The blocks of the article element with the highest score; [] if there is no such element."""
    chars: dict[int, int] = {}
    for block in blocks:
        if block.container:
            chars[block.container] = chars.get(block.container, 0) + max(0, block.score)
    largest = max(chars, key=lambda number: chars[number], default=0)
    return [block for block in blocks if block.container == largest] if largest else []


def _best_stretch(blocks: list[_Scored]) -> list[TextBlock]:
    """The stretch of blocks with the largest sum of scores (Kadane's algorithm), without blocks of mostly links."""
    best = total = begin = 0
    span = (0, 0)
    for number, block in enumerate(blocks):
        total += block.score
        if total <= 0:
            total, begin = 0, number + 1
        elif total > best:
            best, span = total, (begin, number + 1)
    stretch = [one.block for one in blocks[slice(*span)]]
    return [block for block in stretch if 2 * block.link_chars <= len(block.text)]


def _scored(tree: HtmlElement, keep_links: bool) -> Iterator[_Scored]:
    """The page's blocks in order, without those in elements that never hold a story's text, such as nav and footer."""
    known = {0: _Surroundings(0, False, False)}
    for block in text_blocks(tree, keep_links=keep_links):
        around = _surroundings(block.place, known)
        if not around.is_lost:
            score = _score(block.text, block.link_chars)
            yield _Scored(block, around.container, around.is_furniture, score)


class _Surroundings(NamedTuple):
    """The number of the outermost article around a place (0 if none); whether anything around is furniture or lost."""

    container: int
    is_furniture: bool
    is_lost: bool


def _surroundings(place: Place, known: dict[int, _Surroundings]) -> _Surroundings:
    unknown: list[Place] = []
    here: Place | None = place
    while here is not None and here.number not in known:
        unknown.append(here)
        here = here.holder
    around = known[here.number if here is not None else 0]
    for one in reversed(unknown):
        around = known[one.number] = _Surroundings(
            around.container or (one.number if one.tag == "article" or one.words >= _ARTICLE_BODY else 0),
            around.is_furniture or (one.tag not in _WHOLE and not _FURNITURE.isdisjoint(one.words)),
            around.is_lost or one.tag in _LOST,
        )
    return around


def _score(text: str, link_chars: int) -> int:
    """A paragraph's characters outside of links, less two for each one in links; negative for a label."""
    own = len(text) - link_chars
    wide = wide_count(text)
    length = own + _WIDE_LETTERS * wide  # an ideogram says as much as a word of several letters
    if length >= _SENTENCE_CHARS and (text[-1] in _ENDS or length >= 4 * _SENTENCE_CHARS or _breaks_off(text, wide)):
        return length - _LINK_COST * link_chars
    return -_BLOCK_COST - _LINK_COST * link_chars


def _breaks_off(text: str, wide: int) -> bool:
    """Whether a text that ends in a figure or a sign is still prose: a paragraph may end in a year or a note's number.

    Labels and lists of names are mostly capitals and figures; a line that ends in a letter is a headline.
    """
    if text[-1].isalpha():
        return False
    words = text.split()
    small = sum(word[0].isalpha() and not word[0].isupper() for word in words)
    return wide >= _SENTENCE_WIDE or (len(words) >= _SENTENCE_WORDS and 2 * small >= len(words))
