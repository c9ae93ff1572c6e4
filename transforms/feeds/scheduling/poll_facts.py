"""Reads from the head of an answer what decides on the feed's next poll."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.failure import Reason
from transforms.feeds.scheduling.freshness import fresh_s
from transforms.web.errors import reason_of_status
from transforms.web.http.response import Response

_PERMANENT = (301, 308)
_LIMIT_HEADERS = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")


@dataclass(frozen=True, slots=True)
class PollFacts:
    """The facts of a poll. Without a `reason` it succeeded: `status` is 304, or the entries of a body were read.

    `conditional` says whether validators were sent. `etag` and `last_modified` are the answer's headers as latin-1
    text, `fresh_s` is how long the server calls the answer fresh, `retry_after_s` a wait that it asked for.
    `hub_url` is who tells of news, of the `topic_url` (WebSub), None if nobody does.
    `permanent_url` is the address to which permanent redirects led; `is_final` is False if a temporary redirect was
    among the hops. `ttl_s`, `skip_hours` and `skip_days` are the feed's own wishes, `listing` is what it lists.
    """

    status: int | None
    reason: Reason | None = None
    conditional: bool = False
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fresh_s: int | None = None
    retry_after_s: float | None = None
    permanent_url: str | None = None
    is_final: bool = True
    ttl_s: int | None = None
    skip_hours: int = 0
    skip_days: int = 0
    listing: bytes | None = None
    hub_url: str | None = None
    topic_url: str | None = None


def facts_of(response: Response, conditional: bool) -> PollFacts:
    """The facts in an answer's head; the caller adds the facts in the feed itself."""
    statuses = [status for status, _ in response.redirects]
    permanent = next((n for n, status in enumerate(statuses) if status not in _PERMANENT), len(statuses))
    places = [*(url for _, url in response.redirects), response.final_url]
    return PollFacts(
        status=response.status,
        conditional=conditional,
        final_url=response.final_url,
        etag=response.headers.get("etag") or None,
        last_modified=response.headers.get("last-modified") or None,
        fresh_s=fresh_s(response),
        retry_after_s=response.retry_after_s,
        permanent_url=places[permanent] if permanent else None,
        is_final=permanent == len(statuses),
    )


def refusal_of(response: Response) -> Reason:
    """The reason for an answer that is no success. A 403 with a Retry-After, or a used-up quota, is a rate limit."""
    if response.status == 403:
        is_spent = any((response.headers.get(name) or "").strip() == "0" for name in _LIMIT_HEADERS)
        if is_spent or response.retry_after_s is not None:
            return Reason.RATE_LIMITED
    return reason_of_status(response.status)
