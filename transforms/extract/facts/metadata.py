"""What the page states about its article, each value from the first source in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from schemas.page import Page
from transforms.extract.dates.published import modified_us, published
from transforms.extract.facts.breadcrumbs import section_of
from transforms.extract.facts.canonical import base_of, canonical_url
from transforms.extract.facts.headline import headline
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.publisher import site_name
from transforms.extract.facts.rights import is_free, license_of, usage_directives
from transforms.extract.names.authors import authors
from transforms.extract.names.people import compact
from transforms.extract.page.structured import one_line, text_of
from transforms.web.urls import BadUrl, resolve

__all__ = [
    "authors", "canonical_url", "description", "headline", "image_url", "is_free", "keywords", "language", "license_of",
    "modified_us", "published", "section", "site_name", "usage_directives",
]  # fmt: skip

_MAX_KEYWORDS = 100
_MAX_KEYWORD_CHARS = 200
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def description(facts: PageFacts, page: Page) -> str | None:
    """The standfirst: JSON-LD or meta description, else the feed's summary in plain text. A repeated title is none."""
    titles = {compact(title) for title in (facts.title, facts.first_meta("og:title"), *facts.headings) if title}
    stated = [text_of(facts.structured.get("description"))]
    stated += [facts.first_meta(name) for name in ("og:description", "description", "twitter:description")]
    stated += [
        facts.first_meta("dc.description"),
        page.entry_summary if "<" not in (page.entry_summary or "") else None,
    ]
    lines = (one_line(text) for text in stated if text)
    return next((line for line in lines if line and compact(line) not in titles), None)


def language(facts: PageFacts, page: Page) -> str | None:
    """The stated language as a BCP 47 tag, from the first of: html lang, JSON-LD, meta elements, feed entry."""
    stated = (
        facts.language,
        text_of(facts.structured.get("inLanguage")),
        facts.first_meta("content-language", "og:locale", "dc.language", "language"),
        page.entry_language,
    )
    tags = (text.partition(",")[0].strip().replace("_", "-") for text in stated if text)
    return next((tag for tag in tags if _LANGUAGE_TAG.fullmatch(tag)), None)


def image_url(facts: PageFacts, page: Page) -> str | None:
    """The lead image's address, from the first of: og:image, JSON-LD image, feed entry."""
    structured = facts.structured.get("image")
    first = structured[0] if isinstance(structured, list) and structured else structured
    stated = facts.first_meta("og:image", "og:image:url", "twitter:image") or (
        first.get("url") if isinstance(first, Mapping) else first
    )
    if isinstance(stated, str) and stated:
        try:
            return resolve(base_of(facts, page), stated)
        except BadUrl:
            pass
    return page.entry_image_url


def keywords(facts: PageFacts, page: Page) -> tuple[str, ...]:
    """The page's keywords (JSON-LD, else article:tag, else news_keywords or keywords), else the feed's; each once."""
    structured = facts.structured.get("keywords")
    if isinstance(structured, str):
        stated = structured[: _MAX_KEYWORDS * _MAX_KEYWORD_CHARS].split(",")
    elif structured:
        told = structured if isinstance(structured, list) else [structured]
        stated = [text for text in map(text_of, told[:_MAX_KEYWORDS]) if text]
    else:
        stated = list(facts.meta.get("article:tag", ()))
        stated = stated or (facts.first_meta("news_keywords", "keywords", "parsely-tags") or "").split(",")
    return _each_once(stated) or _each_once(page.entry_keywords)


def _each_once(stated: Iterable[str]) -> tuple[str, ...]:
    """The keywords, each on one line, in order and without repeats; texts too long for a keyword are left out."""
    lines = (line for line in map(one_line, stated) if line and len(line) <= _MAX_KEYWORD_CHARS)
    cleaned: dict[str, str] = {}
    for line in lines:
        cleaned.setdefault(line.casefold(), line)
    return tuple(islice(cleaned.values(), _MAX_KEYWORDS))


def section(facts: PageFacts, page: Page) -> str | None:
    """The section: JSON-LD articleSection, else article:section, else the breadcrumb's last step before the article."""
    stated = (facts.title, facts.first_meta("og:title"), text_of(facts.structured.get("headline")), *facts.headings)
    return (
        text_of(facts.structured.get("articleSection"))
        or facts.first_meta("article:section", "section", "parsely-section")
        or section_of(facts.crumbs, page.final_url, {compact(title) for title in stated if title})
    )
