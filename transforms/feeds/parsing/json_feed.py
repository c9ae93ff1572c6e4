"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/); a value of a wrong type is ignored."""

from __future__ import annotations

import json
from typing import Any

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.parsing.fields.feed_dates import FeedDates, habits_of_feed
from transforms.feeds.parsing.fields.plain import (
    MAX_CONTENT_CHARS,
    MAX_SUMMARY_CHARS,
    MAX_TITLE_CHARS,
    html_of_text,
    names,
    one_line,
)
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed, RawEntry, site_url
from transforms.feeds.parsing.xml_feed import STANDFIRST_CHARS

_MOST_HUBS = 8


def read_json_feed(text: str, base_url: str, spec: FeedSpec | None = None) -> ParsedFeed:
    """The JSON Feed in `text`. Raises FeedError."""
    try:
        # Numbers are kept as text: an id of 1e3 is not 1000.0, and a million digits must not become an integer.
        document = json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise FeedError(Reason.BAD_FEED, f"unreadable JSON: {type(error).__name__}: {str(error)[:200]}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedError(Reason.NOT_A_FEED, "this is JSON, but no JSON Feed: it has no list of items")
    version = _text(document, "version") or ""
    if "jsonfeed.org" not in version:
        raise FeedError(Reason.NOT_A_FEED, "this is JSON, but its version names no JSON Feed")
    language = _text(document, "language")
    dates = FeedDates(habits_of_feed(language, (base_url, _text(document, "home_page_url") or ""), spec))
    return ParsedFeed(
        format="json11" if version.endswith("1.1") else "json1",
        base_url=site_url(base_url, _text(document, "home_page_url")),
        title=one_line(_text(document, "title") or "", MAX_TITLE_CHARS),
        language=language,
        entries=tuple(_entry(item, document, dates) for item in document["items"]),
        hubs=_hubs(document),
        self_url=_text(document, "feed_url"),
    )


def _hubs(document: dict[str, Any]) -> tuple[str, ...]:
    hubs = [hub for hub in _list(document, "hubs")[:_MOST_HUBS] if isinstance(hub, dict)]
    is_websub = ("websub", "pubsubhubbub")
    return tuple(url for hub in hubs if (_text(hub, "type") or "").lower() in is_websub and (url := _text(hub, "url")))


def _entry(item: Any, document: dict[str, Any], dates: FeedDates) -> RawEntry:
    if not isinstance(item, dict):
        return RawEntry()  # counts as an entry without a page
    identity = _text(item, "id")
    address = identity if identity and identity.startswith(("http://", "https://")) else None
    text = _text(item, "content_text") or ""
    summary = _text(item, "summary") or (text if len(text) <= STANDFIRST_CHARS else "")
    content = _text(item, "content_html") or html_of_text(text)
    return RawEntry(
        id=identity,
        # A link blog has the article that it points to in external_url, its own page in url.
        link=_text(item, "url") or _text(item, "external_url") or address,
        title=one_line(_text(item, "title") or "", MAX_TITLE_CHARS),
        summary=one_line(summary, MAX_SUMMARY_CHARS),
        content_html=content[:MAX_CONTENT_CHARS] or None,
        authors=_authors(item) or _authors(document),
        keywords=names(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        language=_text(item, "language"),
        image_url=_text(item, "image") or _text(item, "banner_image") or _attached_image(item),
        published_us=dates.read(_text(item, "date_published")),
        updated_us=dates.read(_text(item, "date_modified")),
    )


def _authors(node: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(node, "authors"), node.get("author")]  # a list in 1.1, one object in 1.0
    return names(_text(person, "name") or "" for person in people if isinstance(person, dict))


def _attached_image(item: dict[str, Any]) -> str | None:
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict) and (_text(attachment, "mime_type") or "").startswith("image/"):
            return _text(attachment, "url")
    return None


def _text(node: dict[str, Any], key: str) -> str | None:
    value = node.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _list(node: dict[str, Any], key: str) -> list[Any]:
    value = node.get(key)
    return value if isinstance(value, list) else []
