"""The `articles` table, which users read the lake for. Its columns are named after schema.org NewsArticle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa

from schemas.table import INSTANT, TEXTS, Table, day_of


class RemovalReason(StrEnum):
    """What kind of block was removed; `MODEL`: the block model removed it and no rule names its kind."""

    HEADLINE = "headline"
    COOKIES = "cookies"
    COMMENT_FORM = "comment_form"
    ADVERTISEMENT = "advertisement"
    AGENCY_ABOUT = "agency_about"
    CREDITS = "credits"
    PROMOTION = "promotion"
    MODEL = "model"
    SITE = "site"


class PageKind(StrEnum):
    """The kind of a page. A closed list: a new kind needs a new member here and a row in docs/tables.md."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    PAYWALL_STUB = "paywall_stub"
    GALLERY = "gallery"
    VIDEO = "video"
    SECTION_FRONT = "section_front"
    NOT_FOUND = "not_found"


class Removed(NamedTuple):
    """A block that was removed from the text, and the reason."""

    text: str
    reason: str


class Entity(NamedTuple):
    """A name in the text and how often it occurs; `kind` is person, organization or place."""

    name: str
    kind: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which is not used here; the column is named so


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one article, written by the run `run_id`.

    `article_id` is the hex blake2b-128 of `canonical_url`.
    """

    article_id: str
    url: str
    canonical_url: str
    publisher_domain: str
    publisher_name: str | None
    feed_url: str
    entry_id: str
    fetched_at_us: int
    article_body: str
    body_source: str
    extractor: str
    content_hash: str
    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    image_url: str | None = None
    article_section: str | None = None
    keywords: tuple[str, ...] = ()
    in_language: str | None = None
    word_count: int = 0
    date_published_us: int | None = None
    date_published_source: str | None = None
    date_precision: str | None = None
    date_modified_us: int | None = None
    revision: int = 1
    cluster_id: str | None = None
    relation: str | None = None
    duplicate_of: str | None = None
    similarity: float | None = None
    story_id: str | None = None
    wire_sources: tuple[str, ...] = ()
    dateline: str | None = None
    countries: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    is_accessible_for_free: bool | None = None
    license: str | None = None
    usage_directives: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    page_kind: str | None = None
    recovered: tuple[str, ...] = ()
    ingested_at_us: int = 0
    run_id: str = ""

    @property
    def published_date(self) -> str:
        """The partition: the UTC day of publication, or of the fetch if no publication date is trusted."""
        return day_of(self.fetched_at_us if self.date_published_us is None else self.date_published_us)


ARTICLES = Table(
    name="articles",
    version=2,
    row=Article,
    schema=pa.schema(
        [
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("url", pa.string(), nullable=False),
            pa.field("canonical_url", pa.string(), nullable=False),
            pa.field("publisher_domain", pa.string(), nullable=False),
            pa.field("publisher_name", pa.string()),
            pa.field("feed_url", pa.string(), nullable=False),
            pa.field("entry_id", pa.string(), nullable=False),
            pa.field("revision", pa.int32(), nullable=False),
            pa.field("headline", pa.string()),
            pa.field("description", pa.string()),
            pa.field("article_body", pa.string(), nullable=False),
            pa.field("authors", TEXTS),
            pa.field("image_url", pa.string()),
            pa.field("article_section", pa.string()),
            pa.field("keywords", TEXTS),
            pa.field("in_language", pa.string()),
            pa.field("word_count", pa.int32(), nullable=False),
            pa.field("date_published", INSTANT),
            pa.field("date_published_source", pa.string()),
            pa.field("date_precision", pa.string()),
            pa.field("date_modified", INSTANT),
            pa.field("fetched_at", INSTANT, nullable=False),
            pa.field("ingested_at", INSTANT, nullable=False),
            pa.field("content_hash", pa.string(), nullable=False),
            pa.field("cluster_id", pa.string()),
            pa.field("relation", pa.string()),
            pa.field("duplicate_of", pa.string()),
            pa.field("similarity", pa.float64()),
            pa.field("story_id", pa.string()),
            pa.field("wire_sources", TEXTS),
            pa.field("dateline", pa.string()),
            pa.field("countries", TEXTS),
            pa.field(
                "entities",
                pa.list_(pa.struct([("name", pa.string()), ("kind", pa.string()), ("count", pa.int32())])),
            ),
            pa.field("is_accessible_for_free", pa.bool_()),
            pa.field("license", pa.string()),
            pa.field("usage_directives", TEXTS),
            pa.field("body_source", pa.string(), nullable=False),
            pa.field("extractor", pa.string(), nullable=False),
            pa.field("removed", pa.list_(pa.struct([("text", pa.string()), ("reason", pa.string())]))),
            pa.field("run_id", pa.string(), nullable=False),
            pa.field("page_kind", pa.string()),
            pa.field("recovered", TEXTS),
        ]
    ),
    partition="published_date",
    partition_of=lambda article: article.published_date,
    sort_by=("date_published", "article_id", "revision"),
    bloom="article_id",
    long=("article_body", "removed"),
    structs={"removed": Removed, "entities": Entity},
)
