"""What the stages need of an HTTP client."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from schemas.feed import FeedSpec
from transforms.web.chosen.secrets import Grant
from transforms.web.http.response import Response
from transforms.web.urls import origin_of


class Fetcher(Protocol):
    """A polite HTTP client: `transforms.web.politeness.polite.PoliteClient`, or a test's own."""

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        """The answer to a GET of `url`; conditional `headers` go only to `validator_url`. Raises FetchError and
        Deferred."""
        ...


class CredentialedFetcher(Fetcher, Protocol):
    """One that can prove who asks."""

    async def fetch(
        self,
        url: str,
        headers: Iterable[tuple[str, str]] = (),
        *,
        validator_url: str | None = None,
        credentials: Grant | None = None,
    ) -> Response:
        """As of `Fetcher`; `credentials` go only to their origin."""
        ...


@dataclass(frozen=True, slots=True)
class FeedFetcher:
    """A fetcher of one feed, which shows the feed's credentials to the feed's own origin, and to no other."""

    client: CredentialedFetcher
    grant: Grant

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        """See `Fetcher`."""
        return await self.client.fetch(url, headers, validator_url=validator_url, credentials=self.grant)


def fetcher_of(client: CredentialedFetcher, feed: FeedSpec) -> Fetcher:
    """What a feed is asked by."""
    if feed.credentials is None:
        return client
    return FeedFetcher(client, Grant(origin_of(feed.url), feed.credentials))


class PageFetcher(Fetcher, Protocol):
    """One that also tells what hosts state of the use of their pages."""

    def robots_usage(self, url: str) -> tuple[str, ...] | None:
        """What robots.txt of a host that was asked states of the use of `url`; None where that is not known."""
        ...
