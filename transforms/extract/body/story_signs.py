"""Signs of a story (headings, bylines, paragraphs, times), for the search for other stories on a page."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from transforms.extract.names.by_words import opens_byline
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.people import Trust
from transforms.extract.page.class_names import class_of, marks_of
from transforms.text.scripts import wide_count

PROSE_CHARS = 60
_BYLINE_CHARS = 120
CLOCK = re.compile(r"(?<!\W)\W*+\d{1,2}\s?[:.hH]\s?\d\d(?:\s*[ap]\.?m)?(?:\s*(?:uhr|[A-Z]{2,4}))?\W*", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(r"/(?:Article|[A-Z][A-Za-z]{1,20}Article|BlogPosting)$")
BLOCK_TAGS = frozenset(("div", "td", "section", "article", "blockquote"))
HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def may_head_a_story(heading: HtmlElement) -> bool:
    """Whether a heading's level is that of headlines. An h3 counts only as the first heading in an article element."""
    if heading.tag != "h3":
        return True
    article = article_of(heading)
    return article is not None and next(article.iter(*HEADING_TAGS), None) is heading


def article_of(element: HtmlElement) -> HtmlElement | None:
    """The innermost article element around an element, or None."""
    return next(element.iterancestors("article"), None)


def names_author(element: HtmlElement) -> bool:
    """Whether an element is a byline with a person's name; "By the numbers" is none."""
    text = text_in(element)
    return len(text) <= _BYLINE_CHARS and is_byline(element) and any(people_in(text, (), Trust.FULL))


def prose_chars(element: HtmlElement) -> int:
    """The characters of a paragraph, an ideogram counting as three; 0 if the element is no paragraph.

    A paragraph is a p element, or another block with text of its own, of which one piece has a third of the length.
    """
    is_marked = element.tag == "p"
    text = text_in(element) if is_marked else _own_text(element)
    if 3 * len(text) < PROSE_CHARS:
        return 0
    chars = len(text) + 2 * wide_count(text)
    if chars < PROSE_CHARS or text.isspace():
        return 0
    if is_marked and len(element) and 2 * sum(len(text_in(link)) for link in element.iter("a")) > len(text):
        return 0
    return chars


def _own_text(element: HtmlElement) -> str:
    """The text that stands right in a block, "" where that is no more than scraps between its parts."""
    if element.tag not in BLOCK_TAGS:
        return ""
    pieces = [text for text in (element.text, *[child.tail for child in element]) if text]
    return " ".join(pieces) if pieces and 3 * max(map(len, pieces)) >= PROSE_CHARS else ""


def text_in(element: HtmlElement) -> str:
    """The element's text on one line."""
    return " ".join(element.text_content().split())


def is_byline(element: HtmlElement) -> bool:
    if marks_of(class_of(element)).is_author or element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    return element.text is not None and len(element.text) <= _BYLINE_CHARS and opens_byline(element.text)


def is_clock(element: HtmlElement) -> bool:
    """Whether an element shows a time of day and nothing else, as entries of a live blog do."""
    return element.text is not None and len(element.text) <= _BYLINE_CHARS and CLOCK.fullmatch(element.text) is not None


def is_date(element: HtmlElement) -> bool:
    """Whether an element is marked as a date or a time."""
    return element.tag == "time" or marks_of(class_of(element)).is_date


def typed_article(element: HtmlElement) -> HtmlElement | None:
    """The innermost element around an element that microdata call an article of some kind, or None. Entries of a live
    report are none."""
    above = next((one for one in element.iterancestors() if one.get("itemtype")), None)
    if above is None or above.get("itemprop") or not _ARTICLE_TYPE.search(above.get("itemtype")):
        return None
    return above
