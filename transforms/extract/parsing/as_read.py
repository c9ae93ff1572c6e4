"""A page's words as a reader reads them: without ruby readings above the words, and without hints for line breaks."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from transforms.text.break_hints import without_break_hints

_RUBY = re.compile("<ruby", re.IGNORECASE)
_UNENDED = re.compile(r"(<(rt|rp|rtc)\b[^<>]*+>[^<]*+)(?=<(?:rb|rt|rp|rtc|/ruby)\b)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_JOINERS = "\u200c\u200d"


def end_readings(text: str) -> str:
    """Markup with an end tag added to each ruby reading that lacks one. Linear in its length.

    HTML lets authors omit these end tags, but libxml2 would put the following text into the reading.
    """
    return _UNENDED.sub(r"\1</\2>", text) if _RUBY.search(text) else text


def as_read(tree: HtmlElement) -> None:
    """Remove, in place, what stands in a tree's text without being part of it: ruby readings and hints for line breaks.

    Ruby tells above a word how to pronounce it; the word itself stays. Hints are also removed from scripts, because
    JSON-LD repeats the article's text.
    """
    etree.strip_elements(tree, "rt", "rp", "rtc", with_tail=False)
    if not _INVISIBLE.search(tree.xpath("string()")):  # true of nearly all pages
        return
    for element in tree.iter(etree.Element):
        if (text := element.text) and not text.isascii() and _INVISIBLE.search(text):
            element.text = _without_hints(text)
        if (tail := element.tail) and not tail.isascii() and _INVISIBLE.search(tail):
            element.tail = _without_hints(tail)


def _without_hints(text: str) -> str:
    """The text without line-break hints. A joiner at the edge may spell a word with the neighbouring element's text, so
    it is judged by the letter beside it."""
    inside = text.strip(_JOINERS)
    before = inside[:1] if text[0] in _JOINERS else ""
    after = inside[-1:] if text[-1] in _JOINERS else ""
    cleaned = without_break_hints(f"{before}{text}{after}")
    return cleaned[len(before) : len(cleaned) - len(after)]
