"""Reduces news sitemaps to recent items, and follows an index of sitemaps within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.common.clock import DAY_US
from transforms.feeds.parsing.parsed import FeedError, Parse, ParsedFeed, RawEntry
from transforms.web.errors import Deferred, FetchError, reason_of_status
from transforms.web.http.fetcher import Fetcher
from transforms.web.urls import BadUrl, resolve

INDEX = "sitemapindex"
"""The format of a ParsedFeed that lists sitemaps, or holds the entries of the sitemaps that it listed."""

MAX_SITEMAPS = 8
"""The most sitemaps of one index that a poll reads."""

RECENT_US = 2 * DAY_US
"""Google's rule for news sitemaps (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap):
they list the articles of the last two days. Of sitemaps that list older articles too, these are ignored."""


async def follow_sitemaps(parsed: ParsedFeed, spec: FeedSpec, client: Fetcher, parse: Parse, now_us: int) -> ParsedFeed:
    """`parsed` as it is where it is a feed; a sitemap without its old items; an index with the items it leads to.

    At most MAX_SITEMAPS sitemaps of an index are read, one after another; an index within an index is not followed. A
    sitemap that fails loses only its own items. If none could be read, raises the first problem: a FeedError, or
    Deferred.
    """
    if parsed.format == INDEX:
        parsed = await _followed(parsed, spec, client, parse, now_us)
    elif parsed.format != "sitemap":
        return parsed
    return replace(parsed, entries=tuple(entry for entry in parsed.entries if _is_recent(entry, now_us)))


def sitemaps_to_read(index: ParsedFeed, now_us: int) -> list[str]:
    """The absolute addresses of at most MAX_SITEMAPS sitemaps of an index that may hold news now.

    First come the sitemaps that changed in the last two days, newest first; then those without a date or, if some of
    these have "news" in their path, only these.
    """
    # A change may be given as a mere day, which begins up to 24 hours before the change itself.
    since_us = now_us - RECENT_US - DAY_US
    dated = [link for link in index.sitemaps if link.changed_us is not None and link.changed_us >= since_us]
    dated.sort(key=lambda link: (-(link.changed_us or 0), not _is_called_news(link.url)))
    undated = [link for link in index.sitemaps if link.changed_us is None]
    called_news = [link for link in undated if _is_called_news(link.url)]
    addresses: dict[str, None] = {}
    for link in dated + (called_news or undated):
        try:
            addresses.setdefault(resolve(index.base_url, link.url))
        except BadUrl:
            continue
    return list(addresses)[:MAX_SITEMAPS]


async def _followed(index: ParsedFeed, spec: FeedSpec, client: Fetcher, parse: Parse, now_us: int) -> ParsedFeed:
    read: list[ParsedFeed] = []
    problems: list[FeedError | Deferred] = []
    for url in sitemaps_to_read(index, now_us):
        try:
            read.append(await _read(url, spec, client, parse))
        except FetchError as error:
            problems.append(FeedError(error.reason, f"{url}: {error.message}"))
        except FeedError as error:
            problems.append(type(error)(error.reason, f"{url}: {error.message}"))
        except Deferred as deferred:
            problems.append(deferred)
    if problems and not read:
        raise problems[0]
    return replace(
        index,
        title=next((sitemap.title for sitemap in read if sitemap.title), None),
        language=next((sitemap.language for sitemap in read if sitemap.language), None),
        entries=_without_repetitions(read),
    )


async def _read(url: str, spec: FeedSpec, client: Fetcher, parse: Parse) -> ParsedFeed:
    response = await client.fetch(url)
    if not response.is_success:
        raise FeedError(reason_of_status(response.status), f"the server answered {response.status}")
    parsed = await parse(response.body, response.headers.get("content-type"), response.final_url, spec)
    if parsed.format != "sitemap":
        raise FeedError(Reason.NOT_A_FEED, "an index of sitemaps may only list sitemaps")
    return parsed


def _without_repetitions(sitemaps: Sequence[ParsedFeed]) -> tuple[RawEntry, ...]:
    entries: dict[str, RawEntry] = {}
    for entry in (entry for sitemap in sitemaps for entry in sitemap.entries):
        entries.setdefault(entry.link or f"#{len(entries)}", entry)
    return tuple(entries.values())


def _is_recent(entry: RawEntry, now_us: int) -> bool:
    """Whether an item is news: its latest date is recent, or it has no date."""
    latest_us = max(entry.published_us or 0, entry.updated_us or 0)
    return latest_us == 0 or latest_us >= now_us - RECENT_US


def _is_called_news(url: str) -> bool:
    return "news" in urlsplit(url).path.lower()
