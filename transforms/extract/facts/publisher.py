"""The publisher's name as the page states it: never a headline, a section, or the system that made the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas.page import Page
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import shared, words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import one_line, text_of
from transforms.extract.names.people import compact
from transforms.extract.page.page_words import words_for
from transforms.web.urls import registrable_domain

_MAX_NAME_CHARS = 120
_MAX_FITTING_WORDS = 3
_MIN_LABEL_CHARS = 3
_MIN_TITLE_CHARS, _MIN_TITLE_WORDS = 16, 4
_LIKE_TITLE, _MIN_SHARED = 0.8, 0.3
_MANY_WORDS = 5
_MAX_ACRONYM_CHARS = 5
_PARTS = re.compile(r"(?<!\s)\s++[|–—•·:-]++\s++|(?:(?<!\s)\s++)?[|｜]\s*+")
_HOSTS = frozenset(
    "blogger blogspot medium substack tumblr livejournal facebook twitter youtube linkedin issuu".split()
)
"""Platforms where others publish under the platform's own domain or name."""

_SYSTEMS = frozenset(
    "wordpress wordpresscom blogspotcom bloggercom mediumcom wix wixcom mywixsite squarespace weebly webflow typepad "
    "joomla drupal ghost jimdo strikingly shopify godaddy googlesites notion feedburner disqus typo3 mysite mywebsite "
    "mywordpress mywordpresssite mywordpressblog justanotherwordpresssite justanotherwordpressblog googlenews amp "
    "website myblog sitetitle sitename localhost null undefined none admin logo untitled default test".split()
)
"""Systems that make sites, and texts where nobody entered a name. Such a name counts only if the domain has it too."""

_NO_NAME = re.compile(r"[{}<>%]|\[object|^@|^\W*$")
_EDGES = " |｜-–—•·:»«"


def site_name(facts: PageFacts, page: Page) -> str | None:
    """The publisher's name, from the first of these that is a name: JSON-LD publisher, og:site_name, application-name,
    Dublin Core publisher, feed title. None if none is.

    The page's title, a section ("U.S."), a platform ("Blogger") and an address are no names. From a title with a name
    in it ("Quay closes | Lindmere Post"), or a name with a long motto, only the part that fits the domain is taken.
    """
    judged = _Names(facts, page)
    return next(filter(None, map(judged.name_in, _stated(facts, page))), None)


def _stated(facts: PageFacts, page: Page) -> Iterator[str]:
    publisher = text_of(facts.structured.get("publisher"))
    named = facts.first_meta("dc.publisher", "dcterms.publisher", "citation_publisher") or ""
    named = named if len(named.split()) <= _MANY_WORDS and not set("@,") & set(named) else ""  # may be an office
    application = facts.first_meta("application-name")
    for text in (publisher, facts.first_meta("og:site_name"), application, named, page.feed_title):
        line = one_line((text or "")[:MAX_TITLE_CHARS]).strip(_EDGES)
        if line and _NO_NAME.search(line) is None:
            yield line.removeprefix("www.")


class _Names:
    """A page's titles, sections, domain and feed, against which a stated publisher's name is judged."""

    def __init__(self, facts: PageFacts, page: Page) -> None:
        domain = registrable_domain(page.final_url)
        self._domain, self._label = compact(domain), compact(domain.partition(".")[0])
        self._feed = compact(page.feed_title or "")
        headline, shared_as = text_of(facts.structured.get("headline")), facts.first_meta("og:title", "twitter:title")
        stated = (headline, shared_as, page.entry_title, facts.title)
        titles = [line for title in stated if title and (line := one_line(title[:MAX_TITLE_CHARS]))]
        self._titles = list(_confirmed(titles, facts.headline_heading))
        parts = [_PARTS.split(title) for title in titles]
        called = {compact(one[0]) for one in parts if len(one) > 1} - set(map(compact, titles))
        self._parts = (called | {compact(one[-1]) for one in parts if len(one) > 1}) - {
            compact(facts.headline_heading or "")
        }
        sections = facts.structured.get("articleSection")
        told = [text_of(one) for one in (sections if isinstance(sections, list) else [sections])[:20]]
        told.append(facts.first_meta("article:section", "section", "parsely-section"))
        self._sections = {compact(section) for section in told if section}

    def name_in(self, stated: str) -> str | None:
        """The publisher's name in `stated`, a text that the page gives as the publisher; None if there is none."""
        parts = [part for part in _PARTS.split(stated) if part]
        fitting = next((part for part in parts if self._fits(part)), None) if len(parts) > 1 else None
        if fitting and fitting == parts[0] and not _is_acronym(fitting) and len(stated.split()) >= _MANY_WORDS:
            return fitting
        return stated if self._is_one(stated) else fitting

    def _is_one(self, name: str) -> bool:
        called = compact(name)
        if not called or len(name) > _MAX_NAME_CHARS or "://" in name or called in _HOSTS:
            return False
        if called in _SYSTEMS:
            return called == self._label
        if self._fits(name):
            return True
        if called in self._sections or called in _section_names():
            return False
        return called == self._feed or called in self._parts or not self._is_title(name, called)

    def _fits(self, name: str) -> bool:
        """Whether the name is the domain's, or one holds the other and the shorter is more than half as long."""
        called = compact(name).removeprefix("the")
        if called in (self._label, self._domain, self._label.removeprefix("the")):
            return True
        if min(len(called), len(self._label)) < _MIN_LABEL_CHARS or len(name.split()) > _MAX_FITTING_WORDS:
            return False
        return any(short in long and 2 * len(short) > len(long) for short, long in _both_ways(called, self._label))

    def _is_title(self, name: str, called: str) -> bool:
        words = words_of(name)
        for title in self._titles:
            own = compact(title)
            if called == own or (len(own) >= _MIN_TITLE_CHARS and own in called):
                return True
            first = words_of(_PARTS.split(title)[0])
            if len(words) >= _MIN_TITLE_WORDS and shared(words, first) >= _LIKE_TITLE:
                return True
        return False


def _confirmed(titles: Sequence[str], heading: str | None) -> Iterator[str]:
    """The titles that share words with the heading or another title. Others may be the site's name, which some
    templates put in a title's place. A single title is always kept."""
    words = [words_of(title) for title in (*titles, heading or "")]
    for n, title in enumerate(titles):
        if len(titles) == 1 or any(shared(words[n], other) >= _MIN_SHARED for m, other in enumerate(words) if m != n):
            yield title


def _is_acronym(text: str) -> bool:
    return text.isupper() and len(text) <= _MAX_ACRONYM_CHARS


def _both_ways(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other), (other, one)


@cache
def _section_names() -> frozenset[str]:
    return frozenset(map(compact, words_for("section")))
