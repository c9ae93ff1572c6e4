"""A publisher's pages: articles in its own template, and lists of stories."""

from __future__ import annotations

import json
from html import escape

from newsroom.press import Item, Press
from newsroom.publishers import Publisher, Style, agencies
from newsroom.texts import LIVE_KINDS, Story

RELATED = 4


def render_article(press: Press, item: Item, port: int, now_us: int) -> str:
    """The HTML of an item as it is at `now_us`. It never depends on what was published later."""
    publisher, story = item.publisher, item.story_at(now_us)
    published, updated = publisher.local(item.published_us), publisher.local(item.updated_us(now_us))
    paywalled = story.kind == "paywalled"
    related = "\n".join(
        f'<li><a href="{escape(path)}">{escape(title)}</a></li>' for path, title in _related(press, item)
    )
    return publisher.template(publisher.key).substitute(
        charset_meta=f'<meta charset="{publisher.charset}">' if "meta" in publisher.charset_in else "",
        home=publisher.base(port),
        canonical=item.canonical_url(port),
        headline=escape(story.headline),
        summary=escape(summary_of(story)),
        section=escape(story.section),
        keywords=escape(", ".join(story.tags)),
        byline=escape(_joined(story.authors) or publisher.staff),
        date_text=publisher.date_text(item.published_us) if story.dated else "",
        date_iso=published.isoformat() if story.dated else "",
        modified_iso=updated.isoformat(),
        updated_text=publisher.date_text(item.updated_us(now_us)) if item.is_revised(now_us) else "",
        image=f"{publisher.base(port)}/media/{story.slug}.svg",
        slug=story.slug,
        nav=nav(publisher),
        body=render_body(publisher.style, story),
        credits=render_credits(publisher, story),
        paywall=publisher.paywall if paywalled else "",
        related=related,
        json_ld=_json_ld(item, story, port, now_us),
    )


def summary_of(story: Story) -> str:
    """The story's standfirst, else its opening sentence."""
    return story.summary or story.first_paragraph.split(". ")[0].rstrip(".") + "."


def nav(publisher: Publisher) -> str:
    """Links to the publisher's sections, as list items."""
    rows = enumerate(publisher.sections, 1)
    return "".join(f'<li><a href="/section/{number}">{escape(name)}</a></li>' for number, name in rows)


def render_body(style: Style, story: Story) -> str:
    """The story's blocks as HTML in the publisher's style, with its advertisements and boxes between them."""
    out: list[str] = []
    items: list[str] = []
    paragraphs = 0
    for block in story.blocks:
        text = escape(block.text, quote=False)
        if block.kind == "item":
            items.append(style.item.format(text=text))
            continue
        if items:
            out.append(style.list.format(items="".join(items)))
            items = []
        if block.kind == "credit":
            continue
        out.append(getattr(style, block.kind).format(text=text))
        if block.kind == "paragraph":
            paragraphs += 1
            if str(paragraphs) in style.inserts and story.kind not in LIVE_KINDS:
                out.append(style.inserts[str(paragraphs)])
    if items:
        out.append(style.list.format(items="".join(items)))
    return "\n".join(out)


def boxes_left_out(style: Style, story: Story) -> list[str]:
    """The boxes that the page does not have, because the story has too few paragraphs or is a live blog."""
    paragraphs = sum(block.kind == "paragraph" for block in story.blocks)
    return [box for at, box in style.inserts.items() if int(at) > paragraphs or story.kind in LIVE_KINDS]


def render_credits(publisher: Publisher, story: Story) -> str:
    """The credits and the agencies' self-descriptions, as HTML: printed below the body, and not part of it."""
    lines = [block.text for block in story.blocks if block.kind == "credit"] + agency_lines(publisher, story)
    return "\n".join(publisher.style.credit.format(text=escape(line, quote=False)) for line in lines)


def agency_lines(publisher: Publisher, story: Story) -> list[str]:
    """The self-descriptions of the agencies from which the story comes."""
    language = publisher.language[:2]
    return [agencies()[wire][language] for wire in story.wires if language in agencies().get(wire, {})]


_FEED_TYPES = {"json": "application/feed+json", "atom": "application/atom+xml"}


def render_list(press: Press, publisher: Publisher, section: str | None, now_us: int) -> str:
    """The front page, or the page of one section: headlines with opening sentences, newest first."""
    shown = [item for item in press.visible(publisher, now_us) if section is None or item.story.section == section]
    rows = "\n".join(
        f'<li><h2><a href="{escape(item.path)}">{escape(item.story_at(now_us).headline)}</a></h2>'
        f"<p>{escape(summary_of(item.story_at(now_us)))}</p></li>"
        for item in shown[:20]
    )
    links = "\n".join(
        f'<link rel="alternate" type="{_FEED_TYPES.get(feed.format, "application/rss+xml")}" '
        f'title="{escape(feed.title)}" href="{feed.path}">'
        for feed in publisher.feeds
        if feed.validators != "none"  # the feed without validators is not linked either
    )
    return publisher.template("front").substitute(
        feed_links=links,
        language=publisher.language, name=escape(publisher.name), tagline=escape(publisher.tagline),
        title=escape(section or publisher.name), nav=nav(publisher), rows=rows,
    )  # fmt: skip


def _related(press: Press, item: Item) -> list[tuple[str, str]]:
    """Links to other stories. All are older than the newsroom's start, so that pages do not change."""
    archive = [
        other
        for other in press.visible(item.publisher, press.start_us)
        if other is not item and other.story.kind == "article"
    ]
    older = [other for other in archive if other.published_us < item.published_us]
    return [(other.path, other.story.headline) for other in (older + archive)[:RELATED]]


def _joined(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _json_ld(item: Item, story: Story, port: int, now_us: int) -> str:
    publisher = item.publisher
    if publisher.json_ld == "none":
        return ""
    live = story.kind == "live_blog"
    facts: dict[str, object] = {
        "@type": "LiveBlogPosting" if live else "NewsArticle",
        "headline": story.headline,
        "url": item.canonical_url(port),
        "mainEntityOfPage": item.canonical_url(port),
        "datePublished": publisher.local(item.published_us).isoformat(),
        "dateModified": publisher.local(item.updated_us(now_us)).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher.name, "url": publisher.base(port) + "/"},
        "image": [f"{publisher.base(port)}/media/{story.slug}.svg"],
        "articleSection": story.section,
        "keywords": list(story.tags),
        "inLanguage": publisher.language,
        "isAccessibleForFree": story.kind != "paywalled",
    }
    if story.kind == "paywalled":
        facts["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".subscriber-only"}
    site = {"@type": "WebSite", "name": publisher.name, "url": publisher.base(port) + "/"}
    whole: dict[str, object] = {"@context": "https://schema.org"}
    whole |= {"@graph": [site, facts]} if publisher.json_ld == "graph" else facts
    text = json.dumps(whole, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'
