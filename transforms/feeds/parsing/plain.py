"""Plain, bounded text out of the markup that feeds put into titles and summaries."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape, unescape

from lxml import etree

from transforms.feeds.parsing.markup import without_literal_tags
from transforms.feeds.parsing.xml_text import with_exact_references

MAX_TITLE_CHARS = 1_000
MAX_SUMMARY_CHARS = 4_000
MAX_CONTENT_CHARS = 200_000
MAX_NAME_CHARS = 200
MAX_NAMES = 50
"""Bounds of what an entry may carry, far above what real feeds hold; longer values are cut."""

_WRAP_CHARS = 100
"""Lines of wrapped text are no longer."""

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
    return _words(markup, limit, is_title=False)


def plain_title(markup: str, limit: int) -> str | None:
    """The words of a title that may hold markup, and may just as well speak of it: ``The <dialog> element``."""
    return _words(markup, limit, is_title=True)


def _words(markup: str, limit: int, is_title: bool) -> str | None:
    # A word of text seldom costs more than ten characters of markup: cut before parsing, so that 20 MB cost nothing.
    text = with_exact_references(markup[: limit * 10])
    if "<" in text:
        text = without_literal_tags(text, is_title)
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


def html_of_text(text: str) -> str:
    """Plain text as HTML, its paragraphs kept: blank lines part them, or line ends where no line is blank.

    In a text that is wrapped, all lines but the last of a paragraph being about as wide as the widest, a line end is a
    space.
    """
    paragraphs = [paragraph for paragraph in _paragraphs(text[:MAX_CONTENT_CHARS].splitlines()) if paragraph]
    widest = max((len(line) for lines in paragraphs for line in lines), default=0)
    is_wrapped = widest <= _WRAP_CHARS and all(2 * len(line) > widest for lines in paragraphs for line in lines[:-1])
    if len(paragraphs) == 1 and not is_wrapped:
        paragraphs = [[line] for line in paragraphs[0]]
    end = " " if is_wrapped else "<br>"
    return "".join(f"<p>{end.join(escape(line, quote=False) for line in lines)}</p>" for lines in paragraphs)


def _paragraphs(lines: Iterable[str]) -> list[list[str]]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line.strip())
        else:
            paragraphs.append([])
    return paragraphs
