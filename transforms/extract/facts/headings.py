"""Which heading of a page is its headline, and what stands near it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.extract.dates.other_days import holder_of, is_in_masthead, line_around
from transforms.extract.names.by_words import is_label
from transforms.extract.page.page_marks import (
    MAX_LABEL_CHARS,
    MAX_TEXT_CHARS,
    Aside,
    Byline,
    MarkedBy,
    Stamp,
    aside_level,
    class_of,
    is_of_comments,
    names_person,
    pieces_of,
    signature,
    text_before,
    text_of_element,
)

_NEAR_BEFORE, _NEAR_AFTER = 60, 90
_STORY = 3
"""A byline stands within so many elements of the headline, and before the third text as long as a paragraph: a
standfirst and a notice may come before it, a story does not."""

_MAX_LABEL_PARENTS = 4
_MIN_SHARED = {"h1": 0.3, "h2": 0.5}
_WORDS = re.compile(r"[^\W_]+")


class Heading(NamedTuple):
    """A heading, and its place in the order of the page's elements."""

    element: HtmlElement
    level: str
    text: str
    place: int


def headline_heading(headings: Sequence[Heading], titles: Iterable[str]) -> Heading | None:
    """The heading whose words the page's titles share most, an h1 before an h2; else the first h1."""
    wanted = [words for title in titles if (words := words_of(title))]
    for level, least in _MIN_SHARED.items():
        best, best_share = None, least
        for heading in headings:
            if heading.level == level and not is_of_comments(heading.element):
                share = max((shared(words_of(heading.text), words) for words in wanted), default=0.0)
                if share > best_share:
                    best, best_share = heading, share
        if best is not None:
            return best
    return next((heading for heading in headings if heading.level == "h1"), None)


def words_of(text: str) -> frozenset[str]:
    """The different words of a title, in one case."""
    return frozenset(_WORDS.findall(text.casefold()))


def shared(words: frozenset[str], others: frozenset[str]) -> float:
    """How much two titles have in common: Dice's coefficient of their words, 0 to 1."""
    return 2 * len(words & others) / max(1, len(words) + len(others))


class Surroundings:
    """Where marks stand: against the headline, and the story that begins below it.

    `prose` are the places of the page's long texts, in order, with the elements that hold them.
    """

    def __init__(self, heading: Heading | None, prose: Sequence[tuple[int, HtmlElement]]) -> None:
        self._around = set(heading.element.iterancestors()) if heading is not None else set()
        first = next((one for place, one in prose if heading is not None and place > heading.place), None)
        story = next((one for one in first.iterancestors() if one in self._around), None) if first is not None else None
        self._story_path = [story, *story.iterancestors()] if story is not None else []
        below = [place for place, _ in prose if heading is None or place > heading.place]
        self._start = heading.place if heading is not None else below[0] if below else 0
        self._story = below[_STORY - 1] if len(below) >= _STORY else None

    def away(self, place: int) -> int:
        """How many elements after the headline, or the first long text where there is none; negative before it."""
        return place - self._start

    def byline(self, element: HtmlElement, place: int, kind: MarkedBy) -> Byline | None:
        """The byline in an element; None for one of another text."""
        aside = aside_level(element, self._around)
        if aside is Aside.OTHER:
            return None
        label, pieces = text_before(element), pieces_of(element)
        is_person = names_person(element)
        for _ in range(_MAX_LABEL_PARENTS):  # a label alone in its element: the name stands in the next one
            above = element.getparent()
            if kind != MarkedBy.TEXT or above is None or len(pieces) != 1 or not is_label(pieces[0].text):
                break
            element, pieces = above, pieces_of(above)
        return Byline(kind, self.away(place), self._is_near(place), aside, label, signature(element), pieces, is_person)

    def stamp(self, element: HtmlElement, place: int, kind: str, text: str, before: HtmlElement | None) -> Stamp | None:
        """The date in an element, after the element `before` in it; None for one of another text."""
        aside = aside_level(element, self._around)
        if aside is Aside.OTHER:
            return None
        label = text_of_element(before, MAX_TEXT_CHARS) if before is not None else ""
        label = label or text_before(element)
        label = label if len(label) <= MAX_LABEL_CHARS else ""
        stamp = Stamp(kind, self.away(place), self._is_near(place), aside, label, class_of(element), text)
        shown = text if kind == "text" else text_of_element(element, MAX_TEXT_CHARS)
        line = line_around(element, shown)
        if line.startswith(shown) and (kind != "text" or stamp.is_date):  # as a dateline does
            line = ""
        masthead = stamp.away < 0 and is_in_masthead(element, self._around, self._story_path)
        return stamp._replace(line=line, masthead=masthead, held=holder_of(element, self._around))

    def _is_near(self, place: int) -> bool:
        before_story = self._story is None or place <= self._story
        return -_NEAR_BEFORE <= self.away(place) <= _NEAR_AFTER and before_story
