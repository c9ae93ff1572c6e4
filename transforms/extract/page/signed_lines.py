"""Lines that stand as the signature of a story does: at the right, or in bold letters below its last paragraph."""

from __future__ import annotations

from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.json_ld.structured import one_line
from transforms.extract.page.page_marks import MAX_TEXT_CHARS, text_of_element

EMPHASIS = frozenset({"b", "strong", "i", "em"})
"""Elements of bold or slanted letters."""

_LINES = frozenset({"p", "div"})
_MAX_CHARS, _MAX_WORDS = 60, 4
_PARAGRAPH_CHARS = 120
_MAX_BELOW = 4
_MAX_ABOVE = 2
"""A line about the book or the film may stand between the last paragraph and who reviewed it."""


def signs_at_right(element: HtmlElement) -> bool:
    """Whether an element is a short line at the right, without figures and links."""
    if element.tag not in _LINES or not _is_at_right(element):
        return False
    text = text_of_element(element, _MAX_CHARS + 1)
    return 0 < len(text) <= _MAX_CHARS and not any(map(str.isdigit, text)) and next(element.iter("a"), None) is None


def signs_below(element: HtmlElement, text: str) -> bool:
    """Whether an element of `EMPHASIS` holds a few words, `text`, on a line of their own, with a paragraph above it and
    none below."""
    return _is_few_words(text) and _ends_story(element)


def _is_at_right(element: HtmlElement) -> bool:
    style = (element.get("style") or "")[:MAX_TEXT_CHARS].replace(" ", "").lower()
    return (element.get("align") or "").lower() == "right" or "text-align:right" in style


def _is_few_words(text: str) -> bool:
    """Whether a text is a few words without a mark between them: "Ada Lind", "(Ada Lind)"."""
    words = text.strip("() \n\t–—-").split()
    return 1 < len(words) <= _MAX_WORDS and len(text) <= _MAX_CHARS and all(map(_may_sign, words))


def _may_sign(word: str) -> bool:
    return word.replace("-", "").replace("'", "").replace("’", "").removesuffix(".").isalpha()


def _ends_story(element: HtmlElement) -> bool:
    """Whether an element is a line of its own, below a paragraph and above none."""
    line = element
    while line.tag in EMPHASIS and (above := line.getparent()) is not None and (above.text or "").strip() == "":
        line = above
    above = islice(line.itersiblings(etree.Element, preceding=True), _MAX_ABOVE)
    if line.tag not in _LINES or not any(one.tag in _LINES and _is_paragraph(one) for one in above):
        return False
    if text_of_element(line, MAX_TEXT_CHARS) != one_line(element.text or ""):
        return False
    return not any(map(_is_paragraph, islice(line.itersiblings(etree.Element), _MAX_BELOW)))


def _is_paragraph(element: HtmlElement) -> bool:
    return len(text_of_element(element, _PARAGRAPH_CHARS)) >= _PARAGRAPH_CHARS
