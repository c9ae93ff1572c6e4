"""The headline: the heading a reader sees, where the page's other titles confirm it, without the site's furniture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from schemas.page import Page
from transforms.extract.headings import shared, words_of
from transforms.extract.page_facts import MAX_TITLE_CHARS, PageFacts
from transforms.extract.people import compact
from transforms.extract.structured import one_line, text_of
from transforms.web.urls import registrable_domain

_SEPARATOR = re.compile(r"(?<!\s)\s++[|\-–—·»«•:/]++\s++|(?:(?<!\s)\s++)?[|»«]\s*+|:\s++")
_AGREES = 0.5
_MIN_LABEL_CHARS = 3
_MIN_WORDS, _MAX_LABEL_WORDS = 3, 4


def headline(facts: PageFacts, page: Page, site_name: str | None) -> str | None:
    """The headline on one line, or None where nothing is stated.

    The heading that a title points to, if it shares half of its words with one of the titles (JSON-LD, og:title, title,
    feed entry): those are written for machines and shortened, extended or decorated. Else the first of these titles;
    but the only h1 where no more than the window's title speaks against it.
    " | Site name", " | Label", "Site name: " and " - Section" are cut off. The headline of a headline is itself.
    """
    names = _site_names(facts, page, site_name)
    sections = _sections(facts)
    titles = [without_furniture(text, names, sections) for text in _titles(facts, page)]
    heading = without_furniture(facts.headline_heading, names, sections) if facts.headline_heading else ""
    if not titles or compact(heading) in names:
        return titles[0] if titles else heading or None
    if not heading or not any(_agree(heading, title) for title in titles):
        is_alone = len(titles) == 1 and facts.title is not None and len(facts.headings) == 1
        return heading if heading and is_alone else titles[0]
    return next((title for title in titles if _is_plainer(title, heading)), heading)


def _titles(facts: PageFacts, page: Page) -> Iterator[str]:
    stated = (
        text_of(facts.structured.get("headline")),
        facts.first_meta("og:title", "twitter:title"),
        facts.title,
        page.entry_title,
    )
    for text in stated:
        line = one_line((text or "")[:MAX_TITLE_CHARS])
        if line:
            yield line


def _agree(heading: str, title: str) -> bool:
    return shared(words_of(heading), words_of(title)) >= _AGREES or compact(heading) in compact(title)


def _is_plainer(title: str, heading: str) -> bool:
    """Whether a title is the heading without a label glued to its front, or without its capitals all over."""
    text, shouted = compact(title), compact(heading)
    if text == shouted:
        return heading.isupper() and not title.isupper()
    return shouted.endswith(text) and len(title.split()) > _MAX_LABEL_WORDS > len(heading.split()) - len(title.split())


def _site_names(facts: PageFacts, page: Page, site_name: str | None) -> frozenset[str]:
    """By what names the site's titles call it, in compact form."""
    domain = registrable_domain(page.final_url)
    stated = (
        site_name,
        facts.first_meta("og:site_name"),
        facts.first_meta("application-name"),
        page.feed_title,
        domain,
    )
    names = {compact(name[:MAX_TITLE_CHARS]) for name in stated if name}
    return frozenset(names | {compact(domain.partition(".")[0])} | {name.removeprefix("the") for name in names}) - {""}


def _sections(facts: PageFacts) -> frozenset[str]:
    stated = (text_of(facts.structured.get("articleSection")), facts.first_meta("article:section", "section"))
    return frozenset(compact(text) for text in stated if text) - {""}


def without_furniture(text: str, names: Collection[str], sections: Collection[str]) -> str:
    """A title without the site's name before or after it, without sections before that name, and without what a few
    words after an upright bar call it: the bar is not used within headlines.

    `names` and `sections` in compact form. Linear in the text's length, of which MAX_TITLE_CHARS count; idempotent.
    """
    text = one_line(text[:MAX_TITLE_CHARS])
    while True:
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            return text
        first, last = marks[0], marks[-1]
        tail, head = text[last.end() :], text[: first.start()]
        before = text[: last.start()]
        labelled = "|" in last[0] and len(before.split()) >= _MIN_WORDS and len(tail.split()) <= _MAX_LABEL_WORDS
        if not compact(before) or labelled or _is_furniture(tail, names, sections):
            rest = before
        elif compact(head) in names:
            rest = text[first.end() :]
        else:
            return text
        if not compact(rest):
            return text
        text = rest.strip()


def _is_furniture(label: str, names: Collection[str], sections: Collection[str]) -> bool:
    return not compact(label) or compact(label) in sections or _is_site(label, names)


def _is_site(label: str, names: Collection[str]) -> bool:
    """Whether a part of a title is the site's name, with words added ("BBC News") or left out, or its initials."""
    text = compact(label).removeprefix("the")
    if text in names:
        return True
    if len(text) < _MIN_LABEL_CHARS or len(label.split()) > 4:
        return False
    initials = "".join(word[0] for word in words_in_order(label))
    return initials in names or any(
        len(name) >= _MIN_LABEL_CHARS and (text.startswith(name) or name.startswith(text)) for name in names
    )


def words_in_order(text: str) -> list[str]:
    """The words of a title as they stand, in one case."""
    return re.findall(r"[^\W_]+", text.casefold())
