"""Which facts of a page without its article still hold when the feed's text stands in for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from schemas.page import Page
from transforms.extract.facts.addresses import address_of
from transforms.extract.facts.canonical import Refusal, leads_elsewhere, refusal
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.rights import is_directive
from transforms.extract.kind.announced import is_titled_as_announced, tells_of_headline
from transforms.extract.page.page_words import word_count
from transforms.web.urls import normalize_url

_MOST_WORDS = 40
_MIN_CHARS = 25
_RIGHTS = ("isAccessibleForFree", "hasPart", "license")
_ROOTS = frozenset("root app __next __nuxt ___gatsby svelte application app-root react-root main-app".split())
_NAMES = frozenset({"og:site_name", "application-name"})


def is_shell(facts: PageFacts, body: str, page: Page) -> bool:
    """Whether a page is only the frame of a program that would fetch the article.

    A shell states no article, has a title other than the feed's, and shows next to nothing about the feed's headline.
    Its title, date and picture are the site's. A page with the headline and a player or picture in place of a text is
    no shell, nor is any page whose feed entry has no title.
    """
    if not page.entry_title or facts.structured or facts.first_meta("article:published_time"):
        return False
    if is_titled_as_announced(facts, page) or word_count(body) > _MOST_WORDS:
        return False
    return len(body) < _MIN_CHARS or not tells_of_headline(facts, page, body)


def awaits_program(tree: HtmlElement) -> bool:
    """Whether the page has an empty element into which a program would put the article."""
    roots = (element for element in tree.iter("div", "main", "section") if (element.get("id") or "").lower() in _ROOTS)
    return any(not element.text_content().strip() for element in islice(roots, len(_ROOTS)))


def behind_wall(facts: PageFacts, feed_facts: PageFacts, page: Page) -> tuple[PageFacts, Page]:
    """The facts of the feed's text (`feed_facts`), and the page with the article's own address and without headers.

    What a wall states is not about the article, except for the rights that its JSON-LD names; these are kept.
    """
    rights = {name: facts.structured[name] for name in _RIGHTS if name in facts.structured}
    is_walls = refusal(page.final_url, normalize_url(page.url)) not in (None, Refusal.OTHER_PUBLISHER)
    own = page.url if is_walls or leads_elsewhere(address_of(page.final_url)) else page.final_url
    return replace(feed_facts, structured=rights), replace(page, final_url=own, headers=())


def behind_shell(facts: PageFacts, feed_facts: PageFacts, page: Page) -> tuple[PageFacts, Page]:
    """Like `behind_wall`, but with what holds for all pages of the shell's site: name, robots directives, language,
    headers, canonical and licence links."""
    kept = {name: values for name, values in facts.meta.items() if name in _NAMES or is_directive(name)}
    links = {rel: facts.links[rel] for rel in ("canonical", "license") if rel in facts.links}
    fed, own = behind_wall(facts, feed_facts, page)
    fed = replace(fed, meta={**feed_facts.meta, **kept}, links=links, language=facts.language, base=facts.base)
    return fed, replace(own, headers=page.headers)
