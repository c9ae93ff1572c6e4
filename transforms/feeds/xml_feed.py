"""RSS 0.9x, 1.0, 2.0 and Atom, read by feedparser from text that is already decoded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.entities import html5
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.saxutils import escape

import feedparser

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.dates import FeedDates, habits_of_feed
from transforms.feeds.parsed import FeedError, ParsedFeed, RawEntry, site_url
from transforms.feeds.plain import MAX_CONTENT_CHARS, MAX_SUMMARY_CHARS, MAX_TITLE_CHARS, names, plain_text
from transforms.feeds.wishes import wishes_of

STANDFIRST_CHARS = 1_000
"""A description longer than this is the article itself: no standfirst is, and RSS 2.0 knows no other place for it."""

_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_WEB = ("http://", "https://")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

_BREAKS = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, AssertionError, RecursionError)
"""What feedparser's own code was seen to raise, or can, on hostile input, besides the parser's SAXException."""

_IMAGE_NAME = re.compile(r"^[^?#]*\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)", re.I)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")


def read_xml_feed(text: str, base_url: str, spec: FeedSpec | None = None) -> ParsedFeed:
    """The feed in `text`, which starts at its root element. Raises FeedError.

    The prolog stays outside: without a document type there are no entities to expand, neither external ones nor
    laughs by the billion; the named characters of HTML, which feeds use undeclared, are put in beforehand.
    """
    document = (_DECLARATION + _well_formed(text)).encode()
    try:
        # A stream, because feedparser opens a string as a file or a URL.
        result = feedparser.parse(
            BytesIO(document), response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except (*_BREAKS, SAXException) as error:
        raise FeedError(Reason.BAD_FEED, f"feedparser failed: {type(error).__name__}: {str(error)[:200]}") from error
    if not result.version and not result.entries:
        raise FeedError(Reason.BAD_FEED, f"no feed could be read: {str(result.get('bozo_exception', ''))[:200]}")
    feed = result.feed
    language = _text(feed, "language")
    dates = FeedDates(habits_of_feed(language, (base_url, _text(feed, "link") or ""), spec))
    is_atom = result.version.startswith("atom")
    wishes = wishes_of(text, _text(feed, "ttl"), _text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency"))
    return ParsedFeed(
        format=result.version or "rss",
        base_url=site_url(base_url, _text(feed, "link")),
        title=plain_text(_text(feed, "title") or "", MAX_TITLE_CHARS),
        language=language,
        ttl_s=wishes.ttl_s,
        skip_hours=wishes.skip_hours,
        skip_days=wishes.skip_days,
        entries=tuple(_entry(entry, dates, is_atom) for entry in result.entries),
    )


def _well_formed(text: str) -> str:
    text = _NOT_XML.sub("", text)
    if "&#" in text:
        text = _REFERENCE.sub(_legal_reference, text)
    return _ENTITY.sub(_named_character, text)


def _legal_reference(reference: re.Match[str]) -> str:
    digits = reference[1] or reference[2]
    code = int(digits, 16 if reference[1] else 10) if len(digits) <= 8 else 0
    legal = code <= 0x10FFFF and (code in (9, 10, 13) or code >= 32) and not _NOT_XML.match(chr(code))
    return reference[0] if legal else ""


def _named_character(entity: re.Match[str]) -> str:
    return escape(html5[entity[1]]) if entity[1] in html5 else entity[0]


def _entry(entry: Any, dates: FeedDates, is_atom: bool) -> RawEntry:
    published_us = _date(entry, "published", dates) or _date(entry, "created", dates)
    updated_us = _date(entry, "updated", dates)
    if published_us is None and not is_atom:
        # The one date of an RSS item is dc:date, the day it was written; feedparser calls it the update.
        published_us, updated_us = updated_us, None
    summary, content = _summary_and_content(entry)
    return RawEntry(
        id=_text(entry, "id"),
        link=_link(entry),
        title=_plain(entry, "title", MAX_TITLE_CHARS),
        summary=summary,
        content_html=content,
        authors=names(_authors(entry)),
        keywords=names(_text(tag, "term") or _text(tag, "label") or "" for tag in _items(entry, "tags")),
        language=_language(entry),
        image_url=_image(entry),
        published_us=published_us,
        updated_us=updated_us,
    )


def _link(entry: Any) -> str | None:
    """The article's own address before that of a counting redirect, a page before any other kind of link."""
    original = _text(entry, "feedburner_origlink") or _text(entry, "link")
    # feedparser takes a guid for the link where there is none; only an address is one, "42" is not.
    if original and (original != _text(entry, "id") or original.startswith(_WEB)):
        return original
    links = [link for link in _items(entry, "links") if _text(link, "href")]
    for relation in ("alternate", "self"):
        for link in links:
            if _text(link, "rel") == relation:
                return _text(link, "href")
    # A guid that its feed calls no permalink is one all the same when it is an address and nothing else is.
    identity = _text(entry, "id") or ""
    return identity if identity.startswith(_WEB) else None


def _summary_and_content(entry: Any) -> tuple[str | None, str | None]:
    content = max((_text(part, "value") or "" for part in _items(entry, "content")), key=len, default="")
    raw = _text(entry, "summary") or ""
    # feedparser copies the content into the summary where an entry has no summary of its own.
    summary = None if raw == content and len(raw) > STANDFIRST_CHARS else _plain(entry, "summary", MAX_SUMMARY_CHARS)
    if summary and len(summary) > STANDFIRST_CHARS and len(content) <= len(raw):
        content, summary = raw, None
    return summary, content[:MAX_CONTENT_CHARS] or None


def _plain(entry: Any, key: str, limit: int) -> str | None:
    """The value as words. Atom's ``text`` is meant to the letter; everything else may hold markup."""
    value = _text(entry, key)
    if value is None:
        return None
    detail = dict.get(entry, f"{key}_detail")
    is_text = isinstance(detail, dict) and dict.get(detail, "type") == "text/plain" and "&" not in value
    return plain_text(value.replace("<", "&lt;") if is_text else value, limit)


def _authors(entry: Any) -> Iterable[str]:
    people = [_text(person, "name") or "" for person in _items(entry, "authors")]
    return people if any(people) else [_text(entry, "author") or ""]


def _language(entry: Any) -> str | None:
    for part in (*_items(entry, "content"), dict.get(entry, "summary_detail"), dict.get(entry, "title_detail")):
        language = _text(part, "language")
        if language:
            return language
    return None


def _image(entry: Any) -> str | None:
    """The largest picture of Media RSS, else an enclosed one, else a thumbnail, else the item's own image."""
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
    # Neither is said: the name tells.
    return bool(_IMAGE_NAME.search(_text(media, "url") or _text(media, "href") or ""))


def _width(media: Any) -> int:
    width = _text(media, "width") or ""
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _date(entry: Any, key: str, dates: FeedDates) -> int | None:
    # Not feedparser's own reading, which takes "2026/03/03" for the first of this month and leaves out zones and PM.
    return dates.read(_text(entry, key))


def _text(node: Any, key: str) -> str | None:
    # dict.get, because feedparser's own answers `updated` with `published` and a warning.
    value = dict.get(node, key) if isinstance(node, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def _items(node: Any, key: str) -> list[Any]:
    value = dict.get(node, key)
    return value if isinstance(value, list) else []
