"""Checks the answer to an entry's request and makes a Page of it."""

from __future__ import annotations

from schemas.failure import Reason
from schemas.feed import SAID, FeedEntry
from schemas.page import Header, Page
from transforms.pages.sniff import sniff_other
from transforms.web.errors import FetchError, Phase, reason_of_status
from transforms.web.http.response import Response

ACCEPT = ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
"""The header of requests for pages."""

KEPT_HEADERS = (
    "content-type",
    "content-language",
    "date",
    "last-modified",
    "etag",
    "link",
    "x-robots-tag",
    "tdm-reservation",
    "tdm-policy",
    "content-usage",
)
"""Headers that later stages or readers of the lake may need: language, dates, canonical link, usage directives."""


def check_page(response: Response) -> None:
    """Raise FetchError unless the answer holds an HTML page, judged by its bytes and not by its Content-Type."""
    status = response.status
    if status != 200:
        raise FetchError(
            reason_of_status(status), f"status {status}", status, response.retry_after_s, phase=Phase.ANSWER
        )
    if not response.body.strip():
        raise FetchError(Reason.EMPTY_BODY, "no bytes but blanks", status, phase=Phase.ANSWER)
    other = sniff_other(response.body)
    if other is not None:
        label = response.content_type or "nothing"
        raise FetchError(Reason.NOT_HTML, f"content is {other}, labelled {label}", status, phase=Phase.ANSWER)


def page_from(
    entry: FeedEntry, response: Response, fetched_at_us: int, run_id: str, robots_usage: tuple[str, ...] | None = None
) -> Page:
    """The page of `entry`: the answer's bytes and facts, what the feed said of it, and what robots.txt states of its
    use, if that is known."""
    head = response.head
    return Page(
        url=entry.url,
        url_key=entry.url_key,
        final_url=response.final_url,
        status=response.status,
        content_type=response.content_type,
        charset=response.charset,
        headers=tuple(
            Header(name, _storable(value)) for name in KEPT_HEADERS for value in response.headers.getall(name, ())
        ),
        body=response.body,
        fetched_at_us=fetched_at_us,
        run_id=run_id,
        feed_url=entry.feed_url,
        feed_title=entry.feed_title,
        entry_id=entry.entry_id,
        **{f"entry_{name}": getattr(entry, name) for name in SAID},
        elapsed_ms=response.elapsed_ms,
        ip_address=head.ip_address,
        status_line=head.status_line,
        response_headers=tuple(Header(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.fields),
        robots_usage=robots_usage,
        feed_country=entry.feed_country,
        feed_tags=entry.feed_tags,
    )


def _storable(value: str) -> str:
    """Header text as its sender most likely meant it: its bytes decoded as UTF-8 if they are UTF-8, else as latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
