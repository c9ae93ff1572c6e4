"""The answer of a publisher's site to a path at an instant: a pure function of the press."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from newsroom.feeds import CONTENT_TYPES, feed_entries, render_feed, render_sitemap
from newsroom.pages import nav, render_article, render_list
from newsroom.press import Press
from newsroom.publishers import FeedPlan, Publisher, publishers

SITEMAP_PATH = "/news-sitemap.xml"


@dataclass(frozen=True, slots=True)
class Content:
    """An answer: status, headers and body. `gzip` says that the site compresses it for clients that accept gzip."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    gzip: bool = False


class Sites:
    """All publishers' sites on one port. Keeps no state but the press, so the same request has the same answer."""

    def __init__(self, press: Press, port: int) -> None:
        self._press = press
        self._port = port
        self._publishers = {publisher.address: publisher for publisher in publishers()}
        self._items = {(item.publisher.address, item.path): item for item in press.items}
        self._moved = {
            (item.publisher.address, item.story.moved_from): item for item in press.items if item.story.moved_from
        }

    def answer(self, address: str, path_and_query: str, headers: Mapping[str, str], now_us: int) -> Content:
        """The answer to a GET. `headers` are by lower-case name; only the conditional ones count."""
        publisher = self._publishers[address]
        path = path_and_query.partition("?")[0]
        content = self._feed(publisher, path, headers, now_us) or self._page(publisher, path, now_us)
        return content or self._small(publisher, path, now_us) or self._missing(publisher, 404)

    def _feed(self, publisher: Publisher, path: str, headers: Mapping[str, str], now_us: int) -> Content | None:
        feed = next((feed for feed in publisher.feeds if feed.path == path), None)
        if feed is None:
            return None
        entries = feed_entries(self._press, publisher, feed, self._port, now_us)
        body = render_feed(publisher, feed, self._port, entries).encode(
            "utf-8" if feed.format == "json" else publisher.charset, "xmlcharrefreplace"
        )
        changed_s = max((entry.updated_us for entry in entries), default=self._press.start_us) // 1_000_000
        etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        validators = _validators(feed, etag, changed_s)
        if _not_modified(feed, headers, etag, changed_s):
            return Content(304, validators, b"")
        kind = ("Content-Type", CONTENT_TYPES[feed.format])
        return Content(200, (kind, *validators), body, publisher.gzip)

    def _page(self, publisher: Publisher, path: str, now_us: int) -> Content | None:
        moved = self._moved.get((publisher.address, path))
        if moved is not None and moved.published_us <= now_us:
            return Content(301, (("Location", moved.canonical_url(self._port)),), b"")
        item = self._items.get((publisher.address, path))
        if item is not None and item.published_us <= now_us:
            return _html(publisher, render_article(self._press, item, self._port, now_us))
        if path == "/":
            return _html(publisher, render_list(self._press, publisher, None, now_us))
        if path.startswith("/section/") and path[9:].isdigit() and 1 <= int(path[9:]) <= len(publisher.sections):
            section = publisher.sections[int(path[9:]) - 1]
            return _html(publisher, render_list(self._press, publisher, section, now_us))
        return None

    def _small(self, publisher: Publisher, path: str, now_us: int) -> Content | None:
        """robots.txt, the sitemap, pictures, the page at a bad feed's address, and strays; None for other paths."""
        if path == "/robots.txt" and publisher.robots is not None:
            sitemap = f"\nSitemap: {publisher.base(self._port)}{SITEMAP_PATH}\n" if publisher.sitemap else ""
            return Content(200, (("Content-Type", "text/plain"),), (publisher.robots + sitemap).encode())
        if path == SITEMAP_PATH and publisher.sitemap:
            text = render_sitemap(publisher, self._port, self._press.visible(publisher, now_us))
            return Content(200, (("Content-Type", CONTENT_TYPES["sitemap"]),), text.encode())
        if path.startswith("/media/") and path.endswith(".svg"):
            return Content(200, (("Content-Type", "image/svg+xml"),), _PICTURE)
        if any(bad.path == path and bad.kind == "html" for bad in publisher.bad_feeds):
            return _html(publisher, render_list(self._press, publisher, None, self._press.start_us))
        stray = next((stray for stray in publisher.strays if stray.path == path), None)
        if stray is None or stray.outcome == "not_found":
            return None
        if stray.outcome == "gone":
            return self._missing(publisher, 410)
        if stray.outcome == "not_html":
            return Content(200, (("Content-Type", "application/pdf"),), _PDF)
        return _html(publisher, render_list(self._press, publisher, None, self._press.start_us))

    def _missing(self, publisher: Publisher, status: int) -> Content:
        text = publisher.template("missing").substitute(
            language=publisher.language, name=publisher.name, status=str(status), nav=nav(publisher)
        )
        return _html(publisher, text, status)


def _html(publisher: Publisher, text: str, status: int = 200) -> Content:
    declared = f"; charset={publisher.charset}" if "http" in publisher.charset_in else ""
    body = text.encode(publisher.charset, "xmlcharrefreplace")
    return Content(status, (("Content-Type", f"text/html{declared}"),), body, publisher.gzip)


def _validators(feed: FeedPlan, etag: str, changed_s: int) -> tuple[tuple[str, str], ...]:
    sent = []
    if feed.validators in ("both", "etag"):
        sent.append(("ETag", etag))
    if feed.validators in ("both", "modified"):
        sent.append(("Last-Modified", formatdate(changed_s, usegmt=True)))
    return tuple(sent)


def _not_modified(feed: FeedPlan, headers: Mapping[str, str], etag: str, changed_s: int) -> bool:
    """Whether the answer is 304. If-None-Match alone decides if it is given and supported (RFC 9110, 13.2.2)."""
    match, since = headers.get("if-none-match"), headers.get("if-modified-since")
    if match is not None and feed.validators in ("both", "etag"):
        return etag in (part.strip().removeprefix("W/") for part in match.split(","))
    if since is None or feed.validators not in ("both", "modified"):
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= changed_s
    except ValueError:
        return False


_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">'
    b'<rect width="640" height="360" fill="#cfd8dc"/><path d="M0 300 170 150 290 250 430 110 640 300V360H0Z" '
    b'fill="#78909c"/><circle cx="520" cy="80" r="36" fill="#fff3c4"/></svg>'
)

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
