"""Reads a feed once, for commands that look at feeds without a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.feed import FeedEntry, FeedSpec
from transforms.feeds.parsing.entries import EntryProblem, entries_of
from transforms.feeds.parsing.parsed import FeedError, Parse, ParsedFeed
from transforms.feeds.parsing.sitemap_index import follow_sitemaps
from transforms.web.errors import Deferred, reason_of_status
from transforms.web.http.fetcher import Fetcher
from transforms.web.http.response import Response


class BoundedClient:
    """A client that makes at most `most` requests and then raises Deferred; redirects are not counted."""

    def __init__(self, client: Fetcher, most: int) -> None:
        self._client = client
        self.left = most

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        """The answer to a GET of `url`."""
        if self.left <= 0:
            raise Deferred("enough was asked of this site")
        self.left -= 1
        return await self._client.fetch(url, headers, validator_url=validator_url)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that was read. `entries` are its entries with a page to fetch, `problems` its other entries."""

    response: Response
    parsed: ParsedFeed
    entries: tuple[FeedEntry, ...]
    problems: tuple[EntryProblem, ...]

    @property
    def newest_us(self) -> int | None:
        """The latest date of any entry; None without dates."""
        dates = (date for entry in self.entries for date in (entry.published_us, entry.updated_us))
        return max((date for date in dates if date is not None), default=None)


async def read_source(spec: FeedSpec, client: Fetcher, parse: Parse, now_us: int) -> Source:
    """The feed at an address now, sitemaps followed as in a poll. Raises FetchError, FeedError and Deferred."""
    response = await client.fetch(spec.url)
    return await source_of(response, spec, client, parse, now_us)


async def source_of(response: Response, spec: FeedSpec, client: Fetcher, parse: Parse, now_us: int) -> Source:
    """The feed in an answer. Raises FetchError, FeedError and Deferred."""
    if not response.is_success:
        raise FeedError(reason_of_status(response.status), f"the server answered {response.status}")
    parsed = await parse(response.body, response.headers.get("content-type"), response.final_url, spec)
    parsed = await follow_sitemaps(parsed, spec, client, parse, now_us)
    return Source(response, parsed, *entries_of(parsed, spec, now_us))
