"""Which facts of a page without its article still hold when the feed's text stands in for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from transforms.extract.facts.addresses import address_of
from transforms.extract.facts.canonical import Refusal, leads_elsewhere, refusal
from transforms.extract.facts.rights import is_directive
from transforms.extract.kind.announced import is_titled_as_announced, tells_of_headline
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.page.page_words import word_count
from transforms.extract.page.story_tree import StoryTree
from transforms.web.urls import normalize_url

_MOST_WORDS = 40
_MIN_CHARS = 25
_RIGHTS = ("isAccessibleForFree", "hasPart", "license")
_ROOTS = frozenset("root app __next __nuxt ___gatsby svelte application app-root react-root main-app".split())
_NAMES = frozenset({"og:site_name", "application-name"})


def is_shell(read: ReadPage) -> bool:
    """Whether a page is the frame of a program that would fetch the article: it states no article, is not titled as
    the feed announced it, and shows next to nothing, which tells nothing of the feed's headline.

    A shell states no article, has a title other than the feed's, and shows next to nothing about the feed's headline.
    Its title, date and picture are the site's. A page with the headline and a player or picture in place of a text is
    no shell, nor is any page whose feed entry has no title.
    """
    page, facts, _, body = read
    if not page.entry_title or facts.structured or facts.first_meta("article:published_time"):
        return False
    if is_titled_as_announced(facts, page) or word_count(body) > _MOST_WORDS:
        return False
    return len(body) < _MIN_CHARS or not tells_of_headline(facts, page, body)


def awaits_program(story: StoryTree) -> bool:
    """Whether the page has an empty element where a program would put the article."""
    parts = story.root.iter("div", "main", "section")
    roots = (element for element in parts if (element.get("id") or "").lower() in _ROOTS)
    return any(not element.text_content().strip() for element in islice(roots, len(_ROOTS)))


def behind_wall(wall: ReadPage, fed: ReadPage) -> ReadPage:
    """The feed's text as a page that had answered without headers from the article's own address. What a wall states of
    itself is not the article's, but for the rights that its JSON-LD names."""
    page, stated = wall.page, wall.facts.structured
    rights = {name: stated[name] for name in _RIGHTS if name in stated}
    is_walls = refusal(page.final_url, normalize_url(page.url)) not in (None, Refusal.OTHER_PUBLISHER)
    own = page.url if is_walls or leads_elsewhere(address_of(page.final_url)) else page.final_url
    robots_usage = page.robots_usage if own == page.final_url else None
    return fed._replace(
        facts=replace(fed.facts, structured=rights),
        page=replace(page, final_url=own, headers=(), robots_usage=robots_usage),
    )


def behind_shell(shell: ReadPage, fed: ReadPage) -> ReadPage:
    """The same for a shell, which states of its site and of the use of its pages what all pages of the site do."""
    stated = shell.facts
    kept = {name: values for name, values in stated.meta.items() if name in _NAMES or is_directive(name)}
    links = {rel: stated.links[rel] for rel in ("canonical", "license") if rel in stated.links}
    read = behind_wall(shell, fed)
    facts = replace(
        read.facts,
        meta={**fed.facts.meta, **kept},
        links=links,
        language=stated.language,
        base=stated.base,
        rsl_links=stated.rsl_links,
        rsl_documents=stated.rsl_documents,
    )
    return read._replace(facts=facts, page=replace(read.page, headers=shell.page.headers))
