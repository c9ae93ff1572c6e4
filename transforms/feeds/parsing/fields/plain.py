"""Turns the markup in titles and summaries of feeds into plain text of bounded length."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape, unescape

from lxml import etree

from transforms.feeds.parsing.fields.markup import without_literal_tags
from transforms.feeds.parsing.fields.xml_text import with_exact_references

MAX_TITLE_CHARS = 1_000
MAX_SUMMARY_CHARS = 4_000
MAX_CONTENT_CHARS = 200_000
MAX_NAME_CHARS = 200
MAX_NAMES = 50
"""Limits of an entry's values, far above those of real feeds; longer values are cut."""

_WRAP_CHARS = 100
"""The longest line of a text that counts as wrapped."""

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong "
    "sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_UNREAD = frozenset(("script", "style", "template", "noscript", "iframe", "svg", "head"))


class _Words:
    """Parser target that collects the visible text, with a space between blocks; linear, without recursion."""

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
        """Ignore comments."""

    def close(self) -> str:
        return "".join(self.parts)


def plain_text(markup: str, limit: int) -> str | None:
    """The words of an HTML fragment, white space collapsed, at most `limit` characters; None if it has none."""
    return _words(markup, limit, is_title=False)


def plain_title(markup: str, limit: int) -> str | None:
    """The words of a title, in which ``<…>`` may be markup or literal text: ``The <dialog> element``."""
    return _words(markup, limit, is_title=True)


def _words(markup: str, limit: int, is_title: bool) -> str | None:
    # A character of text seldom takes more than ten of markup: cut before parsing, so that 20 MB cost nothing.
    text = with_exact_references(markup[: limit * 10])
    if "<" in text:
        text = without_literal_tags(text, is_title)
    if "<" in text:
        parser = etree.HTMLParser(target=_Words(), huge_tree=True)
        # The leading element keeps libxml2 from calling a fragment without text "empty".
        text = str(etree.fromstring(f"<p>{text}", parser))
    elif "&" in text:
        text = unescape(text)
    return one_line(text, limit)


def one_line(text: str, limit: int) -> str | None:
    """`text` with its white space collapsed, at most `limit` characters; None if nothing is left."""
    return " ".join(text[: limit * 10].split())[:limit].rstrip() or None


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Names (authors, keywords) in their order, white space collapsed, without repetitions, at most MAX_NAMES."""
    lines = (one_line(value, MAX_NAME_CHARS) for value in values)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NAMES]


def html_of_text(text: str) -> str:
    """Plain text as HTML paragraphs, which blank lines separate, or line ends if no line is blank.

    In wrapped text a line end becomes a space. Text is wrapped if no line is longer than `_WRAP_CHARS`, and all lines
    but the last of each paragraph are more than half as long as the longest.
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
