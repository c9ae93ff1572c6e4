"""The heading of a page that is its headline, and what stands near it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.extract.dates.other_days import holder_of, is_in_masthead, line_around
from transforms.extract.names.by_words import is_label
from transforms.extract.names.east_asian import opens_signature
from transforms.extract.page.class_names import (
    Aside,
    aside_level,
    class_of,
    is_of_comments,
    is_surely_other,
    self_and_above,
    signature,
)
from transforms.extract.page.page_marks import (
    MAX_LABEL_CHARS,
    MAX_TEXT_CHARS,
    Byline,
    MarkedBy,
    Piece,
    Stamp,
    names_person,
    pieces_of,
    text_before,
    text_of_element,
)
from transforms.web.urls import BadUrl, parse_url, registrable_domain

_NEAR_BEFORE, _NEAR_AFTER = 60, 90
_STORY = 3
"""A byline stands at most _NEAR_BEFORE elements before the headline and _NEAR_AFTER after it, and before the third text
as long as a paragraph. A standfirst and a notice may precede a byline; a story does not."""

_LINE_BEFORE, _LINE_AFTER = 15, 30
_MAX_LINE_PARENTS, _MAX_LINE_PIECES = 4, 7
"""A line with a date that may name the author: how near the headline it stands, and how much it holds."""

_CREDIT_BEFORE, _CREDIT_BEHIND = 5, 12
"""How many elements before the headline and behind the story's last long text a line may credit its source."""

_HEAD_BEFORE, _HEAD_AFTER = 15, 40
_MAX_LIST_WORDS, _MAX_CARDS = 4, 10
"""The longest headline of a front page or section, whose cards are its own text; the dates of so many are read."""

_MAX_LABEL_PARENTS = 4
_MAX_BEFORE = 60
_STOPS = tuple('.!?。！？”」"»)）')
_MIN_SHARED = {"h1": 0.3, "h2": 0.5}
_MAX_LINKS = 3
_FRONT_PAGES = frozenset(("", "index.html", "index.htm", "index.php", "home", "default.aspx"))
_WORDS = re.compile(r"[^\W_]+")


class Heading(NamedTuple):
    """A heading, and the index of its element in page order."""

    element: HtmlElement
    level: str
    text: str
    place: int


def headline_heading(headings: Sequence[Heading], titles: Iterable[str]) -> Heading | None:
    """The heading that shares most words with a title of the page, an h1 before an h2; else the first h1 or None."""
    wanted = [words for title in titles if (words := words_of(title))]
    for level, least in _MIN_SHARED.items():
        best, best_share = None, least
        for heading in headings:
            if heading.level == level and not is_of_comments(heading.element):
                words = words_of(heading.text)
                share = max((shared(words, title) for title in wanted), default=0.0)
                if share > best_share:
                    best, best_share = heading, share
        if best is not None:
            return best
    return next((heading for heading in headings if heading.level == "h1"), None)


def _from(pieces: tuple[Piece, ...], text: str) -> tuple[Piece, ...]:
    """The pieces from the one that is `text` on; that text alone where it stands too far behind in its element."""
    line = " ".join(text.split())
    at = next((n for n, piece in enumerate(pieces) if piece.text == line), None)
    return pieces[at:] if at is not None else (Piece(line, ""),)


def leads_home(heading: Heading, url: str) -> bool:
    """Whether a heading is a link to the site's front page: it is the site's name, printed on each of its pages.

    Not on the front page itself, nor where such a link is only a part of the heading.
    """
    if not url or _is_front(url, url):
        return False
    holder = next(heading.element.iterancestors("a"), None)
    links = [holder] if holder is not None else list(islice(heading.element.iter("a"), _MAX_LINKS))
    for link in links:
        href = (link.get("href") or "")[:MAX_TEXT_CHARS]
        if href and href[0] not in "#?" and _is_front(href, url):
            return link is holder or text_of_element(link, MAX_TEXT_CHARS) == heading.text
    return False


def _is_front(link: str, url: str) -> bool:
    """Whether a link on the page at `url` leads to the front page of its site."""
    try:
        address = parse_url(link, url)
    except BadUrl:
        return False
    is_own = registrable_domain(str(address.href)) == registrable_domain(url)
    return is_own and not address.search and address.pathname.strip("/").lower() in _FRONT_PAGES


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a title, in lower case."""
    return frozenset(_WORDS.findall(text.casefold()))


def shared(words: frozenset[str], others: frozenset[str]) -> float:
    """How much two titles have in common: Dice's coefficient of their words, 0 to 1."""
    return 2 * len(words & others) / max(1, len(words) + len(others))


def _may_name(piece: Piece) -> bool:
    """Whether a run of text in a line with a date is more than figures and marks."""
    return " " in piece.text and not any(map(str.isdigit, piece.text))


class Surroundings:
    """Tells where bylines and dates stand relative to the headline and to the story below it.

    `prose` are the page's long texts in order: the index of each, and the element that holds it.
    """

    def __init__(self, heading: Heading | None, prose: Sequence[tuple[int, HtmlElement]]) -> None:
        self._heading = heading.element if heading is not None else None
        self._around = set(heading.element.iterancestors()) if heading is not None else set()
        self._cards = 0
        self._may_list = heading is None or len(heading.text.split()) <= _MAX_LIST_WORDS
        self._levels: dict[HtmlElement, Aside] = {}
        first = next((one for place, one in prose if heading is not None and place > heading.place), None)
        story = next((one for one in first.iterancestors() if one in self._around), None) if first is not None else None
        self._story_path = [story, *story.iterancestors()] if story is not None else []
        below = [place for place, _ in prose if heading is None or place > heading.place]
        self._start = heading.place if heading is not None else below[0] if below else 0
        self._first = below[0] if below else None
        self._story = below[_STORY - 1] if len(below) >= _STORY else None
        self._prose = prose

    def away(self, place: int) -> int:
        """The number of elements from the headline to `place`, negative if `place` is before it.

        Without a headline, counted from the first long text.
        """
        return place - self._start

    def may_credit(self, element: HtmlElement, place: int, headings: Iterable[int]) -> bool:
        """Whether a line without a class stands where a story credits its source: by the headline, before the text, or
        right behind the last long text that stands in one element with the headline, below none of the `headings`
        there and in no list."""
        if self._first is None:
            return False
        if place < self._first:
            return self.away(place) >= -_CREDIT_BEFORE
        is_behind = 0 < place - self._end <= _CREDIT_BEHIND and not any(self._end < one < place for one in headings)
        return is_behind and next(element.iterancestors("li", "a", "table"), None) is None and element.tag != "li"

    @cached_property
    def _end(self) -> int:
        """The place of the story's last long text; without a story, behind all of the page."""
        story = self._story_path[0] if self._story_path else None
        inside = (place for place, one in reversed(self._prose) if story is not None and story in one.iterancestors())
        return next(inside, sys.maxsize)

    def byline(self, element: HtmlElement, place: int, kind: MarkedBy, text: str = "") -> Byline | None:
        """The byline in an element; None for one of another text. One that is known by its words, in a script
        without spaces, begins with `text`: stories are printed there in one element with line breaks."""
        aside = aside_level(element, self._around, self._levels)
        if aside is Aside.OTHER:
            return None
        label, pieces = text_before(element), pieces_of(element)
        is_person = names_person(element)
        for _ in range(_MAX_LABEL_PARENTS):  # only a label in this element: the name is in the next
            above = element.getparent()
            if kind != MarkedBy.TEXT or above is None or len(pieces) != 1 or not is_label(pieces[0].text):
                break
            element, pieces = above, _from(pieces_of(above), pieces[0].text)
        pieces = _from(pieces, text) if opens_signature(text) else pieces
        return Byline(kind, self.away(place), self._is_near(place), aside, label, signature(element), pieces, is_person)

    def stamp(self, element: HtmlElement, place: int, kind: str, text: str, before: HtmlElement | None) -> Stamp | None:
        """The date in an element, after the element `before` if that is given; None if it belongs to another text."""
        aside = aside_level(element, self._around, self._levels)
        is_card = (
            aside is Aside.OTHER and not self._is_beside_headline(element) and not self._is_in_head(element, place)
        )
        if is_card and not self._is_listed(element):
            return None
        label = text_of_element(before, MAX_TEXT_CHARS) if before is not None else ""
        label = label or text_before(element)
        label = label if len(label) <= MAX_LABEL_CHARS else ""
        stamp = Stamp(kind, self.away(place), self._is_near(place), aside, label, class_of(element), text)
        shown = text if kind == "text" else text_of_element(element, MAX_TEXT_CHARS)
        line = line_around(element, shown)
        if line.startswith(shown) and (kind != "text" or stamp.is_date):  # the date opens the line, as in a dateline
            line = ""
        masthead = stamp.away < 0 and is_in_masthead(element, self._around, self._story_path)
        shown = "" if shown == text else shown
        held = "card" if is_card else holder_of(element, self._around)
        return stamp._replace(line=line, masthead=masthead, held=held, shown=shown)

    def dated_line(self, element: HtmlElement, place: int) -> Byline | None:
        """The line around a date by the headline, as a byline; None if it holds nothing else or too much."""
        if not -_LINE_BEFORE <= self.away(place) <= _LINE_AFTER:
            return None
        aside = aside_level(element, self._around, self._levels)
        pieces = pieces_of(element)
        for _ in range(_MAX_LINE_PARENTS):
            above = element.getparent()
            if above is None or above in self._around or any(map(_may_name, pieces)):
                break
            element, pieces = above, pieces_of(above)
        is_line = 1 < len(pieces) <= _MAX_LINE_PIECES and all(len(one.text) <= MAX_LABEL_CHARS for one in pieces)
        if aside is not Aside.WITHIN or not is_line:
            return None
        return Byline(MarkedBy.DATE, self.away(place), self._is_near(place), aside, "", signature(element), pieces)

    def _is_beside_headline(self, element: HtmlElement) -> bool:
        """Whether an element and the headline stand in one element, so that its class cannot mean another text."""
        return self._heading is not None and element.getparent() is self._heading.getparent()

    def _is_in_head(self, element: HtmlElement, place: int) -> bool:
        """Whether an element stands in the head of the story, right before its headline or between it and the text.

        There a class such as "teaser" or "comments" may be that of the story's own head.
        """
        if self._first is None or place > self._first or not -_HEAD_BEFORE <= self.away(place) <= _HEAD_AFTER:
            return False
        return not self._is_surely_other(element)

    def _is_listed(self, element: HtmlElement) -> bool:
        """Whether an element belongs to one of the first cards of a page that may be a list of texts."""
        self._cards += self._may_list
        return self._may_list and self._cards <= _MAX_CARDS and not self._is_surely_other(element)

    def _is_surely_other(self, element: HtmlElement) -> bool:
        for above in self_and_above(element):
            if above in self._around:
                return False
            if is_surely_other(class_of(above)):
                return True
        return False

    def _is_near(self, place: int) -> bool:
        before_story = self._story is None or place <= self._story
        return -_NEAR_BEFORE <= self.away(place) <= _NEAR_AFTER and before_story
