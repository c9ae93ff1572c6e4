"""Folders of pages with gold texts (``html/<id>[.html.gz]`` and ``ground-truth.json``), and a server for them."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import quote, unquote

from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.text.scripts import UNSPACED, letters
from transforms.web.urls import BadUrl, parse_url, registrable_domain, url_key

SHINGLE_WORDS = 4
_TOKEN = re.compile(rf"[{letters(UNSPACED)}]|(?:(?![{letters(UNSPACED)}])\w)+")
_DIGITS_AND_AFTER = re.compile(r"_?\d.*")
_HOSTS = 8
_NO_NAME = re.compile(r"[^a-zA-Z0-9]+")
_CANONICAL = re.compile(rb"""<link[^>]{0,200}rel=["']?canonical["']?[^>]{0,200}href=["']?(https?://[^"'\s>]+)""", re.I)

FETCHED_AT_US = 1_798_761_600_000_000
"""2027-01-01: later than the pages of any set."""


@dataclass(frozen=True)
class PageSet:
    """A folder of pages with gold texts."""

    folder: Path

    @cached_property
    def gold(self) -> Mapping[str, str]:
        """The gold text of each page, by id."""
        return {page_id: row["articleBody"] for page_id, row in self.rows.items()}

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The gold data of each page, by id."""
        return dict(json.loads((self.folder / "ground-truth.json").read_text()))

    def site(self, page_id: str) -> str:
        """The site of a page: its address's domain, its publisher, or the beginning of its id ("de__Paper_2024_…")."""
        row = self.rows[page_id]
        stated = _usable(row.get("url"))
        if stated is not None:
            return registrable_domain(stated)
        return str(row.get("publisher") or _DIGITS_AND_AFTER.sub("", page_id))

    @cached_property
    def bodies(self) -> Mapping[str, bytes]:
        """The bytes of each page, by id."""
        return {page_id: self.body(page_id) for page_id in self.gold}

    def body(self, page_id: str) -> bytes:
        """The bytes of one page."""
        return gzip.decompress(self._path(page_id).read_bytes())

    def _path(self, page_id: str) -> Path:
        exact = self.folder / "html" / page_id
        return exact if exact.is_file() else exact.with_name(f"{page_id}.html.gz")


def words_of(text: str) -> list[str]:
    """The words of a text, case kept; each sign of a script without spaces is one."""
    return _TOKEN.findall(text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The multiset of a text's 4-word shingles; a shorter text is one shingle."""
    words = words_of(text)
    return Counter(tuple(words[n : n + SHINGLE_WORDS]) for n in range(max(1, len(words) - SHINGLE_WORDS + 1)) if words)


def shingle_scores(gold: Mapping[str, str], predicted: Mapping[str, str]) -> tuple[float, float, float]:
    """F1, precision and recall of 4-word shingles, averaged over pages as the field's benchmarks do.

    F1 is that of the two averages. A page without a predicted text counts for no precision, one without a gold text for
    no recall.
    """
    precisions, recalls = [], []
    for page_id, text in gold.items():
        truth, guess = shingles(text), shingles(predicted.get(page_id, ""))
        common = (truth & guess).total()
        if guess:
            precisions.append(common / guess.total())
        if truth:
            recalls.append(common / truth.total())
    precision, recall = mean(precisions), mean(recalls)
    return 2 * precision * recall / (precision + recall), precision, recall


def shingle_f1(gold: Mapping[str, str], predicted: Mapping[str, str]) -> float:
    """Only the F1 of `shingle_scores`."""
    return shingle_scores(gold, predicted)[0]


def page_f1(gold: str, predicted: str) -> float:
    """F1 of one page's 4-word shingles; 1 if both texts are empty."""
    truth, guess = shingles(gold), shingles(predicted)
    both = truth.total() + guess.total()
    return 2 * (truth & guess).total() / both if both else 1.0


def address(pages: PageSet, page_id: str) -> str:
    """The address of a page: from the gold data, else the page's canonical link, else one made up for its site, which
    tells nothing of the page."""
    match = _CANONICAL.search(pages.bodies[page_id])
    stated = pages.rows[page_id].get("url"), match[1].decode("utf-8", "replace") if match else None
    found = next((url for one in stated if (url := _usable(one)) is not None), None)
    if found is not None:
        return found
    site = _NO_NAME.sub("-", pages.site(page_id)).strip("-").lower() or "site"
    return f"https://{site}.example/{blake2b(page_id.encode(), digest_size=6).hexdigest()}"


def _usable(url: object) -> str | None:
    """A stated address, with a scheme; None for what is none."""
    text = str(url or "").strip()
    text = text if "://" in text or not text else f"https://{text}"
    try:
        return text if text and parse_url(text) else None
    except BadUrl:
        return None


def page_of(url: str, body: bytes) -> Page:
    """A page as if just fetched, from a feed that says nothing about it."""
    entry = FeedEntry(feed_url=url, entry_id=url, url=url, url_key=url_key(url))
    return Page(
        url=entry.url, url_key=entry.url_key, final_url=url, status=200, content_type="text/html", charset=None,
        headers=(), body=body, fetched_at_us=FETCHED_AT_US, run_id="benchmark", feed_url=entry.feed_url,
        feed_title=None, entry_id=entry.entry_id, entry_title=None, entry_summary=None, entry_content_html=None,
        entry_authors=(), entry_keywords=(), entry_language=None, entry_image_url=None, entry_published_us=None,
        entry_updated_us=None,
    )  # fmt: skip


@contextmanager
def served(pages: Mapping[str, bytes]) -> Iterator[list[str]]:
    """RSS feeds on several loopback hosts, and the pages they list, while the block runs. Gives the feeds' URLs."""
    names = sorted(pages)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            name = unquote(self.path.removeprefix("/page/"))
            if self.path == "/feed.xml":
                number = int(host.rsplit(".", 1)[1]) - 1
                self._send(200, "application/rss+xml", _feed(host, port, names[number::_HOSTS]))
            elif name in pages:
                self._send(200, "text/html", pages[name])
            else:
                self._send(404, "text/plain", b"not here")

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield [f"http://127.0.0.{number + 1}:{port}/feed.xml" for number in range(_HOSTS)]
    finally:
        server.shutdown()
        server.server_close()


def _feed(host: str, port: int, names: list[str]) -> bytes:
    links = (f"http://{host}:{port}/page/{quote(name)}" for name in names)
    items = "".join(f"<item><title>page</title><link>{escape(link)}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>pages</title>{items}</channel></rss>".encode()
