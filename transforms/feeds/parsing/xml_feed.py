"""Reads RSS 0.9x, 1.0, 2.0 and Atom with feedparser, from text that is already decoded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any
from xml.sax import SAXException

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.parsing.feed_reader import read_feed
from transforms.feeds.parsing.fields.entry_dates import entry_dates
from transforms.feeds.parsing.fields.entry_usage import FeedUsage
from transforms.feeds.parsing.fields.feed_dates import FeedDates, habits_of_feed
from transforms.feeds.parsing.fields.plain import (
    MAX_CONTENT_CHARS,
    MAX_SUMMARY_CHARS,
    MAX_TITLE_CHARS,
    html_of_text,
    names,
    one_line,
    plain_text,
    plain_title,
)
from transforms.feeds.parsing.fields.xml_text import mended_xml
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed, RawEntry, site_url
from transforms.feeds.scheduling.wishes import wishes_of

STANDFIRST_CHARS = 1_000
"""A longer description is the article itself: no standfirst is so long, and RSS 2.0 has no other place for content."""

_WEB = ("http://", "https://")

_READ_ERRORS = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, AssertionError, RecursionError)
"""Exceptions that feedparser's code raises, or can raise, on hostile input, besides the parser's SAXException."""

_SUMMARIES = ("summary", "itunes_summary", "dc_description")
"""The elements that may hold a summary; the first that an entry has is used."""

_MOST_HUBS = 8

_IMAGE_NAME = re.compile(r"^[^?#]*\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)", re.I)


def read_xml_feed(text: str, base_url: str, spec: FeedSpec | None = None) -> ParsedFeed:
    """The feed in `text`, which starts at its root element. Raises FeedError.

    Without the prolog there is no document type, and so no entities to expand, neither external ones nor a "billion
    laughs". HTML's named characters, which feeds use undeclared, are replaced before parsing.
    """
    try:
        reader, problem = read_feed(mended_xml(text))
    except (*_READ_ERRORS, SAXException) as error:
        raise FeedError(Reason.BAD_FEED, f"feedparser failed: {type(error).__name__}: {str(error)[:200]}") from error
    if not reader.version and not reader.entries:
        raise FeedError(Reason.BAD_FEED, f"no feed could be read: {str(problem or '')[:200]}")
    feed = reader.feeddata
    language = _text(feed, "language")
    dates = FeedDates(habits_of_feed(language, (base_url, _text(feed, "link") or ""), spec))
    is_atom = reader.version.startswith("atom")
    authors = _names_of(feed) if is_atom else ()
    usage = FeedUsage(feed)
    wishes = wishes_of(text, _text(feed, "ttl"), _text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency"))
    return ParsedFeed(
        format=reader.version or "rss",
        base_url=site_url(base_url, _text(feed, "link")),
        title=_title(feed, is_atom),
        language=language,
        ttl_s=wishes.ttl_s,
        skip_hours=wishes.skip_hours,
        skip_days=wishes.skip_days,
        entries=tuple(_entry(entry, dates, is_atom, authors, usage) for entry in reader.entries),
        hubs=_linked(feed, "hub"),
        self_url=next(iter(_linked(feed, "self")), None),
    )


def _linked(feed: Any, relation: str) -> tuple[str, ...]:
    """The addresses that the feed links to by a relation, of Atom's links, which RSS feeds have too."""
    links = (link for link in _items(feed, "links") if (_text(link, "rel") or "").lower() == relation)
    return tuple(address for link in links if (address := _text(link, "href")))[:_MOST_HUBS]


def _entry(entry: Any, dates: FeedDates, is_atom: bool, feed_authors: tuple[str, ...], usage: FeedUsage) -> RawEntry:
    # Not feedparser's own dates: it reads "2026/03/03" as the first of this month, and ignores zones and PM.
    dated = entry_dates(partial(_text, entry), dates.read)
    summary, content = _summary_and_content(entry)
    link = _link(entry)
    return RawEntry(
        id=_text(entry, "id"),
        link=link,
        title=_title(entry, is_atom),
        summary=summary,
        content_html=content,
        authors=names(_authors(entry)) or (_names_of(dict.get(entry, "source")) if is_atom else ()) or feed_authors,
        keywords=names(_text(tag, "term") or _text(tag, "label") or "" for tag in _items(entry, "tags")),
        language=_language(entry),
        image_url=_image(entry),
        published_us=dated.published_us,
        updated_us=dated.updated_us,
        usage=usage.of(entry, link or ""),
    )


def _link(entry: Any) -> str | None:
    """The address of an entry's article: the original before a counting redirect, a page before other links."""
    original = _text(entry, "feedburner_origlink") or _text(entry, "link")
    # Without a link feedparser uses the guid, which is a link only if it is an address: "42" is not.
    if original and (original != _text(entry, "id") or original.startswith(_WEB)):
        return original
    links = [link for link in _items(entry, "links") if _text(link, "href")]
    for relation in ("alternate", "self"):
        for link in links:
            if _text(link, "rel") == relation:
                return _text(link, "href")
    # A guid that the feed declares to be no permalink is used if it is an address and there is no other.
    identity = _text(entry, "id") or ""
    return identity if identity.startswith(_WEB) else None


def _summary_and_content(entry: Any) -> tuple[str | None, str | None]:
    content = max((_html(part) for part in _items(entry, "content")), key=len, default="")
    source = next((key for key in _SUMMARIES if _text(entry, key)), "summary")
    raw = _text(entry, source) or ""
    # If an entry has no summary, feedparser copies the content into it.
    is_copy = any(raw == _text(part, "value") for part in _items(entry, "content"))
    summary = None if is_copy and len(raw) > STANDFIRST_CHARS else _summary(entry, source)
    if summary and len(summary) > STANDFIRST_CHARS and len(content) <= len(raw):
        content, summary = html_of_text(raw) if _is_text(entry, source) else raw, None
    return summary, content[:MAX_CONTENT_CHARS] or None


def _html(part: Any) -> str:
    """A piece of content as HTML."""
    value = _text(part, "value") or ""
    return html_of_text(value) if _text(part, "type") == "text/plain" and "<" not in value else value


def _title(node: Any, is_atom: bool) -> str | None:
    """The title as plain text. Atom's type ``text`` is literal; every other title may hold markup."""
    value = _text(node, "title") or ""
    is_text = is_atom and _is_text(node, "title")
    return one_line(value, MAX_TITLE_CHARS) if is_text else plain_title(value, MAX_TITLE_CHARS)


def _summary(entry: Any, key: str) -> str | None:
    value = _text(entry, key)
    if value is None:
        return None
    # A summary of type text, which is the default, may hold character references all the same.
    is_text = _is_text(entry, key) and "&" not in value
    return one_line(value, MAX_SUMMARY_CHARS) if is_text else plain_text(value, MAX_SUMMARY_CHARS)


def _is_text(node: Any, key: str) -> bool:
    detail = dict.get(node, f"{key}_detail")
    return isinstance(detail, dict) and dict.get(detail, "type") == "text/plain"


def _authors(entry: Any) -> Iterable[str]:
    people = _names_of(entry)
    return people if people else [_text(entry, "author") or ""]


def _names_of(node: Any) -> tuple[str, ...]:
    """The authors of a feed, an entry, or the source feed of an entry (RFC 4287, 4.2.1 and 4.2.11)."""
    return names(_text(person, "name") or "" for person in _items(node, "authors"))


def _language(entry: Any) -> str | None:
    for part in (*_items(entry, "content"), dict.get(entry, "summary_detail"), dict.get(entry, "title_detail")):
        language = _text(part, "language")
        if language:
            return language
    return None


def _image(entry: Any) -> str | None:
    """The image of an entry: the widest of Media RSS, else an enclosure, else a thumbnail, else the item's own."""
    pictures = [media for media in _items(entry, "media_content") if _is_image(media) and _text(media, "url")]
    if pictures:
        return _text(max(pictures, key=_width), "url")
    for link in _items(entry, "links"):
        if _text(link, "rel") == "enclosure" and _is_image(link) and _text(link, "href"):
            return _text(link, "href")
    for thumbnail in _items(entry, "media_thumbnail"):
        if _text(thumbnail, "url"):
            return _text(thumbnail, "url")
    return _text(dict.get(entry, "image"), "href")


def _is_image(media: Any) -> bool:
    medium, kind = _text(media, "medium"), _text(media, "type")
    if medium or kind:
        return medium == "image" or (kind or "").startswith("image/")
    # Neither is given: the file's name decides.
    return bool(_IMAGE_NAME.search(_text(media, "url") or _text(media, "href") or ""))


def _width(media: Any) -> int:
    width = _text(media, "width") or ""
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _text(node: Any, key: str) -> str | None:
    # dict.get, because feedparser's own `get` returns `published` for `updated`, with a warning.
    value = dict.get(node, key) if isinstance(node, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def _items(node: Any, key: str) -> list[Any]:
    value = dict.get(node, key) if isinstance(node, dict) else None
    return value if isinstance(value, list) else []
