"""The article of one page: the columns of `articles` that a page alone can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from schemas.article import Block, Entity, Link, Removed


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class PageArticle:
    """The article of one page, as `newsbeam.extract` finds it.

    Each attribute is the column of that name of the lake's table `articles`, and means what docs/tables.md says of it.
    Instants are datetimes in UTC, `published_day` is a date, `facts_sources` a dict. The columns that only a run can
    tell are left out: which feed led to the page, which article it is a copy or revision of, which story it belongs to.
    `dataclasses.asdict` makes a dict of it.
    """

    headline: str | None
    description: str | None
    article_body: str
    byline: str | None
    authors: tuple[str, ...]
    author_organizations: tuple[str, ...]
    publisher_name: str | None
    publisher_domain: str
    url: str
    canonical_url: str
    article_id: str
    date_published: datetime | None
    date_published_source: str | None
    date_precision: str | None
    published_day: date | None
    date_offset_minutes: int | None
    date_modified: datetime | None
    fetched_at: datetime
    in_language: str | None
    word_count: int
    article_section: str | None
    keywords: tuple[str, ...]
    image_url: str | None
    wire_sources: tuple[str, ...]
    dateline: str | None
    dateline_country: str | None
    countries: tuple[str, ...]
    entities: tuple[Entity, ...]
    topic: str | None
    topic_source: str | None
    facts_sources: dict[str, str] | None
    is_accessible_for_free: bool | None
    license: str | None
    usage_directives: tuple[str, ...]
    page_kind: str | None
    body_source: str
    extractor: str
    blocks: tuple[Block, ...] | None
    links: tuple[Link, ...] | None
    is_complete: bool | None
    removed: tuple[Removed, ...]
    recovered: tuple[str, ...]
    content_hash: str

    def __repr__(self) -> str:
        """What tells the article from others, without its text."""
        shown = ("headline", "authors", "publisher_domain", "date_published", "in_language", "word_count", "url")
        return f"PageArticle({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
