"""A page's tree in a form of which trafilatura 2.3.1 loses no words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree
from lxml.html import HtmlElement

_JOINERS = {"\u200c": "\U000e01ee", "\u200d": "\U000e01ef"}
"""The joiners that spell words in Persian, Indian and other scripts, and variation selectors that nothing uses."""

_TO_SELECTORS = str.maketrans(_JOINERS)
_FROM_SELECTORS = str.maketrans({selector: joiner for joiner, selector in _JOINERS.items()})
_WRITTEN = re.compile(r"(?<!\\)\\u200[cd]|&zwn?j;", re.IGNORECASE)
_LISTS = ("ul", "ol", "dl")
_ITEMS = ("li", "dt", "dd")
_BLOCKS = frozenset(("p", "div", "ul", "ol", "dl", "table", "blockquote", "section", "figure"))


@contextmanager
def printable_joiners(tree: HtmlElement) -> Iterator[None]:
    """While it lasts, printable signs stand for the zero-width joiners: what is not printable would be dropped.

    `joiners_back` brings them into the text that was read. JSON-LD may write them as escapes.
    """
    changed: list[tuple[HtmlElement, str | None, str | None]] = []
    whole = tree.xpath("string()")
    has_any = _WRITTEN.search(whole) or any(joiner in whole for joiner in _JOINERS)
    for element in tree.iter(etree.Element) if has_any else ():
        text, tail = element.text, element.tail
        shown, shown_tail = _printable(text, element.tag == "script"), _printable(tail, False)
        if shown != text or shown_tail != tail:
            changed.append((element, text, tail))
            element.text, element.tail = shown, shown_tail
    try:
        yield
    finally:
        for element, text, tail in changed:
            element.text, element.tail = text, tail


def joiners_back(text: str) -> str:
    """A text that was read under `printable_joiners`, with its joiners."""
    return text if text.isascii() else text.translate(_FROM_SELECTORS)


def _printable(text: str | None, is_data: bool) -> str | None:
    if not text:
        return text
    if is_data:
        text = _WRITTEN.sub(_selector, text)
    return text if text.isascii() else text.translate(_TO_SELECTORS)


def _selector(escape: re.Match[str]) -> str:
    return _JOINERS["\u200c" if escape[0].lower() in ("\\u200c", "&zwnj;") else "\u200d"]


def lists_as_paragraphs(tree: HtmlElement) -> None:
    """Turn the lists in cells of tables into paragraphs: trafilatura leaves lists out there.

    A list of links stays one: it is a menu of a page that is laid out by a table.
    """
    for found in list(tree.iter(*_LISTS)):
        if next(found.iterancestors("td", "th"), None) is None or _is_menu(found):
            continue
        for item in found.iterchildren(*_ITEMS):
            item.tag = "p" if _BLOCKS.isdisjoint(child.tag for child in item) else "div"
        found.drop_tag()


def _is_menu(found: HtmlElement) -> bool:
    chars = len("".join(found.itertext()))
    return 2 * sum(len("".join(link.itertext())) for link in found.iter("a")) > chars
