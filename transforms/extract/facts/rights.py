"""What may be done with an article, as its page and the server's answer state it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.usage import license_terms, preferences_of
from transforms.extract.json_ld.structured import text_of
from transforms.web.usage.robots_usage import ai_crawlers

_DIRECTIVES = frozenset(
    "noindex none noarchive nocache nosnippet noai noimageai noml notranslate noimageindex indexifembedded".split()
)
"""Robots directives that restrict or allow a use. `index` and `follow` are left out: they state the default."""

_WITH_VALUE = frozenset("max-snippet max-image-preview max-video-preview unavailable_after".split())
_BOT = re.compile(
    r"[a-z][a-z0-9_.-]{0,40}?(?:bot|spider|crawler|slurp|-ai|-extended)(?:-(?:news|image|video|mobile))?|slurp"
)
"""Names of crawlers; a page may have a meta element for one crawler in place of `robots`."""

_BOT_FIRST = re.compile(r"\s*([A-Za-z][\w.-]{0,60})\s*:(.*)", re.DOTALL)
_WORD = re.compile(r"[^\s,:;]+")
_MAX_CHARS = 10_000
_MAX_PARTS = 50


def is_free(facts: PageFacts) -> bool | None:
    """Whether the article is free to read: JSON-LD isAccessibleForFree, else the content tier; None if not stated.

    An article with a part (`hasPart`) that is stated not to be free is not free.
    """
    parts = facts.structured.get("hasPart")
    some = [_truth(one) for one in (parts if isinstance(parts, list) else [parts])[:_MAX_PARTS]]
    if False in some:
        return False
    stated = _truth(facts.structured)
    if stated is not None:
        return stated
    tier = (facts.first_meta("article:content_tier") or "").lower()
    return {"free": True, "metered": False, "locked": False}.get(tier)


def _truth(value: object) -> bool | None:
    stated = value.get("isAccessibleForFree") if isinstance(value, Mapping) else None
    if isinstance(stated, str) and stated.strip():
        return stated.strip().lower().rsplit("/", 1)[-1] == "true"
    return stated if isinstance(stated, bool) else None


def license_of(facts: PageFacts) -> str | None:
    """The licence as stated: JSON-LD license, else rel=license, else Dublin Core rights."""
    return (
        text_of(facts.structured.get("license"))
        or next(iter(facts.links.get("license", ())), None)
        or facts.first_meta("dc.rights", "dcterms.license")
    )


def usage_directives(facts: PageFacts, page: Page) -> tuple[str, ...]:
    """What page, headers, feed and robots.txt state of the use of the page; as stated, sorted.

    A directive for a single crawler has that crawler's name in lower case before it: `gptbot:noindex`. It does not bind
    other crawlers, but shows what the publisher thinks of that use.
    """
    found = {word for text in facts.meta.get("robots", ()) for word in _directives(text)}
    for name, values in facts.meta.items():
        if _is_crawler(name):
            found.update(f"{name}:{word}" for text in values for word in _directives(text))
    for header in page.headers:
        if header.name == "x-robots-tag":
            found.update(_of_header(header.value))
    headers = {header.name: header.value for header in page.headers}
    for name in ("tdm-reservation", "tdm-policy"):
        stated = headers.get(name) or facts.first_meta(name)
        if stated:
            found.add(f"{name}={stated.strip()}")
    found.update(preferences_of(page), license_terms(facts, page), page.entry_usage, page.robots_usage or ())
    return tuple(sorted(found))


def is_directive(name: str) -> bool:
    """Whether a meta element of that name states what may be done with a page."""
    return name in ("robots", "tdm-reservation", "tdm-policy") or _is_crawler(name)


def _is_crawler(name: str) -> bool:
    return _BOT.fullmatch(name) is not None or name in ai_crawlers()


def _directives(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text[:_MAX_CHARS].lower()) if word in _DIRECTIVES)


def _of_header(value: str) -> Iterator[str]:
    """The directives in an X-Robots-Tag header. Those after a crawler's name and a colon apply to that crawler."""
    bot = ""
    for part in value[:_MAX_CHARS].split(","):
        named = _BOT_FIRST.match(part)
        if named is not None and named[1].lower() not in _WITH_VALUE:
            bot = f"{named[1].lower()}:"
        yield from (bot + word for word in _directives(named[2] if named is not None else part))
