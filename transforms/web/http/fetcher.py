"""What the stages need of an HTTP client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from transforms.web.http.response import Response


class Fetcher(Protocol):
    """A polite HTTP client: `transforms.web.politeness.polite.PoliteClient`, or a test's own."""

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        """The answer to a GET of `url`; conditional `headers` go only to `validator_url`. Raises FetchError and
        Deferred."""
        ...


class PageFetcher(Fetcher, Protocol):
    """One that also tells what hosts state of the use of their pages."""

    def robots_usage(self, url: str) -> tuple[str, ...] | None:
        """What robots.txt of a host that was asked states of the use of `url`; None where that is not known."""
        ...
