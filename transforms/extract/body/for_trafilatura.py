"""A page's tree in a form of which trafilatura 2.3.1 loses no words."""

from __future__ import annotations

import re
from copy import copy

from lxml import etree
from lxml.html import HtmlElement

_JOINERS = {"\u200c": "\U000e01ee", "\u200d": "\U000e01ef"}
"""The joiners that spell words in Persian, Indian and other scripts, and variation selectors that nothing uses."""

_TO_SELECTORS = str.maketrans(_JOINERS)
_FROM_SELECTORS = str.maketrans({selector: joiner for joiner, selector in _JOINERS.items()})
_WRITTEN = re.compile(r"(?<!\\)\\u200[cd]|&zwn?j;", re.IGNORECASE)
_SIGNS = (*_JOINERS, "\\u200", "&zw")
"""Where none of these stands, no joiner does, be it as the escape of it that JSON-LD may write."""

_LISTS = ("ul", "ol", "dl")
_ITEMS = ("li", "dt", "dd")
_BLOCKS = frozenset(("p", "div", "ul", "ol", "dl", "table", "blockquote", "section", "figure"))


def for_trafilatura(tree: HtmlElement) -> HtmlElement:
    """The tree itself, or where trafilatura would lose words of it, a copy that it reads whole.

    It leaves lists in cells of tables out: in the copy they are paragraphs. It drops what is not printable: in the copy
    printable signs stand for the zero-width joiners, which `joiners_back` brings into the text that it gives.
    """
    has_lists = any(map(_is_lost, tree.iter(*_LISTS)))
    has_joiners = _may_have_joiners(tree)
    if not (has_lists or has_joiners):  # as of nearly all pages
        return tree
    readable = copy(tree)
    if has_lists:
        _lists_as_paragraphs(readable)
    if has_joiners:
        _print_joiners(readable)
    return readable


def joiners_back(text: str) -> str:
    """A text that was read from such a copy, with its joiners."""
    return text if text.isascii() else text.translate(_FROM_SELECTORS)


def _lists_as_paragraphs(tree: HtmlElement) -> None:
    for found in list(filter(_is_lost, tree.iter(*_LISTS))):
        for item in found.iterchildren(*_ITEMS):
            item.tag = "p" if _BLOCKS.isdisjoint(child.tag for child in item) else "div"
        found.drop_tag()


def _is_lost(found: HtmlElement) -> bool:
    """Whether a list stands in a table and holds more than links, as a menu of a page does that is laid out by one."""
    return next(found.iterancestors("td", "th"), None) is not None and not _is_menu(found)


def _is_menu(found: HtmlElement) -> bool:
    chars = len("".join(found.itertext()))
    return 2 * sum(len("".join(link.itertext())) for link in found.iter("a")) > chars


def _may_have_joiners(tree: HtmlElement) -> bool:
    whole = tree.xpath("string()")
    return any(sign in whole for sign in _SIGNS)


def _print_joiners(tree: HtmlElement) -> None:
    for element in tree.iter(etree.Element):
        text, tail = element.text, element.tail
        shown, shown_tail = _printable(text, element.tag == "script"), _printable(tail, False)
        if shown != text or shown_tail != tail:
            element.text, element.tail = shown, shown_tail


def _printable(text: str | None, is_data: bool) -> str | None:
    if not text:
        return text
    if is_data:
        text = _WRITTEN.sub(_selector, text)
    return text if text.isascii() else text.translate(_TO_SELECTORS)


def _selector(escape: re.Match[str]) -> str:
    return _JOINERS["\u200c" if escape[0].lower() in ("\\u200c", "&zwnj;") else "\u200d"]
