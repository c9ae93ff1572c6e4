"""The truth about every feed entry: what an ideal reader of the newsroom's feeds would know."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.pages import agency_lines, boxes_left_out, summary_of
from newsroom.press import Item, Press, stray_us
from newsroom.publishers import Publisher, publishers
from newsroom.texts import Story


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth about one address in the newsroom's feeds.

    `url` is the link of the first feed that lists it; `links` are all (feed URL, link) pairs; `canonical_url` is where
    the link ends. `outcome` is ``article``, or the reason why there is none. `body` has paragraphs, subheadings, quotes
    and list items, separated by empty lines. `relation` is original, exact, near, abridged or revision; `copy_of` is
    the original's canonical URL. `furniture` are sentences of the page that belong in no body. `countries` is None if
    reasonable people would disagree.
    """

    url: str
    canonical_url: str
    links: tuple[tuple[str, str], ...]
    publisher: str
    publisher_name: str
    language: str
    headline: str
    description: str
    body: str
    published_us: int | None
    updated_us: int | None
    authors: tuple[str, ...]
    section: str
    keywords: tuple[str, ...]
    kind: str
    outcome: str
    relation: str
    copy_of: str | None
    wire_sources: tuple[str, ...]
    dateline: str | None
    countries: tuple[str, ...] | None
    furniture: tuple[str, ...]


def truth_at(press: Press, port: int, now_us: int) -> list[Truth]:
    """The truth about everything published by `now_us`, by publisher, newest first."""
    rows: list[Truth] = []
    for publisher in publishers():
        rows += [_of_item(press, item, port, now_us) for item in press.visible(publisher, now_us)]
        rows += _of_strays(press, publisher, port, now_us)
    return rows


def _of_item(press: Press, item: Item, port: int, now_us: int) -> Truth:
    publisher, story = item.publisher, item.story_at(now_us)
    links = _links(press, item, port, now_us)
    revised = item.is_revised(now_us)
    canonical = item.canonical_url(port)
    return Truth(
        url=links[0][1],
        canonical_url=canonical,
        links=links,
        publisher=publisher.key,
        publisher_name=publisher.name,
        language=publisher.language[:2],
        headline=story.headline,
        description=summary_of(story),
        body=story.body,
        published_us=item.published_us if story.dated else None,
        updated_us=item.updated_us(now_us) if story.dated else None,
        authors=story.authors,
        section=story.section,
        keywords=story.tags,
        kind=story.kind,
        outcome="article",
        relation="revision" if revised else story.relation,
        copy_of=canonical if revised else _original(press, story, port),
        wire_sources=story.wires,
        dateline=story.dateline,
        countries=story.countries,
        furniture=_furniture(publisher, story),
    )


def _links(press: Press, item: Item, port: int, now_us: int) -> tuple[tuple[str, str], ...]:
    publisher = item.publisher
    return tuple(
        (publisher.base(port) + feed.path, item.link(feed, port))
        for feed in publisher.feeds
        if item in press.in_feed(publisher, feed, now_us)
    )


def _original(press: Press, story: Story, port: int) -> str | None:
    return press.by_key[story.copy_of].canonical_url(port) if story.copy_of else None


def _furniture(publisher: Publisher, story: Story) -> tuple[str, ...]:
    """The furniture on the story's page: the publisher's sentences found there, credits, agencies' descriptions."""
    left_out = " ".join(boxes_left_out(publisher.style, story))
    always = publisher.template(publisher.key).template
    house = tuple(text for text in publisher.furniture if text in always or text not in left_out)
    credit = tuple(block.text for block in story.blocks if block.kind == "credit")
    return house + credit + tuple(agency_lines(publisher, story))


def _of_strays(press: Press, publisher: Publisher, port: int, now_us: int) -> list[Truth]:
    rows = []
    for stray in publisher.strays:
        at_us = stray_us(press.start_us, stray.at)
        url = publisher.base(port) + stray.path
        if at_us > now_us:
            continue
        rows.append(
            Truth(
                url=url,
                canonical_url=url,
                links=((publisher.base(port) + publisher.feeds[0].path, url),),
                publisher=publisher.key,
                publisher_name=publisher.name,
                language=publisher.language[:2],
                headline=stray.title,
                description=stray.title,
                body="",
                published_us=at_us,
                updated_us=at_us,
                authors=(),
                section="",
                keywords=(),
                kind="none",
                outcome=stray.outcome,
                relation="original",
                copy_of=None,
                wire_sources=(),
                dateline=None,
                countries=None,
                furniture=(),
            )
        )
    return rows
