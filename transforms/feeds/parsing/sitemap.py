"""Reads Google News sitemaps (https://www.google.com/schemas/sitemap-news/0.9) as feeds."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.parsing.fields.feed_dates import FeedDates, habits_of_feed, iso_us
from transforms.feeds.parsing.fields.plain import MAX_TITLE_CHARS, names, one_line
from transforms.feeds.parsing.fields.xml_text import mended_xml
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed, RawEntry, SitemapLink

MAX_URLS = 50_000
"""The most addresses that the sitemap protocol allows in one file."""


def read_sitemap(text: str, base_url: str, spec: FeedSpec | None = None) -> ParsedFeed:
    """A news sitemap as a feed, or an index with its sitemaps. Raises FeedError.

    Addresses without a title or publication date are not news and are left out.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(mended_xml(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FeedError(Reason.BAD_FEED, f"unreadable sitemap: {str(error)[:200]}") from error
    if root is None:
        raise FeedError(Reason.BAD_FEED, "unreadable sitemap")
    if _name(root) != "urlset":
        return ParsedFeed(format="sitemapindex", base_url=base_url, sitemaps=tuple(_sitemaps_of(root)))
    publications = [element for element in root.iter() if _name(element) == "publication"]
    publication = _facts(publications[0]) if publications else {}
    dates = FeedDates(habits_of_feed(publication.get("language"), (base_url,), spec))
    entries = tuple(_entry(facts, dates) for facts in _news_of(root))
    if not entries and len(root):
        raise FeedError(Reason.NOT_A_FEED, "this sitemap has no news facts; only Google News sitemaps list articles")
    return ParsedFeed(
        format="sitemap",
        base_url=base_url,
        title=one_line(publication.get("name", ""), MAX_TITLE_CHARS),
        language=publication.get("language"),
        entries=entries,
    )


def _news_of(root: etree._Element) -> Iterator[dict[str, str]]:
    for url in root[:MAX_URLS]:
        facts = _facts(url)
        if "publication_date" in facts or "title" in facts:
            yield facts


def _sitemaps_of(root: etree._Element) -> Iterator[SitemapLink]:
    for sitemap in root[:MAX_URLS]:
        facts = _facts(sitemap)
        if _name(sitemap) == "sitemap" and "loc" in facts:
            yield SitemapLink(facts["loc"], iso_us(facts.get("lastmod", "")))


def _facts(element: etree._Element) -> dict[str, str]:
    """The texts below an element by local name, the first of each name; names within an image begin with ``image_``."""
    facts: dict[str, str] = {}
    for child in element.iter():
        parent = child.getparent()
        prefix = "image_" if parent is not None and _name(parent) == "image" else ""
        text = (child.text or "").strip()
        if text:
            facts.setdefault(prefix + _name(child), text)
    return facts


def _entry(facts: dict[str, str], dates: FeedDates) -> RawEntry:
    return RawEntry(
        link=facts.get("loc"),
        title=one_line(facts.get("title", ""), MAX_TITLE_CHARS),
        keywords=names(facts.get("keywords", "").split(",")),
        language=facts.get("language"),
        image_url=facts.get("image_loc"),
        published_us=dates.read(facts.get("publication_date")),
        updated_us=dates.read(facts.get("lastmod")),
    )


def _name(element: etree._Element) -> str:
    """The local name of an element, also if its prefix is not declared and so part of the parser's tag."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
