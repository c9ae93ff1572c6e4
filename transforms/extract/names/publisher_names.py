"""The names that are no person's on a page, because they are its publisher's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.names.page_text import CAPITAL_NOUNS, PageText
from transforms.extract.names.people import Trust, compact, is_person
from transforms.extract.names.stated import StatedLine, labelled_line
from transforms.extract.page.page_words import words_for
from transforms.web.urls import registrable_domain

_MAX_OWN_WORDS = 3
_PARTED = re.compile(r"\s[–—|·»:-]\s")
"""Before what a feed's title tells of its part: "Lindmere Echo – News"."""
_ARTICLES = frozenset("the der die das le la les el los il lo de het al o a os".split())


def no_people(facts: PageFacts, page: Page, publisher: str | None, stated: Iterable[StatedLine]) -> frozenset[str]:
    """The publisher's names in compact form, and its domain: names that are no people even if the page says so.

    People may publish themselves. A site's name that looks like a person's is therefore possible if none of its words
    is an ordinary word in the page's text, and if the page names no organisation as its publisher or says that a person
    of that name wrote it. `stated` are the authors in its JSON-LD. A name that only the address has needs no more than
    to be stated ("Ada Lind" on adalind.example, a site that is called "Ada Lind Photography").
    """
    domain = registrable_domain(page.final_url)
    given = (publisher, page.feed_title, facts.first_meta("og:site_name", "application-name"))
    names = [name for whole in given if whole for name in dict.fromkeys((whole, _PARTED.split(whole, 1)[0])) if name]
    others = {compact(name) for name in names} | {compact(domain), compact(domain.partition(".")[0])}
    own = {compact(name) for name in _own_names(names, facts)}
    called = {compact(name) for name in names}
    told = [*stated, *map(StatedLine, facts.meta.get("author", ())[:1]), *labelled_line(facts)]
    claimed = [line.text for line in told if line.is_person or compact(line.text) not in called]
    own |= {compact(name) for name in claimed if compact(name) in others and _is_own(name, facts)}
    if compact(domain.partition(".")[0]) not in called:  # "Ada Lind" on ada.example
        firsts = {line.text: compact(line.text.split()[0]) for line in stated if line.is_person and line.text.split()}
        own |= {first for name, first in firsts.items() if first in others and _is_own(name, facts)}
    return frozenset(others - own - {""} | {domain})


def _own_names(names: Collection[str], facts: PageFacts) -> list[str]:
    publisher = facts.structured.get("publisher")
    kinds = str(publisher.get("@type", "")) if isinstance(publisher, Mapping) else ""
    return [] if publisher and "Person" not in kinds else [name for name in names if _is_own(name, facts)]


def _is_own(name: str, facts: PageFacts) -> bool:
    """Whether the name of a site may be that of the person who writes it."""
    if not is_person(name, (), Trust.FULL):
        return False
    words = name.split()
    lower = [word.casefold() for word in words]
    if len(words) > _MAX_OWN_WORDS or not all(word[0].isupper() for word in words) or lower[0] in _ARTICLES:
        return False
    if lower[0] in words_for("desk") or (any(map(_is_acronym, words)) and not name.isupper()):
        return False
    forms = {*lower, *words} if (facts.language or "").lower().startswith(CAPITAL_NOUNS) else lower
    return not any(map(PageText(facts).holds, forms))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isalpha() and word.isupper()
