"""Checks whether a feed is worth polling, and how well it can be polled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.feed import FeedSpec
from transforms.common.clock import DAY_US
from transforms.feeds.lists.read_source import Source, read_source
from transforms.feeds.parsing.parsed import FeedError, Parse
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.fetcher import CredentialedFetcher, Fetcher, fetcher_of
from transforms.web.http.response import Response

STALE_US = 90 * DAY_US
"""A newspaper's feed without news for a quarter is one that nobody looks after."""

Conditional = Literal["304", "ignored", "none", "unknown"]
"""How a server treats conditional requests: it answers 304; sends the whole body; gives no validators; unknown."""


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """The state of one feed now. `reason` is set if there is no feed to poll; `problems` are messages for people."""

    url: str
    title: str | None = None
    format: str | None = None
    language: str | None = None
    entries: int = 0
    newest_us: int | None = None
    conditional: Conditional = "unknown"
    reason: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether there is no feed to poll."""
        return self.reason is not None


async def check_feed(spec: FeedSpec, client: CredentialedFetcher, parse: Parse, now_us: int) -> FeedCheck:
    """A feed asked for once, and once more with its validators where it sends any. Expected failures are results."""
    asking = fetcher_of(client, spec)
    try:
        source = await read_source(spec, asking, parse, now_us)
    except (FetchError, FeedError) as error:
        return FeedCheck(spec.url, spec.title, reason=str(error.reason), problems=(error.message,))
    except Deferred as deferred:
        return FeedCheck(spec.url, spec.title, reason="deferred", problems=(str(deferred),))
    conditional = await _conditional(spec, asking, source.response)
    problems = [*_problems(source, now_us)]
    if conditional == "ignored":
        problems.append("sends the whole feed to conditional requests")
    return FeedCheck(
        url=spec.url,
        title=spec.title or source.parsed.title,
        format=source.parsed.format,
        language=source.parsed.language or spec.language,
        entries=len(source.entries) + len(source.problems),
        newest_us=source.newest_us,
        conditional=conditional,
        problems=tuple(problems),
    )


async def _conditional(spec: FeedSpec, client: Fetcher, first: Response) -> Conditional:
    sent = (("If-None-Match", first.headers.get("etag")), ("If-Modified-Since", first.headers.get("last-modified")))
    headers = tuple((name, value) for name, value in sent if value is not None)
    if not headers:
        return "none"
    try:
        second = await client.fetch(spec.url, headers, validator_url=first.final_url)
    except (FetchError, Deferred):
        return "unknown"
    if second.status == 304:
        return "304"
    # A changed body may hold news that came in between; other answers prove nothing.
    return "ignored" if second.status == 200 and second.body == first.body else "unknown"


def _problems(source: Source, now_us: int) -> list[str]:
    problems = []
    if source.response.has_moved:
        problems.append(f"moved for good to {source.response.final_url}")
    if not source.entries and not source.problems:
        problems.append("no entries")
    if source.problems:
        problems.append(f"{len(source.problems)} without a usable link")
    undated = sum(entry.published_us is None and entry.updated_us is None for entry in source.entries)
    if undated:
        problems.append(f"{undated} without a date")
    if source.newest_us is not None and now_us - source.newest_us > STALE_US:
        problems.append(f"no news for {(now_us - source.newest_us) // DAY_US} days")
    return problems
