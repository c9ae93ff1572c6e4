"""Plain, bounded text out of the markup that feeds put into titles and summaries."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape

from lxml import etree

MAX_TITLE_CHARS = 1_000
MAX_SUMMARY_CHARS = 4_000
MAX_CONTENT_CHARS = 200_000
MAX_NAME_CHARS = 200
MAX_NAMES = 50
"""Bounds of what an entry may carry, far above what real feeds hold; longer values are cut."""

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong "
    "sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_UNREAD = frozenset(("script", "style", "template", "noscript", "iframe", "svg", "head"))


class _Words:
    """Parser target that collects what a reader would read, a space between blocks. Linear, without recursion."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.unread = 0

    def start(self, tag: str, _attributes: object) -> None:
        if tag in _UNREAD:
            self.unread += 1
        elif tag not in _INLINE:
            self.parts.append(" ")

    def end(self, tag: str) -> None:
        if tag in _UNREAD:
            self.unread -= 1
        elif tag not in _INLINE:
            self.parts.append(" ")

    def data(self, text: str) -> None:
        if not self.unread:
            self.parts.append(text)

    def comment(self, _text: str) -> None:
        """Comments are not read."""

    def close(self) -> str:
        return "".join(self.parts)


def plain_text(markup: str, limit: int) -> str | None:
    """The words of an HTML fragment, white space collapsed, at most `limit` characters; None when there are none."""
    # A word of text seldom costs more than ten characters of markup: cut before parsing, so that 20 MB cost nothing.
    text = markup[: limit * 10]
    if "<" in text:
        parser = etree.HTMLParser(target=_Words(), huge_tree=True)
        # The leading word keeps libxml2 from calling a fragment without text "empty".
        text = str(etree.fromstring(f"<p>{text}", parser))
    elif "&" in text:
        text = unescape(text)
    return one_line(text, limit)


def one_line(text: str, limit: int) -> str | None:
    """`text` with its white space collapsed, at most `limit` characters; None when nothing is left."""
    return " ".join(text[: limit * 10].split())[:limit].rstrip() or None


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Names (of authors, of keywords) in their order: collapsed, without repetition, at most MAX_NAMES."""
    lines = (one_line(value, MAX_NAME_CHARS) for value in values)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NAMES]
