"""A publisher's feeds as text: RSS 2.0, RSS 1.0, RSS 0.92, Atom, JSON Feed and the news sitemap."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from html import escape

from newsroom.pages import render_body, summary_of
from newsroom.press import Item, Press, stray_us
from newsroom.publishers import FeedPlan, Publisher

MAX_ENTRIES = 40

CONTENT_TYPES = {
    "rss2": "application/rss+xml",
    "rss1": "application/rdf+xml",
    "rss092": "text/xml; charset=utf-8",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "sitemap": "application/xml",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a feed prints it. `published_us` is None if the story has no date."""

    link: str
    entry_id: str
    title: str
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    published_us: int | None
    updated_us: int
    html: str | None


def feed_entries(press: Press, publisher: Publisher, feed: FeedPlan, port: int, now_us: int) -> list[Entry]:
    """The entries that a feed lists now, newest first, including those that lead to no article."""
    entries = [_entry(item, feed, port, now_us) for item in press.in_feed(publisher, feed, now_us)]
    if feed is publisher.feeds[0]:
        for stray in publisher.strays:
            at_us = stray_us(press.start_us, stray.at)
            link = publisher.base(port) + stray.path
            if at_us <= now_us:
                entries.append(Entry(link, link, stray.title, stray.title, (), (), at_us, at_us, None))
    entries.sort(key=lambda entry: (-entry.updated_us, entry.link))
    return entries[:MAX_ENTRIES]


def _entry(item: Item, feed: FeedPlan, port: int, now_us: int) -> Entry:
    story, publisher = item.story_at(now_us), item.publisher
    link = item.link(feed, port)
    return Entry(
        link=link.removeprefix(publisher.base(port)) if story.slug == feed.relative else link,
        entry_id=f"{publisher.key}-{item.story.slug}",
        title=story.headline,
        summary=summary_of(story),
        authors=story.authors,
        tags=story.tags,
        published_us=item.published_us if story.dated else None,
        updated_us=item.updated_us(now_us),
        html=render_body(publisher.style, story) if feed.full else None,
    )


def render_feed(publisher: Publisher, feed: FeedPlan, port: int, entries: list[Entry]) -> str:
    """The feed document. It depends only on its entries, so an unchanged feed keeps its bytes."""
    return _FORMATS[feed.format](publisher, feed, publisher.base(port), entries)


def _iso(instant_us: int) -> str:
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc822(instant_us: int) -> str:
    return formatdate(instant_us // 1_000_000, usegmt=True)


def _tag(name: str, text: str | None, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>" if text else ""


def _prolog(publisher: Publisher) -> str:
    return f'<?xml version="1.0" encoding="{publisher.charset}"?>\n'


def _rss2(publisher: Publisher, feed: FeedPlan, base: str, entries: list[Entry]) -> str:
    items = "\n".join(
        "<item>"
        + _tag("title", entry.title)
        + _tag("link", entry.link)
        + _tag("guid", entry.entry_id, ' isPermaLink="false"')
        + _tag("pubDate", _rfc822(entry.published_us) if entry.published_us else None)
        + "".join(_tag("dc:creator", name) for name in entry.authors)
        + "".join(_tag("category", name) for name in entry.tags)
        + _tag("description", f"<p>{escape(entry.summary, quote=False)}</p>")
        + (f"<content:encoded><![CDATA[{entry.html}]]></content:encoded>" if entry.html else "")
        + (_tag("atom:updated", _iso(entry.updated_us)) if entry.updated_us != entry.published_us else "")
        + "</item>"
        for entry in entries
    )
    return (
        f'{_prolog(publisher)}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel>{_tag('title', feed.title)}{_tag('link', base + '/')}{_tag('description', publisher.tagline)}"
        f"{_tag('language', publisher.language)}\n{items}\n</channel>\n</rss>\n"
    )


def _rss1(publisher: Publisher, feed: FeedPlan, base: str, entries: list[Entry]) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{escape(entry.link)}"/>' for entry in entries)
    items = "\n".join(
        f'<item rdf:about="{escape(entry.link)}">'
        + _tag("title", entry.title)
        + _tag("link", entry.link)
        + _tag("description", entry.summary)
        + _tag("dc:date", _iso(entry.published_us) if entry.published_us else None)
        + "".join(_tag("dc:creator", name) for name in entry.authors)
        + "".join(_tag("dc:subject", name) for name in entry.tags)
        + "</item>"
        for entry in entries
    )
    return (
        f'{_prolog(publisher)}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<channel rdf:about="{base}{feed.path}">{_tag("title", feed.title)}{_tag("link", base + "/")}'
        f"{_tag('description', publisher.tagline)}{_tag('dc:language', publisher.language)}"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def _rss092(publisher: Publisher, feed: FeedPlan, base: str, entries: list[Entry]) -> str:
    items = "\n".join(
        f"<item>{_tag('title', entry.title)}{_tag('link', entry.link)}{_tag('description', entry.summary)}</item>"
        for entry in entries
    )
    return (
        f'{_prolog(publisher)}<rss version="0.92">\n<channel>{_tag("title", feed.title)}{_tag("link", base + "/")}'
        f"{_tag('description', publisher.tagline)}{_tag('language', publisher.language)}\n{items}\n</channel>\n</rss>\n"
    )


def _atom(publisher: Publisher, feed: FeedPlan, base: str, entries: list[Entry]) -> str:
    items = "\n".join(
        "<entry>"
        + _tag("id", f"tag:{publisher.key}.example,2026:{entry.entry_id}")
        + _tag("title", entry.title)
        + f'<link rel="alternate" type="text/html" href="{escape(entry.link)}"/>'
        + _tag("published", _iso(entry.published_us) if entry.published_us else None)
        + _tag("updated", _iso(entry.updated_us))
        + "".join(f"<author>{_tag('name', name)}</author>" for name in entry.authors)
        + "".join(f'<category term="{escape(name)}"/>' for name in entry.tags)
        + _tag("summary", entry.summary)
        + "</entry>"
        for entry in entries
    )
    updated = _tag("updated", _iso(max((entry.updated_us for entry in entries), default=0)))
    return (
        f'{_prolog(publisher)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">\n'
        f"{_tag('id', f'tag:{publisher.key}.example,2026:{feed.path}')}{_tag('title', feed.title)}{updated}"
        f'<link rel="self" href="{base}{feed.path}"/><link rel="alternate" href="{base}/"/>'
        f"<author>{_tag('name', publisher.name)}</author>\n{items}\n</feed>\n"
    )


def _json_feed(publisher: Publisher, feed: FeedPlan, base: str, entries: list[Entry]) -> str:
    items = []
    for entry in entries:
        item: dict[str, object] = {"id": entry.entry_id, "url": entry.link, "title": entry.title}
        item |= {"summary": entry.summary, "authors": [{"name": name} for name in entry.authors]}
        item |= {"tags": list(entry.tags), "date_modified": _iso(entry.updated_us)}
        item |= {"content_html": entry.html} if entry.html else {"content_text": entry.summary}
        if entry.published_us:
            item["date_published"] = _iso(entry.published_us)
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": base + "/",
        "feed_url": base + feed.path,
        "language": publisher.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def render_sitemap(publisher: Publisher, port: int, items: list[Item]) -> str:
    """A news sitemap of the given items."""
    rows = "\n".join(
        f"<url>{_tag('loc', item.canonical_url(port))}<news:news><news:publication>"
        f"{_tag('news:name', publisher.name)}{_tag('news:language', publisher.language[:2])}</news:publication>"
        f"{_tag('news:publication_date', _iso(item.published_us))}{_tag('news:title', item.story.headline)}"
        "</news:news></url>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}\n</urlset>\n'
    )


_FORMATS: dict[str, Callable[[Publisher, FeedPlan, str, list[Entry]], str]] = {
    "rss2": _rss2,
    "rss1": _rss1,
    "rss092": _rss092,
    "atom": _atom,
    "json": _json_feed,
}
