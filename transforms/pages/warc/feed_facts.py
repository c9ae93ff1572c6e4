"""What a feed said of a page, as `newsbeam export` writes it: a JSON object of our own columns in a metadata record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from schemas.feed import FeedEntry
from transforms.pages.warc.records import Record
from transforms.web.urls import BadUrl, host_of, url_key
from transforms.web.usage.statements import StatementSource

_TEXTS: Final = ("title", "summary", "content_html", "language", "image_url")
_LISTS: Final = ("authors", "keywords")
_INSTANTS: Final = ("published", "updated")


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of a page beside its answer: its entry and, by our own export, more columns of `pages`.

    `is_ours` says that a metadata record states it. An export leaves out what it does not know, and says so of status
    line and headers, which the record must have all the same.
    """

    entry: FeedEntry
    is_ours: bool = False
    final_url: str | None = None
    elapsed_ms: int | None = None
    knows_status_line: bool = True
    knows_headers: bool = True
    robots_usage: tuple[str, ...] | None = None


def nothing_stated(url: str) -> Stated:
    """Of a page that no feed is known to have listed. Raises BadUrl."""
    return Stated(FeedEntry(feed_url="", entry_id=url, url=url, url_key=url_key(url)))


def stated_before(record: Record | None, response: Record) -> Stated | None:
    """What a metadata record right before a response states of it; None where it states nothing.

    It must name the response in ``WARC-Concurrent-To``, or have its address. Values of other types than the columns'
    are left out: a stranger may have written them.
    """
    if record is None or record.kind != "metadata":
        return None
    if record.uri != response.uri and (not record.concurrent_to or record.concurrent_to != response.record_id):
        return None
    if not record.block.lstrip().startswith(b"{"):
        return None
    try:
        given = json.loads(record.block)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not isinstance(given.get("feed_url"), str):
        return None
    url = given.get("url")
    try:
        entry = _entry(url if isinstance(url, str) else response.uri, given)
    except BadUrl:
        return None
    elapsed_ms = given.get("elapsed_ms")
    return Stated(
        entry,
        is_ours=True,
        final_url=_address(given.get("final_url")),
        elapsed_ms=elapsed_ms if isinstance(elapsed_ms, int) and 0 <= elapsed_ms < 1 << 53 else None,
        knows_status_line="status_line" not in given,
        knows_headers="response_headers" not in given,
        robots_usage=_usage(StatementSource.ROBOTS, given.get("robots_usage")),
    )


def _entry(url: str, given: Mapping[str, Any]) -> FeedEntry:
    said: dict[str, Any] = {name: _text(given.get(f"entry_{name}")) for name in _TEXTS}
    said |= {name: _texts(given.get(f"entry_{name}")) for name in _LISTS}
    said |= {f"{name}_us": _instant_us(given.get(f"entry_{name}")) for name in _INSTANTS}
    return FeedEntry(
        feed_url=given["feed_url"],
        entry_id=_text(given.get("entry_id")) or url,
        url=url,
        url_key=url_key(url),
        feed_title=_text(given.get("feed_title")),
        feed_country=_text(given.get("feed_country")),
        feed_tags=_texts(given.get("feed_tags")),
        usage=_usage(StatementSource.FEED, given.get("entry_usage")) or (),
        **said,
    )


def _address(value: object) -> str | None:
    text = _text(value)
    try:
        return text if text and host_of(text) else None
    except BadUrl:
        return None


def _text(value: object) -> str | None:
    return value.encode(errors="replace").decode() if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()


def _usage(source: StatementSource, value: object) -> tuple[str, ...] | None:
    """The statements of a source; None where there is no list."""
    return tuple(filter(source.said, _texts(value))) if isinstance(value, list) else None


def _instant_us(value: object) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
