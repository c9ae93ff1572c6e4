"""The result of parsing a feed: its entries as the feed wrote them, before links are resolved and dates checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from schemas.failure import ReasonedError
from schemas.feed import FeedSpec
from transforms.text.well_formed import well_formed
from transforms.web.urls import BadUrl, resolve


class FeedError(ReasonedError):
    """A body that is no readable feed. `reason` is NOT_A_FEED, BAD_FEED, EMPTY_BODY, or the sandbox's own."""

    def __str__(self) -> str:
        return self.message


class FeedBugError(FeedError):
    """Our code raised an unexpected exception on this feed."""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry as its feed wrote it. `link` and `image_url` may be relative, dates may be absurd.

    `title`, `summary`, `authors` and `keywords` are plain text; `content_html` is the full content, if the feed
    carries it.
    """

    id: str | None = None
    link: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published_us: int | None = None
    updated_us: int | None = None
    usage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """One item of an index of sitemaps: an address as written, and when the sitemap there changed."""

    url: str
    changed_us: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document.

    `format` is feedparser's version name (``rss20``, ``atom10``), ``json1``, ``json11``, ``sitemap`` or
    ``sitemapindex``. Relative links are relative to `base_url`. `ttl_s` is how long the feed asks to be left alone;
    `skip_hours` and `skip_days` are the bits of hours in UTC and days (Monday 0) in which it asks not to be polled. An
    index of sitemaps lists `sitemaps` instead of entries. `hubs` tell of its news, which know it as `self_url`.
    """

    format: str
    base_url: str
    title: str | None = None
    language: str | None = None
    ttl_s: int | None = None
    skip_hours: int = 0
    skip_days: int = 0
    entries: tuple[RawEntry, ...] = ()
    sitemaps: tuple[SitemapLink, ...] = ()
    hubs: tuple[str, ...] = ()
    self_url: str | None = None


Parse = Callable[[bytes, str | None, str, FeedSpec], Awaitable[ParsedFeed]]
"""Body, Content-Type as sent, the URL that sent it and the feed as listed, to a parsed feed; raises FeedError."""


def site_url(base_url: str, site_link: str | None) -> str:
    """The base of relative links: the site that the feed names, else the feed's own address."""
    try:
        return resolve(base_url, site_link) if site_link else base_url
    except BadUrl:
        return base_url


def well_formed_feed(feed: ParsedFeed) -> ParsedFeed:
    """The feed with all its texts well-formed, without what JSON escapes, references and base64 can smuggle in."""
    mended: ParsedFeed = _well_formed(feed)
    return mended


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, tuple):
        return tuple(map(_well_formed, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _well_formed(getattr(value, field.name)) for field in fields(value)})
    return value
