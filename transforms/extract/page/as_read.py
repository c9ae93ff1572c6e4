"""A page's words as a reader reads them: without readings above the words, and without hints for line breaks."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from transforms.text.break_hints import without_break_hints

_UNENDED = re.compile(r"(<(rt|rp|rtc)\b[^<>]*+>[^<]*+)(?=<(?:rb|rt|rp|rtc|/ruby)\b)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_JOINERS = "\u200c\u200d"


def end_readings(text: str) -> str:
    """Markup with an end tag for each ruby reading; HTML lets it out, and libxml2 would read on inside (linear)."""
    return _UNENDED.sub(r"\1</\2>", text) if "<ruby" in text.lower() else text


def as_read(tree: HtmlElement) -> None:
    """Take out of a tree what stands in its text and is not read as a part of it.

    Ruby says above a word how it is read: the word stays. Scripts are text here too: JSON-LD repeats the article's.
    """
    etree.strip_elements(tree, "rt", "rp", "rtc", with_tail=False)
    if not _INVISIBLE.search(tree.xpath("string()")):  # as of nearly all pages
        return
    for element in tree.iter(etree.Element):
        if (text := element.text) and not text.isascii() and _INVISIBLE.search(text):
            element.text = _without_hints(text)
        if (tail := element.tail) and not tail.isascii() and _INVISIBLE.search(tail):
            element.tail = _without_hints(tail)


def _without_hints(text: str) -> str:
    """A joiner at the edge of an element may spell a word with the next element's text: its own side decides."""
    inside = text.strip(_JOINERS)
    before = inside[:1] if text[0] in _JOINERS else ""
    after = inside[-1:] if text[-1] in _JOINERS else ""
    cleaned = without_break_hints(f"{before}{text}{after}")
    return cleaned[len(before) : len(cleaned) - len(after)]
