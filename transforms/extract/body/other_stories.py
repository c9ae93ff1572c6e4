"""The next story that a page appends below its own, as endless scrolling does: found by its headline.

A headline ends the story above it only with proof that it is another story's, since subheadings, the entries of a live
blog and the parts of a long report look much like it. The proof is what only a story has: a place outside of the
element that holds the page's own, with a byline, an address, a template or a rank of its own, or a name that says so.
What is not proven stays for the model to judge.
"""

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
    CLOCK,
    HEADING_TAGS,
    PROSE_CHARS,
    article_of,
    is_byline,
    is_clock,
    is_date,
    may_head_a_story,
    names_author,
    prose_chars,
    text_in,
    typed_article,
)
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import shared, words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.class_names import class_of, is_of_comments, signature
from transforms.extract.page.page_marks import text_of_element
from transforms.extract.page.page_words import is_addressed
from transforms.extract.page.text_blocks import class_words

_MAX_HEADINGS = 60
_MIN_PROSE = 2
_STORY_CHARS = 250
_ENTRY_CHARS = 500
_ENTRIES = 3
_ALIKE, _SAME = 0.5, 0.9
"""From where on a heading is the headline repeated; in another article element, it must be nearly the same."""

_PART = re.compile(
    r"\W*(?:part|teil|chapter|kapitel|partie|chapitre|parte|cap[ií]tulo|capitolo|deel|hoofdstuk|del|część|часть|глава"
    r"|\d+|[ivx]+)\b",
    re.IGNORECASE,
)
_LIVE = re.compile(r"live-?_?(?:blog|ticker|update|feed|stream|post)|ticker|timeline", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:next|infinite|related|recommend(?:ed|ation)?|following|another)[-_ ]?(?:up|read|in)?[-_ ]?"
    r"(?:article|stor(?:y|ies)|post|news|scroll)|(?:article|story|post)[-_ ]?(?:next|related|recommended)\b",
    re.IGNORECASE,
)
_POST = frozenset(("post", "hentry", "article", "story", "news"))
_BARE = frozenset(("h1", "h2", "header", "hgroup"))
_NO_HEADING = frozenset(("h1", "h2", "footer", "aside", "nav"))
_ADDRESSES = (
    "data-url",
    "data-href",
    "data-permalink",
    "data-article-url",
    "data-canonical-url",
    "data-page-url",
    "itemid",
)


def other_stories(tree: HtmlElement, facts: PageFacts, url: str) -> list[HtmlElement]:
    """The elements of a page that hold stories proven to be others than its own. Linear in the page's size."""
    page = _Page.of(tree, facts, url)
    if page is None:
        return []
    found = [story for heading in page.headings if (story := page.story_below(heading)) is not None]
    others = [story for story in found if page.is_another(story)]
    if len(others) >= _ENTRIES and sum(story.chars for story in others) < _ENTRY_CHARS * len(others):
        return []  # entries of one report
    return [element for story in others for element in story.elements] + page.articles_without_heading()


class _Story(NamedTuple):
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
class _Page:
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
    def of(cls, tree: HtmlElement, facts: PageFacts, url: str) -> _Page | None:
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

    def story_below(self, heading: HtmlElement) -> _Story | None:
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
        return _Story(heading, tuple(elements), tuple(around), between, self.elements[first], self._chars_of(prose))

    def is_another(self, story: _Story) -> bool:
        """Whether what is told below a heading is proven to be another story than the page's own."""
        return self._is_proven(story) and not (
            text_in(story.first)[:PROSE_CHARS] in self.told
            or is_of_comments(story.heading)
            or any(map(is_clock, story.between))
            or CLOCK.match(text_in(story.heading))
            or self._is_live(story)
        )

    def _is_proven(self, story: _Story) -> bool:
        """Whether a story has what only another story has; the page's own parts may have it by chance."""
        article = next((one for one in story.around if one.tag == "article"), None)
        is_like = article is not None and self.article is not None and signature(article) == signature(self.article)
        is_outside = self.article is not None and self.article not in story.heading.iterancestors()
        if self.places[story.heading] < self.places[self.headline]:
            return is_outside and is_like
        is_named = any(_NEXT.search(class_of(one)) for one in story.around)
        is_ranked = story.heading.tag == self.headline.tag == "h1"
        is_signed = any(map(is_byline, story.between))
        is_dated = any(map(is_date, story.between))
        if self._is_typed_apart(story) or self._is_post(
            story, is_signed or (is_dated and any(map(is_date, self._above)))
        ):
            return True
        if is_outside:
            is_article = article is not None and (is_like or is_dated)
            return is_named or is_ranked or is_signed or is_article or self._leads_elsewhere(story)
        if (is_named or is_ranked) and len(story.elements) == 1:
            is_proven = is_signed or is_dated or self._repeats_body(story) or self._leads_elsewhere(story)
            return is_proven or (is_ranked and self._is_twin(story.elements[0]))
        if (is_ranked or is_dated) and any(map(names_author, story.between)) and self._is_signed(by_name=True):
            return True
        return is_signed and self._repeats_body(story) and self._is_signed()

    def _is_twin(self, holder: HtmlElement) -> bool:
        """Whether an element is like its neighbour, and that holds the page's own headline and the text below it."""
        own = set(self.headline.iterancestors()) & set(self.first.iterancestors())
        return any(one in own and signature(one) == signature(holder) for one in holder.itersiblings(preceding=True))

    def _is_post(self, story: _Story, is_signed: bool) -> bool:
        """Whether a story is the next of several posts: its element is named like the one of the page's own, and it has
        author or date as that has, or a linked headline of the same level or in an element that says "post"."""
        holder = story.elements[0]
        if len(story.elements) > 1 or not holder.get("class") or not self._is_twin(holder):
            return False
        is_level = story.heading.tag == self.headline.tag or not _POST.isdisjoint(class_words(holder.get("class")))
        return is_signed or (is_level and self._leads_elsewhere(story))

    def _is_typed_apart(self, story: _Story) -> bool:
        """Whether the page marks both this story and its own as articles (itemtype), neither within the other."""
        other, own = typed_article(story.heading), typed_article(self.headline)
        is_apart = other is not None and own is not None and other not in self.own
        return is_apart and own not in story.heading.iterancestors()

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

    def _is_live(self, story: _Story) -> bool:
        return any(_LIVE.search(class_of(one)) for one in (*story.around, *self.headline.iterancestors()))

    def _leads_elsewhere(self, story: _Story) -> bool:
        """Whether the story names an address of its own."""
        stated = [one.get(name) for one in (*story.around, *story.elements[0]) for name in _ADDRESSES]
        links = [*story.heading.iter("a"), *islice(story.heading.iterancestors("a"), 1)]
        paths = (
            urlsplit(value).path.rstrip("/") for value in (*stated, *(link.get("href") for link in links)) if value
        )
        return any(
            path and not f"{path}/".startswith(f"{self.path}/") and not f"{self.path}/".startswith(f"{path}/")
            for path in paths
        )

    def _repeats_body(self, story: _Story) -> bool:
        """Whether the story has a body of its own, in the element that the page's own story has its body in."""
        body = self.first.getparent()
        if body is None or body in self.headline.iterancestors() or not body.get("class"):
            return False
        return any(
            signature(one) == signature(body) and one not in story.heading.iterancestors()
            for element in story.elements
            for one in element.iter(body.tag)
        )

    def _is_signed(self, *, by_name: bool = False) -> bool:
        return any(map(names_author if by_name else is_byline, self._above))

    @property
    def _above(self) -> tuple[HtmlElement, ...]:
        """What stands between the page's headline and its first paragraph."""
        return self.elements[self.places[self.headline] : self.places[self.first]]
