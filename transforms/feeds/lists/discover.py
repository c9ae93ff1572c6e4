"""Lists the addresses that may be a site's feeds: named by its page, named by its robots.txt, or guessed."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from transforms.feeds.parsing.fields.plain import MAX_TITLE_CHARS, one_line
from transforms.text.charset import decode_body
from transforms.web.http.response import charset_of
from transforms.web.urls import BadUrl, parse_url, registrable_domain, resolve

MAX_LINKS = 30
"""How many links of a page are tried as feeds; a page with more is a directory of feeds, not a front page."""

MAX_PAGE_BYTES = 4 << 20

_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/feed+json application/x-rss+xml "
    "text/rss+xml text/xml application/xml".split()
)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|rss[-_]?feeds?|feeds?|atom)(?:/|\.php|\.aspx?)?$"
    r"|(?:rss|feed|atom|index)\.(?:xml|rdf|json)$|\.rss$|\.atom$",
    re.I,
)
_COMMENTS = re.compile(r"(?:^|[/=&_-])comments?(?:[/=&_.-]|$)", re.I)
_SITEMAP_LINE = re.compile(r"^[^\S\n]*+sitemap[^\S\n]*+:[^\S\n]*+(\S+)", re.I | re.M)

_FEED_PATHS = tuple("feed/ feed rss rss.xml feed.xml atom.xml index.xml feed.json feeds rss/news.xml".split())
_SITEMAP_PATHS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "googlenews.xml")


class Lead(NamedTuple):
    """An address that may be a feed. `found_by` is its source: page, link, robots.txt or guess."""

    url: str
    found_by: str
    title: str | None = None


def feed_links(body: bytes, content_type: str | None, base_url: str) -> tuple[Lead, ...]:
    """The feeds that an HTML page names: its ``link`` elements first, then links in its text that look like feeds.

    Feeds of comments are left out, since they hold no news. Pure and picklable; call it in the sandbox. `content_type`
    is the header as sent, `base_url` the address that sent the page.
    """
    text, _ = decode_body(body[:MAX_PAGE_BYTES], charset_of(content_type))
    target = _Links()
    parser = etree.HTMLParser(target=target, huge_tree=True)
    # The doctype keeps libxml2 from calling a page without elements "empty"; a NUL would end the page.
    etree.fromstring("<!doctype html>" + text.replace("\x00", ""), parser)
    base = _resolved(base_url, target.base) or base_url
    site = registrable_domain(base_url)
    leads: dict[str, Lead] = {}
    for href, title, is_declared in sorted(target.links, key=lambda link: not link.is_declared):
        url = _resolved(base, href)
        if url is None or _COMMENTS.search(url.partition("//")[2].partition("/")[2]):
            continue
        # Links in the text count only within the site; others lead to what it reports on.
        if is_declared or registrable_domain(url) == site:
            leads.setdefault(url, Lead(url, "page" if is_declared else "link", one_line(title, MAX_TITLE_CHARS)))
    return tuple(leads.values())[:MAX_LINKS]


def sitemap_leads(robots_body: str) -> tuple[Lead, ...]:
    """The sitemaps that a robots.txt names, those with "news" in their path first."""
    leads: dict[str, Lead] = {}
    for address in _SITEMAP_LINE.findall(robots_body):
        try:
            leads.setdefault(address, Lead(parse_url(address).href, "robots.txt"))
        except BadUrl:
            continue
    return tuple(sorted(leads.values(), key=lambda lead: "news" not in urlsplit(lead.url).path.lower()))[:MAX_LINKS]


def guesses(page_url: str) -> tuple[Lead, ...]:
    """The usual addresses of feeds: in the page's folder, if it has one, then at the site's root. Raises BadUrl."""
    parsed = parse_url(page_url)
    folder = parsed.pathname.rpartition("/")[0]
    folders = [f"{parsed.origin}{folder}"] if folder else []
    urls = [f"{start}/{path}" for start in (*folders, parsed.origin) for path in _FEED_PATHS]
    urls += [f"{parsed.origin}/{path}" for path in _SITEMAP_PATHS]
    return tuple(Lead(url, "guess") for url in dict.fromkeys(urls))


class _Link(NamedTuple):
    href: str
    title: str
    is_declared: bool


class _Links:
    """Parser target that collects links that may be feeds, in linear time and without a tree."""

    def __init__(self) -> None:
        self.links: list[_Link] = []
        self.base = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        href = (attributes.get("href") or "").strip()
        if not href or len(self.links) > 10 * MAX_LINKS:
            return
        if tag == "base" and not self.base:
            self.base = href
        elif tag == "link" and _declares_feed(attributes):
            self.links.append(_Link(href, attributes.get("title") or "", True))
        elif tag == "a" and _FEED_PATH.search(href.partition("?")[0].partition("#")[0]):
            self.links.append(_Link(href, attributes.get("title") or "", False))

    def end(self, _tag: str) -> None:
        """Ignore end tags."""

    def data(self, _text: str) -> None:
        """Ignore text."""

    def comment(self, _text: str) -> None:
        """Ignore comments."""

    def close(self) -> None:
        """Build nothing."""


def _declares_feed(attributes: dict[str, str]) -> bool:
    relations = (attributes.get("rel") or "").lower().split()
    kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
    # rel=feed was in HTML5 for a while; an alternate stylesheet or translation is not a feed.
    return "feed" in relations or ("alternate" in relations and "stylesheet" not in relations and kind in _TYPES)


def _resolved(base: str, link: str) -> str | None:
    try:
        return resolve(base, link).partition("#")[0] if link else None
    except BadUrl:
        return None
