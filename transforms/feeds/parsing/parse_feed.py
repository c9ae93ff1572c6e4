"""Parses the bytes of a feed in any format; runs in a worker process that can be killed."""

from __future__ import annotations

import re
import zlib

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.parsing.json_feed import read_json_feed
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed, well_formed_feed
from transforms.feeds.parsing.sitemap import read_sitemap
from transforms.feeds.parsing.xml_feed import read_xml_feed
from transforms.text.charset import decode_body
from transforms.web.http.response import charset_of
from transforms.web.urls import BadUrl, resolve

MAX_INFLATED_BYTES = 64 << 20

_ROOT = re.compile(
    r"<(?:[A-Za-z][\w.-]{0,40}:)?(rss|rdf|feed|channel|urlset|sitemapindex|html)[\s>]|<!doctype\s+html", re.I
)
_FEED_LINK = re.compile(r"<link\s[^<>]{0,2000}>", re.I)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json)", re.I)
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)


def parse_feed(body: bytes, content_type: str | None, base_url: str, spec: FeedSpec | None = None) -> ParsedFeed:
    """The parsed RSS, Atom or JSON feed, Google News sitemap or index of sitemaps. Pure and picklable.

    The bytes decide the format; of `content_type` (the header as sent) only the charset is used. `base_url` is the
    address that sent the body; the language and country that the feed list gives in `spec` help to read dates. The
    texts of the result are well-formed. Raises FeedError, and MemoryError where memory is limited.
    """
    return well_formed_feed(_parsed(body, content_type, base_url, spec))


def _parsed(body: bytes, content_type: str | None, base_url: str, spec: FeedSpec | None) -> ParsedFeed:
    if body[:2] == b"\x1f\x8b":
        body = _inflate(body)
    if not body.strip(b" \t\r\n\x00"):
        raise FeedError(Reason.EMPTY_BODY, "the body is empty")
    text, _ = decode_body(body, charset_of(content_type))
    start = text.lstrip("\ufeff \t\r\n\x00")
    if start.startswith("{"):
        return read_json_feed(start, base_url, spec)
    root = _ROOT.search(text)
    if root is None:
        raise FeedError(Reason.NOT_A_FEED, f"this is no feed: no feed element anywhere, it starts with {start[:60]!r}")
    name = (root[1] or "html").lower()
    if name == "html":
        raise FeedError(Reason.NOT_A_FEED, _html_message(text, base_url))
    if name in ("urlset", "sitemapindex"):
        return read_sitemap(text[root.start() :], base_url, spec)
    return read_xml_feed(text[root.start() :], base_url, spec)


def _inflate(body: bytes) -> bytes:
    """The content of a gzip file that was served without a Content-Encoding; only its first member is read."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise FeedError(Reason.BAD_FEED, f"damaged gzip data: {error}") from error


def _html_message(text: str, base_url: str) -> str:
    """The message for an HTML page, with the address of the feed that the page names, if any."""
    for link in _FEED_LINK.findall(text[:500_000]):
        href = _HREF.search(link) if _FEED_TYPE.search(link) else None
        if href:
            try:
                address = resolve(base_url, href[1] or href[2] or href[3] or "")
            except BadUrl:
                continue
            return f"this is an HTML page, not a feed; it names this feed: {address}"
    return "this is an HTML page, not a feed"
