"""What a page tells below each of its headings: a story begins where enough of it follows in elements of its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate, islice, takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.body.story_signs import (
    BLOCK_TAGS,
    HEADING_TAGS,
    article_of,
    is_byline,
    may_head_a_story,
    prose_chars,
)
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import shared, words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.class_names import signature
from transforms.extract.page.page_marks import text_of_element
from transforms.extract.page.page_words import is_addressed

_MAX_HEADINGS = 60
_MIN_PROSE = 2
_STORY_CHARS = 250
_ALIKE, _SAME = 0.5, 0.9
"""From where on a heading is the headline repeated; in another article element, it must be nearly the same."""

_PART = re.compile(
    r"\W*(?:part|teil|chapter|kapitel|partie|chapitre|parte|cap[ií]tulo|capitolo|deel|hoofdstuk|del|część|часть|глава"
    r"|\d+|[ivx]+)\b",
    re.IGNORECASE,
)
_BARE = frozenset(("h1", "h2", "header", "hgroup"))
_NO_HEADING = frozenset(("h1", "h2", "footer", "aside", "nav"))


class HeadedStory(NamedTuple):
    """A heading with the elements that hold it and what is told below it.

    `around` are these and those around them, up to what also holds the page's own story; `between` stand between the
    heading and its first paragraph.
    """

    heading: HtmlElement
    elements: tuple[HtmlElement, ...]
    around: tuple[HtmlElement, ...]
    between: tuple[HtmlElement, ...]
    first: HtmlElement
    chars: int


@dataclass(frozen=True, slots=True)
class HeadedPage:
    """The page's own story: its headline, its first paragraph, and the article element around both, if there is one.

    `elements` are all of the page, `prose` the numbers of its paragraphs among them, `chars` the characters of the
    first 0, 1, 2 … paragraphs. `own` are the headline, the first paragraph, and the elements around them.
    """

    headline: HtmlElement
    first: HtmlElement
    article: HtmlElement | None
    headings: tuple[HtmlElement, ...]
    elements: tuple[HtmlElement, ...]
    places: dict[HtmlElement, int]
    prose: tuple[int, ...]
    chars: tuple[int, ...]
    own: frozenset[HtmlElement]
    told: str
    path: str

    @classmethod
    def of(cls, tree: HtmlElement, facts: PageFacts, url: str) -> HeadedPage | None:
        """None where there is no headline with a paragraph below, no other heading or article, or a live report."""
        headings = list(islice(filter(may_head_a_story, tree.iter("h1", "h2", "h3")), _MAX_HEADINGS))
        texts = [text_of_element(heading, MAX_TITLE_CHARS) for heading in headings]
        if facts.headline_heading not in texts:
            return None
        if "LiveBlogPosting" in str(facts.structured.get("@type")) or is_addressed(url, "live"):
            return None
        headline = headings[texts.index(facts.headline_heading)]
        own = words_of(facts.headline_heading or "")
        others = tuple(
            heading
            for heading, text in zip(headings, texts, strict=True)
            if text
            and heading is not headline
            and not _PART.match(text)
            and shared(words_of(text), own) < (_ALIKE if article_of(heading) in (None, article_of(headline)) else _SAME)
        )
        if not others and len(list(islice(tree.iter("article"), 2))) < 2:
            return None
        elements = tuple(tree.iter(etree.Element))
        places = {element: place for place, element in enumerate(elements)}
        sized = [(places[one], chars) for one in tree.iter("p", *BLOCK_TAGS) if (chars := prose_chars(one))]
        prose = tuple(place for place, _ in sized)
        below = bisect_right(prose, places[headline])
        if below == len(prose):
            return None
        told = facts.structured.get("articleBody")
        first = elements[prose[below]]
        page = cls(
            headline, first, None, others, elements, places, prose,
            tuple(accumulate((chars for _, chars in sized), initial=0)),
            frozenset((headline, first, *headline.iterancestors(), *first.iterancestors())),
            " ".join(told.split()) if isinstance(told, str) else "", urlsplit(url).path.rstrip("/"),
        )  # fmt: skip
        holders = headline.iterancestors("article")
        return replace(page, article=next((one for one in holders if page.chars_in(one) >= _STORY_CHARS), None))

    def story_below(self, heading: HtmlElement) -> HeadedStory | None:
        """What is told below a heading that is not the page's own; None where that is no story."""
        place = self.places[heading]
        if self.places[self.headline] < place < self.places[self.first]:
            return None  # what stands above the story is its standfirst
        own, next_prose = self.own, bisect_left(self.prose, place)
        if len(self.prose) - next_prose < _MIN_PROSE:
            return None
        holder = heading
        for above in heading.iterancestors():
            if above in own or bisect_left(self.prose, self.places[above]) < next_prose:
                break
            holder = above
        around = [holder, *takewhile(lambda above: above not in own, holder.iterancestors())]
        elements = [holder]
        if holder.tag in _BARE and not self._is_story(self._prose_below(place, elements)):
            for sibling in holder.itersiblings(etree.Element):
                if sibling in own or not _NO_HEADING.isdisjoint(
                    (sibling.tag, *(one.tag for one in sibling.iter("h1", "h2")))
                ):
                    break
                elements.append(sibling)
        prose = self._prose_below(place, elements)
        if not self._is_story(prose):
            return None
        first = self.prose[prose.start]
        between = self.elements[place:first]
        return HeadedStory(
            heading, tuple(elements), tuple(around), between, self.elements[first], self._chars_of(prose)
        )

    def articles_without_heading(self) -> list[HtmlElement]:
        """Article elements behind the page's own one and like it, whose signed stories have no heading of any kind."""
        if self.article is None:
            return []
        found = []
        for article in islice(self.article.itersiblings("article"), _MAX_HEADINGS):
            prose = self._prose_below(self.places[article], [article])
            is_bare = signature(article) == signature(self.article) and next(article.iter(*HEADING_TAGS), None) is None
            if is_bare and self._is_story(prose):
                between = self.elements[self.places[article] : self.prose[prose.start]]
                found += [article] if any(map(is_byline, between)) else []
        return found

    def chars_in(self, element: HtmlElement) -> int:
        """The characters of the paragraphs in an element."""
        return self._chars_of(self._prose_below(self.places[element], [element]))

    def chars_above(self, heading: HtmlElement) -> int:
        """The characters of the paragraphs between the page's headline and another heading; 0 if that stands above."""
        begin, end = (bisect_left(self.prose, self.places[one]) for one in (self.headline, heading))
        return self._chars_of(range(begin, max(begin, end)))

    def _prose_below(self, place: int, elements: list[HtmlElement]) -> range:
        """Which paragraphs stand in neighbouring elements, behind a place: numbers among `prose`."""
        return range(bisect_left(self.prose, place), bisect_left(self.prose, self._end_of(elements[-1])))

    def _end_of(self, element: HtmlElement) -> int:
        """The number of the first element behind an element and all in it."""
        for holder in (element, *element.iterancestors()):
            following = next(holder.itersiblings(etree.Element), None)
            if following is not None:
                return self.places[following]
        return len(self.elements)

    def _chars_of(self, prose: range) -> int:
        return self.chars[prose.stop] - self.chars[prose.start]

    def _is_story(self, prose: range) -> bool:
        return len(prose) >= _MIN_PROSE and self._chars_of(prose) >= _STORY_CHARS

    @property
    def above(self) -> tuple[HtmlElement, ...]:
        """What stands between the page's headline and its first paragraph."""
        return self.elements[self.places[self.headline] : self.places[self.first]]
