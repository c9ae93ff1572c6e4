"""The text of a page by one walk and one pass over its blocks: for pages that are too much for anything cleverer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree
from lxml.html import HtmlElement

MAX_CHARS = 1_000_000
"""A body is cut here, at the end of a block: it is longer than any novel, and bounds what later steps spend."""

_LOST = frozenset(
    "head script style template noscript svg math iframe object form button select textarea nav footer aside "
    "figcaption menu dialog audio video canvas".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_FURNITURE = frozenset(
    "comment comments disqus footer nav navigation menu sidebar related recommended recommendations share sharing "
    "social cookie cookies consent newsletter promo ad ads advert advertisement breadcrumb breadcrumbs caption".split()
)
"""Words of class and id attributes that web authors use for what stands around a text."""

_WHOLE = frozenset("html body main article".split())
"""Elements whose names may tell of a part ("has-sidebar"), and are about the whole."""

_BLANKS = re.compile(r"\s+")
_WIDE = re.compile("[\u2e80-\U0003ffff]+")
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_MAX_NAME_CHARS = 256
_ENDS = frozenset(".!?…:。！？؟۔।”»\"'’)」")

_SENTENCE_CHARS = 40
_WIDE_LETTERS = 2
_BLOCK_COST = 25
_LINK_COST = 2
_MIN_CHARS = 250
"""What a marked container must hold to be believed, in characters: a short brief."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One block: `score` is what a stretch of text gains by it."""

    text: str
    link_chars: int
    container: int
    is_furniture: bool
    score: int


def plain_text(tree: HtmlElement) -> str:
    """The page's text, one block a line; time linear in the size of the tree, at most a million characters.

    The stretch of blocks in which paragraphs outweigh links and labels most (the maximum subarray of the blocks'
    scores; Finn, Kushmerick and Smyth 2001 did the same with words and tags). Where an article or articleBody element
    holds such a stretch, that element's alone. Blocks inside what is called a comment, menu or advertisement count only
    where there is nothing else. Empty where no block is a paragraph.
    """
    every = list(_blocks(tree))
    own = [block for block in every if not block.is_furniture]
    for blocks in (_marked(own), own, every):
        stretch = _best_stretch(blocks)
        if sum(len(block.text) for block in stretch) >= _MIN_CHARS:
            break
    sizes = accumulate(len(block.text) + 1 for block in stretch)
    lines = [block.text for block, size in zip(stretch, sizes, strict=True) if size <= MAX_CHARS]
    return "\n".join(lines) or "".join(block.text[:MAX_CHARS] for block in stretch[:1])


def _marked(blocks: list[_Block]) -> list[_Block]:
    """The blocks of the marked container with the most text."""
    chars: dict[int, int] = {}
    for block in blocks:
        if block.container:
            chars[block.container] = chars.get(block.container, 0) + max(0, block.score)
    largest = max(chars, key=lambda number: chars[number], default=0)
    return [block for block in blocks if block.container == largest] if largest else []


def _best_stretch(blocks: list[_Block]) -> list[_Block]:
    """The blocks from which to which the sum of the scores is largest (Kadane's algorithm), without link lists."""
    best = total = begin = 0
    span = (0, 0)
    for number, block in enumerate(blocks):
        total += block.score
        if total <= 0:
            total, begin = 0, number + 1
        elif total > best:
            best, span = total, (begin, number + 1)
    return [block for block in blocks[slice(*span)] if 2 * block.link_chars <= len(block.text)]


def _blocks(tree: HtmlElement) -> Iterator[_Block]:
    """The page's blocks in their order."""
    pieces: list[str] = []
    link_chars = links = furniture = 0
    containers = [0]
    opened = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_block = tag not in _INLINE
        if is_block and pieces:
            yield from _block("".join(pieces), link_chars, containers[-1], furniture > 0)
            pieces, link_chars = [], 0
        if event == "start":
            if tag in _LOST:
                walk.skip_subtree()
            else:
                links += tag == "a"
                furniture += is_block and _is_furniture(element)
                if is_block and _is_container(element):
                    opened += 1
                    containers.append(opened if len(containers) == 1 else containers[-1])
                if element.text:
                    pieces.append(element.text)
                    link_chars += len(element.text.strip()) if links else 0
            continue
        if tag not in _LOST:
            links -= tag == "a"
            furniture -= is_block and _is_furniture(element)
            if is_block and _is_container(element):
                containers.pop()
        if element.tail:
            pieces.append(element.tail)
            link_chars += len(element.tail.strip()) if links else 0
    if pieces:
        yield from _block("".join(pieces), link_chars, containers[-1], is_furniture=False)


def _block(text: str, link_chars: int, container: int, is_furniture: bool) -> Iterator[_Block]:
    """The block of a text; none where it is blank."""
    words = _BLANKS.sub(" ", text).strip()  # joining what is split would hold millions of words of a huge text
    if words:
        link_chars = min(link_chars, len(words))
        yield _Block(words, link_chars, container, is_furniture, _score(words, link_chars))


def _score(text: str, link_chars: int) -> int:
    """The characters of a sentence, less those of its links; a label costs."""
    own = len(text) - link_chars
    # An ideogram says as much as a word of several letters.
    length = own if text.isascii() else own + _WIDE_LETTERS * (len(text) - len(_WIDE.sub("", text)))
    if length >= _SENTENCE_CHARS and (text[-1] in _ENDS or length >= 4 * _SENTENCE_CHARS):
        return length - _LINK_COST * link_chars
    return -_BLOCK_COST - _LINK_COST * link_chars


def _is_container(element: HtmlElement) -> bool:
    return element.tag == "article" or "articleBody" in (element.get("itemprop") or "")


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in _WHOLE:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and not _FURNITURE.isdisjoint(map(str.lower, _WORD.findall(names[:_MAX_NAME_CHARS])))
