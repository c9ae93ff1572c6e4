"""Bylines and dates around a page's headline, as the page marks them or a reader would see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.json_ld.structured import one_line
from transforms.extract.page.class_names import Aside, marks_of, signature

MAX_PIECES = 24
MAX_TEXT_CHARS = 300
MAX_LABEL_CHARS = 40
NO_BYLINE = frozenset({"html", "body", "main", "article", "script", "style", "img", "input", "textarea", "iframe"})
"""Elements that are no byline and no credit: they hold the page, or no text."""
_MAX_STEPS = 160
_MAX_CHILDREN = 4
_MAX_NAME_CHARS = 80
_MAX_CAPTION_CHARS = 200
_PICTURES = ("img", "picture", "figure", "video")
_INLINE = frozenset("a abbr b bdi em font i mark q rb ruby small span strong sub sup u h1 h2 title".split())
UNSEEN = frozenset({"script", "style", "noscript", "svg", "template", "select"})
"""Elements whose text no reader sees, or not as text."""

_PEOPLE_PATHS = frozenset(
    "author authors auteur auteurs autor autoren autores autori contributor contributors people person staff team "
    "profile profiles user users writer writers columnist columnists reporter reporters journalist journalists "
    "journaliste journalistes redakteur expert experts".split()
)
"""Folders in which sites keep pages about people: the text of a link into one of them is a person's name."""

_DATE_LABEL = re.compile(r"(?:date|datum|dato|fecha|data|дата|tarih|päivä|日期|日付)\s*:?", re.IGNORECASE)


class Piece(NamedTuple):
    """One run of text in an element, and the signature of the innermost element around it."""

    text: str
    signature: str


class MarkedBy(StrEnum):
    """What makes an element a byline; of TEXT nothing but its words, of ALIGN nothing but that it stands as signatures
    do, at the right or in bold letters below the story, of DATE nothing but that it stands in one line with a date, of
    SOURCE that its class, or a word like "Source:", says that it holds the source of the text."""

    ITEMPROP = "itemprop"
    REL = "rel"
    LINK = "link"
    CLASS = "class"
    TEXT = "text"
    ALIGN = "align"
    DATE = "date"
    SOURCE = "source"


class Byline(NamedTuple):
    """An element that may name the article's authors.

    `away` counts elements from the headline,
    negative before it, or from the first paragraph where there is none; `near` says whether it stands by the headline
    and before the story; `label` is what stands right before it.
    `is_person` says whether the page marks it as a person (itemtype) or leads to a page that is called like the name.
    """

    kind: MarkedBy
    away: int
    near: bool
    aside: Aside
    label: str
    signature: str
    pieces: tuple[Piece, ...]
    is_person: bool = False


class Stamp(NamedTuple):
    """A text with a date, as the page prints or marks it.

    `away`, `near`, `aside` and `label` are as in Byline. `kind` is "time", "text" or the name of its itemprop; `names`
    is its class and id. `line` is the line of text around the date, "" if the date opens that line and is marked as a
    date. `masthead` says whether it stands in the head of the page. `held` is "caption", "heading" or "aside" if it is
    part of one, or "card" if it is that of another text, on a page that may be a list of texts. `shown` is what
    a reader sees in the place of a `text` that stands in an attribute.
    """

    kind: str
    away: int
    near: bool
    aside: Aside
    label: str
    names: str
    text: str
    line: str = ""
    masthead: bool = False
    held: str = ""
    shown: str = ""

    @property
    def is_date(self) -> bool:
        """Whether its class or label says that it is a date."""
        return marks_of(self.names).is_date or _DATE_LABEL.fullmatch(self.label) is not None


def pieces_of(element: HtmlElement) -> tuple[Piece, ...]:
    """The runs of text in an element, in order; cut off where they get too long for a byline."""
    found: list[Piece] = []
    chars = 0
    for text, holder, _ in _runs(element, MAX_TEXT_CHARS):
        line = " ".join(text.split())
        if line:
            found.append(Piece(line, signature(holder)))
            chars += len(line)
            if chars > MAX_TEXT_CHARS or len(found) >= MAX_PIECES:
                break
    return tuple(found)


def text_of_element(element: HtmlElement, max_chars: int) -> str:
    """The element's text on one line, at most `max_chars` and only from its first elements; a blank parts its lines."""
    texts: list[str] = []
    chars = 0
    for text, _, is_apart in _runs(element, max_chars):
        texts.append(f" {text}" if is_apart else text)
        chars += len(text)
        if chars > max_chars:
            break
    return one_line("".join(texts)[:max_chars])


def _runs(element: HtmlElement, max_chars: int) -> Iterator[tuple[str, HtmlElement, bool]]:
    """The runs of text within an element, each cut to about `max_chars`, from its first _MAX_STEPS tags.

    Each comes with the element that holds it, and whether a block or a line break stands before it.
    """
    if not len(element):
        if element.text:
            yield element.text[: max_chars + 1], element, False
        return
    is_apart = False
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, one in islice(walk, _MAX_STEPS):
        is_apart = is_apart or (event in ("start", "end") and one.tag not in _INLINE)
        if event == "start":
            if one.tag in UNSEEN:
                walk.skip_subtree()
            elif one.text:
                yield one.text[: max_chars + 1], one, is_apart
                is_apart = False
        elif one is not element and one.tail:
            yield one.tail[: max_chars + 1], one.getparent(), is_apart
            is_apart = False


def follows_picture(element: HtmlElement) -> bool:
    """Whether a picture stands right before an element: a source there is the picture's."""
    before = element.getprevious()
    if before is None or not isinstance(before.tag, str):
        return False
    if before.tag in _PICTURES:
        return True
    is_small = len(text_of_element(before, _MAX_CAPTION_CHARS)) < _MAX_CAPTION_CHARS
    return is_small and next(before.iter(*_PICTURES), None) is not None


def is_author_link(href: str) -> bool:
    """Whether an address is that of one person's page, as in ``/author/ada-lind``."""
    if href.count("/") < 2:
        return False
    folders = href[:MAX_TEXT_CHARS].partition("?")[0].partition("#")[0].rstrip("/").rsplit("/", 2)
    return len(folders) > 1 and folders[-2].lower() in _PEOPLE_PATHS


def names_person(element: HtmlElement) -> bool:
    """Whether the markup says that an element names a person: by schema.org's Person, or by a link to an address that
    ends in the name, such as ``/people/ada-lind`` under "Ada Lind"."""
    for one in (
        element,
        *islice(element.iterchildren(etree.Element), _MAX_CHILDREN),
        *islice(element.iterancestors(), 2),
    ):
        kind = (one.get("itemtype") or one.get("typeof") or "")[:MAX_TEXT_CHARS].rstrip("/ ").lower()
        if kind.endswith("person"):
            return True
    path = (element.get("href") or "")[:MAX_TEXT_CHARS].partition("?")[0].partition("#")[0].rstrip("/")
    name = _letters(path.rpartition("/")[2].partition(".")[0])
    return bool(name) and _letters(text_of_element(element, _MAX_NAME_CHARS)) == name


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())


def text_before(element: HtmlElement) -> str:
    """The text right before an element, its last MAX_LABEL_CHARS + 1 characters; one of that length is no label."""
    for _ in range(3):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            text = previous.tail or ""
            if not text.strip() and previous.tag == "h1":  # a headline is no label
                return ""
            if not text.strip() and isinstance(previous.tag, str) and previous.tag not in UNSEEN:
                text = text_of_element(previous, MAX_TEXT_CHARS)
        else:
            text = (parent.text or "") if parent is not None else ""
        if text.strip():
            return " ".join(text[-MAX_TEXT_CHARS:].split())[-MAX_LABEL_CHARS - 1 :]
        if parent is None or (previous is not None and len(previous)):
            return ""
        element = parent
    return ""
