"""Markup whose elements nest no deeper than a parser can follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_DEEPEST = 128
"""Levels allowed: twice what real pages reach, half of what libxml2 follows."""

_SHALLOW = 64

_TOKEN = re.compile(r"<!--|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>")
_COMMENT_END = re.compile("-->")
_RAW_TEXT = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in "script style textarea title xmp iframe noembed noframes".split()
}
"""Elements whose content is text even where it looks like tags, each with the pattern of its end tag."""

_UNCOUNTED = frozenset("html body area base br col embed hr img input link meta param source track wbr".split())
"""Tags that are not counted as levels: elements without content, and html and body."""

_ENDED_BY = {
    "p": {"p"},
    "li": {"li"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "option": {"option"},
}
"""For each start tag, the open elements that it ends without an end tag (HTML Standard, 13.1.2.4)."""


def flatten_html(text: str) -> str:
    """`text` with its elements at most 128 levels deep and all its words kept. Linear in its length.

    Where a 129th level would open, the inner 64 elements are closed first and the new element becomes their sibling.
    Each stretch of 64 levels keeps its order, so an article far down still stands in its container. Closed elements get
    an end tag, so the parser counts the same depth as this function.
    """
    return "".join(_flattened(text))


def _flattened(text: str) -> Iterator[str]:
    levels: list[str] = []
    closed: Counter[str] = Counter()  # elements that we closed; their own end tags are still to come
    copied = place = 0
    while token := _TOKEN.search(text, place):
        place = token.end()
        if not token["name"]:
            place = _after(_COMMENT_END, text, place)
            continue
        name = token["name"].lower()
        if name in _UNCOUNTED:
            continue
        if token["end"]:
            yield text[copied : token.start()]
            copied = place
            yield from _end(name, levels, closed)
            continue
        if name in _RAW_TEXT:
            place = _after(_RAW_TEXT[name], text, place)
            continue
        if levels and levels[-1] in _ENDED_BY.get(name, ()):
            yield text[copied : token.start()]
            copied = token.start()
            yield f"</{levels.pop()}>"
        if len(levels) >= _DEEPEST:
            yield text[copied : token.start()]
            copied = token.start()
            closed.update(levels[_SHALLOW:])
            yield from _closing(levels, _SHALLOW)
        levels.append(name)
    yield text[copied:]


def _end(name: str, levels: list[str], closed: Counter[str]) -> Iterator[str]:
    """What to write for an end tag: the end tags of its element and of all open elements inside it, or nothing."""
    level = len(levels) - 1
    while level >= 0 and levels[level] != name:
        level -= 1
    if level < _SHALLOW and closed[name]:
        closed[name] -= 1
    elif level >= 0:
        yield from _closing(levels, level)


def _closing(levels: list[str], depth: int) -> Iterator[str]:
    """The end tags that close elements until only `depth` levels are open."""
    while len(levels) > depth:
        yield f"</{levels.pop()}>"


def _after(mark: re.Pattern[str], text: str, place: int) -> int:
    """The place after the next `mark`; the end of the text if there is none, as the rest is inside an open element."""
    found = mark.search(text, place)
    return found.end() if found else len(text)
