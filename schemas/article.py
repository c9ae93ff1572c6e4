"""The `articles` table, which users read the lake for. Its columns are named after schema.org NewsArticle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from schemas.columns import Bloom, InstantUs, Int32, Long, Pairs
from schemas.table import Table, day_of


class RemovalReason(StrEnum):
    """What kind of block was removed; `MODEL`: the block model removed it and no rule names its kind."""

    HEADLINE = "headline"
    COOKIES = "cookies"
    COMMENT_FORM = "comment_form"
    ADVERTISEMENT = "advertisement"
    AGENCY_ABOUT = "agency_about"
    CREDITS = "credits"
    PICTURE_SOURCE = "picture_source"
    TIMES = "times"
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
    count: Int32  # type: ignore[assignment]  # hides tuple.count, which is not used here; the column is named so


class BlockKind(StrEnum):
    """What a block of the text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"


class Block(NamedTuple):
    """A block of `article_body`: its `kind`, of a heading 2 to 6 and of a list's item its depth from 1 as `level`
    (else 0), and where it stands, as offsets in characters (Unicode code points), `end` behind its last."""

    kind: str
    level: Int32
    start: Int32
    end: Int32


class Link(NamedTuple):
    """A link in `article_body`: the words that it stands on, its absolute address, its `rel` ("" without one), and
    where the words begin, as an offset in characters."""

    text: str
    url: str
    rel: str
    start: Int32


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One revision of one article."""

    article_id: Bloom[str]
    """Hex blake2b-128 of `canonical_url`."""
    url: str
    """The address that the feed names."""
    canonical_url: str
    """The first of rel=canonical, the Link header and og:url that can be this article's: of the same publisher, no
    front page, section, login, consent or error page, nothing that a template left, and not without the part of the
    query that tells articles apart; else `final_url` of the page, or `url` where a wall answered. Normalised: no
    fragment, no tracking parameters."""
    publisher_domain: str
    """Registrable domain of `canonical_url` by the public suffix list; a literal address as it is."""
    publisher_name: str | None
    """The name that more than half of the site's pages state, of those that were read before or in the same run; else
    the page's own: JSON-LD publisher, og:site_name, application-name, title of the feed; none that is the page's title,
    a section, or the system that the site is made with."""
    feed_url: str
    """The feed that led here; empty for a page of an archive that no feed is known to have listed."""
    entry_id: str
    """The entry that led here."""
    revision: Int32 = 1
    """1, and one more each time the words of the article were found changed, or it was found withdrawn or there again;
    1 again where the one before is older than `--copies_horizon_days`, so the newest is told by `fetched_at`."""
    headline: str | None = None
    """The heading that the page's titles point to, if it agrees with one of them, without the kicker or date in it that
    a title leaves out; else the first of JSON-LD headline, og:title, title, entry title. Without the names of site and
    section. Where `body_source` is `feed`, the entry's title."""
    description: str | None = None
    """The standfirst: JSON-LD or meta description, else the entry's summary."""
    article_body: Long[str]
    """The article's own text, one block a line, cleaned."""
    authors: tuple[str, ...] = ()
    """People only, as printed: JSON-LD author and meta elements where a reader sees the same names or no others, else
    the byline near the headline, the entry, the one byline elsewhere. Publishers, desks, agencies, roles, buttons,
    captions, addresses and accounts that no reader sees are no authors; empty rather than invented."""
    image_url: str | None = None
    """og:image, JSON-LD image, the entry's picture."""
    article_section: str | None = None
    """One name, from JSON-LD articleSection, article:section, else the last step of the breadcrumb (JSON-LD
    BreadcrumbList, or marked on the page) before the article. As wide as "News" only where no narrower one is stated;
    never "All" or "Home", a template, the site or the article itself, see [facts](facts.md)."""
    keywords: tuple[str, ...] = ()
    """JSON-LD keywords, article:tag, news_keywords, keywords; else the entry's. Each alone, without the flags of
    templates and players, sentences, the headline and the names of the site, see [facts](facts.md)."""
    in_language: str | None = None
    """BCP 47 primary tag, detected on the text; what page or feed declares decides only for very short texts and
    between near-identical languages."""
    word_count: Int32 = 0
    """Words of `article_body`; in Chinese and Japanese characters count, in Thai, Lao, Khmer and Burmese five letters
    are a word."""
    date_published_us: InstantUs | None = None
    """The first credible date, see [date sources](#date-sources)."""
    date_published_source: str | None = None
    """Who says so, see there."""
    date_precision: str | None = None
    """`second` where a time of day was stated, else `day`."""
    date_modified_us: InstantUs | None = None
    """JSON-LD dateModified, article:modified_time and the like, the entry's update, else the edit printed by the
    headline. One before `date_published` is none."""
    fetched_at_us: InstantUs
    """When the page was fetched."""
    ingested_at_us: InstantUs = 0
    """Start of the run that built the row."""
    content_hash: str
    """Hex blake2b-128 of the normalised words of `article_body`: equal for the same words."""
    cluster_id: str | None = None
    """The `article_id` that names the group of copies; an article without copies is a group of its own."""
    relation: str | None = None
    """See [relations](#relations)."""
    duplicate_of: str | None = None
    """The `article_id` it is a copy or a revision of; null for originals."""
    similarity: float | None = None
    """Share (0 to 1) of the shorter text's 4-word shingles that stand in the longer; null for originals."""
    story_id: str | None = None
    """The `article_id` of the first article of the story: articles on the same event, in whatever words, in one
    language; in several with `--stories_across_languages`. Copies and revisions have their original's."""
    wire_sources: tuple[str, ...] = ()
    """Agencies that the text is credited to (byline, dateline, closing credits), under one name each. One that is only
    quoted is none. See [facts](facts.md)."""
    dateline: str | None = None
    """The place printed before the first sentence, with the state or country behind it, without date and agency."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, the most important first, at most four."""
    entities: tuple[Entity, ...] = ()
    """People, organisations and places that the text names and that matter in it, the most important first, at most ten
    of each kind; names as printed. Countries are in `countries`. See [facts](facts.md)."""
    is_accessible_for_free: bool | None = None
    """JSON-LD isAccessibleForFree, false also where a part of the article is stated not to be free (`hasPart`); else
    article:content_tier; null where none is stated."""
    license: str | None = None
    """JSON-LD license, rel=license, Dublin Core rights."""
    usage_directives: tuple[str, ...] = ()
    """What page, headers, feed and robots.txt state of the use of the article: robots directives, the TDM reservation,
    preferences, licensing terms, AI crawlers that are kept out; sorted. See [usage directives](#usage-directives)."""
    body_source: str
    """`page`; `page_plain` where the page was too much for the usual extractor, and its text was found by a simpler one
    in linear time; `feed` where only the feed's full content held a text."""
    extractor: str
    """What found the text, with its version: `newsbeam blocks-…`, the model of blocks alone; `trafilatura …, blocks-…`,
    trafilatura's choice corrected by a second model; `trafilatura …`, its text as it is; `newsbeam plain_text`."""
    removed: Long[tuple[Removed, ...]] = ()
    """Blocks that were taken out of the text: by the model, by rules, by what the site repeats; each in text order, see
    [removal reasons](#removal-reasons)."""
    run_id: str = ""
    """The run that wrote the row."""
    page_kind: str | None = None
    """What the page is, see [page kinds](#page-kinds); null in rows written before version 2 of the table."""
    recovered: tuple[str, ...] = ()
    """Blocks of the body that trafilatura had left out and the model put back, in text order. Empty where `extractor`
    does not name trafilatura."""
    published_day: date | None = None
    """The day of publication as the page prints it, for readers in its own zone: where the source of `date_published`
    states an offset other than 0, the day in that offset. Where it is in UTC or states none: the day printed near the
    headline, else, if it is in UTC, the day in the address, if that is the day stated or one beside it and not that of
    a later edit; else the day stated. May differ by one from `published_date`, which is in UTC. Null where
    `date_published` is, and in rows written before version 3 of the table."""
    date_offset_minutes: Int32 | None = None
    """The offset from UTC, in minutes, that the source of `date_published` states: 0 for UTC, null where it states
    none, as dates of feeds, seconds since 1970 and days do."""
    byline: str | None = None
    """The line that names who wrote it, as printed, without the date behind it; null where none was found. Where the
    page states an agency among its authors and prints it in no byline, the names as stated, joined by commas; one that
    it states as its source, provider or holder of rights follows the byline."""
    author_organizations: tuple[str, ...] = ()
    """Organisations that sign, as printed: a desk, a broadcaster, a magazine, in a byline or stated as the author. The
    publisher itself is among them only where no person signs. Agencies are none: they are in `byline` and
    `wire_sources`."""
    blocks: tuple[Block, ...] | None = None
    """What the blocks of `article_body` are, in text order: each line that is not empty is one, see [blocks](#blocks).
    Null in rows written before version 3 of the table."""
    links: tuple[Link, ...] | None = None
    """Links of `article_body` to pages (http, https), in text order; null unless `--keep_links` was given."""
    is_complete: bool | None = None
    """Whether the text seems whole, by what page and feed show: see [completeness](#completeness). Null where nothing
    tells."""
    dateline_country: str | None = None
    """The country of `dateline`, ISO 3166-1 alpha-2; null where it is not known."""
    topic: str | None = None
    """What the article is about, as one of the 17 top terms of IPTC Media Topics, see [facts](facts.md); null where
    unsure."""
    topic_source: str | None = None
    """What told `topic`: `section`, `address`, `keywords` or `words`, see there."""
    facts_sources: Pairs | None = None
    """Where facts came from: the name of a column, and what told it, see [facts](facts.md). Null in rows written before
    version 3 of the table."""
    feed_country: str | None = None
    """Country of the feed, by the settings file or the feed list, as two capital letters."""
    feed_tags: tuple[str, ...] = ()
    """Tags that the settings file gave the feed when the page was fetched."""
    withdrawn_at_us: InstantUs | None = None
    """When a revisit found that the publisher had withdrawn the article (404, 410, or a page that says so); the row is
    the former revision otherwise, and `fetched_at` is the same instant. Null in all other revisions, also in one that
    shows it again: see [revisits](revisits.md)."""

    @property
    def published_date(self) -> str:
        """The partition: the UTC day of publication, or of the fetch if no publication date is trusted."""
        return day_of(self.fetched_at_us if self.date_published_us is None else self.date_published_us)


ARTICLES = Table(
    name="articles",
    version=4,
    row=Article,
    partition="published_date",
    partition_of=lambda article: article.published_date,
    sort_by=("date_published", "article_id", "revision"),
)
