"""What a page and its feed entry say of the article, each value by a stated order of sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from schemas.article import Entity
from schemas.page import Page
from transforms.extract.dates.published import modified_us, published
from transforms.extract.facts.canonical import base_of, canonical_url
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headline import headline
from transforms.extract.facts.labels.keywords import keywords_of
from transforms.extract.facts.labels.section import section
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.publisher import site_name
from transforms.extract.facts.rights import is_free, license_of, usage_directives
from transforms.extract.json_ld.named import named_entities
from transforms.extract.json_ld.structured import one_line, text_of
from transforms.extract.names.people import compact
from transforms.extract.names.signed import signed
from transforms.web.urls import BadUrl, registrable_domain, resolve

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


class Metadata(NamedTuple):
    """What is said of an article; its fields are those of `Article` with these names."""

    canonical_url: str
    publisher_name: str | None
    headline: str | None
    description: str | None
    byline: str | None
    authors: tuple[str, ...]
    author_organizations: tuple[str, ...]
    image_url: str | None
    article_section: str | None
    keywords: tuple[str, ...]
    entities: tuple[Entity, ...]
    in_language: str | None
    date_published_us: int | None
    date_published_source: str | None
    date_precision: str | None
    published_day: date | None
    date_offset_minutes: int | None
    date_modified_us: int | None
    is_accessible_for_free: bool | None
    license: str | None
    usage_directives: tuple[str, ...]
    facts_sources: tuple[tuple[str, str], ...]


def read_metadata(facts: PageFacts, page: Page, *, text_is_fed: bool = False) -> Metadata:
    """The metadata of a page's article. `text_is_fed`: the article's text is the feed's, and its headline with it."""
    publisher = site_name(facts, page)
    dated = published(facts, page)
    by = signed(facts, page, publisher)
    called = headline(facts, page, publisher, text_is_fed=text_is_fed)
    names = _names(facts, page, (called, publisher))
    filed, (keywords, keywords_by) = section(facts, page, names), keywords_of(facts, page, names)
    return Metadata(
        canonical_url=canonical_url(facts, page),
        publisher_name=publisher,
        headline=called,
        description=_description(facts, page),
        byline=by.byline,
        authors=by.authors,
        author_organizations=by.author_organizations,
        image_url=_image_url(facts, page),
        article_section=filed,
        keywords=keywords,
        entities=named_entities(facts.structured),
        in_language=_language(facts, page),
        date_published_us=dated.us if dated else None,
        date_published_source=dated.source if dated else None,
        date_precision=dated.precision if dated else None,
        published_day=dated.day if dated else None,
        date_offset_minutes=dated.offset_minutes if dated else None,
        date_modified_us=modified_us(facts, page, dated),
        is_accessible_for_free=is_free(facts),
        license=license_of(facts),
        usage_directives=usage_directives(facts, page),
        facts_sources=tuple(
            (column, source)
            for column, source in (("article_section", "page" if filed else None), ("keywords", keywords_by))
            if source
        ),
    )


def _description(facts: PageFacts, page: Page) -> str | None:
    """The standfirst: description in JSON-LD or meta elements, else the feed's summary where it is plain text.

    One that only repeats the page's title is none.
    """
    titles = {compact(title) for title in (facts.title, facts.first_meta("og:title"), *facts.headings) if title}
    stated = [text_of(facts.structured.get("description"))]
    stated += [facts.first_meta(name) for name in ("og:description", "description", "twitter:description")]
    stated += [
        facts.first_meta("dc.description"),
        page.entry_summary if "<" not in (page.entry_summary or "") else None,
    ]
    lines = (one_line(text) for text in stated if text)
    return next((line for line in lines if line and compact(line) not in titles), None)


def _language(facts: PageFacts, page: Page) -> str | None:
    """The language as stated, in the form of BCP 47: html lang, JSON-LD, meta elements, feed entry."""
    stated = (
        facts.language,
        text_of(facts.structured.get("inLanguage")),
        facts.first_meta("content-language", "og:locale", "dc.language", "language"),
        page.entry_language,
    )
    tags = (text.partition(",")[0].strip().replace("_", "-") for text in stated if text)
    return next((tag for tag in tags if _LANGUAGE_TAG.fullmatch(tag)), None)


def _image_url(facts: PageFacts, page: Page) -> str | None:
    """The lead image: og:image, JSON-LD image, feed entry."""
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


def _names(facts: PageFacts, page: Page, said: Collection[str | None]) -> frozenset[str]:
    """The article's titles and the names of its site, in compact form, none of which is a keyword or a section. `said`
    are its headline and its publisher."""
    domain = registrable_domain(page.final_url)
    titles = (facts.title, facts.first_meta("og:title"), text_of(facts.structured.get("headline")))
    sites = (facts.first_meta("og:site_name"), facts.first_meta("application-name"), page.feed_title)
    stated = (*said, *titles, *sites, domain, domain.partition(".")[0])
    return frozenset(compact(text[:MAX_TITLE_CHARS]) for text in stated if text) - {""}
