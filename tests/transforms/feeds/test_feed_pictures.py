"""Enclosures and media become an entry's picture when they are one; relative addresses find their base."""

from __future__ import annotations

import pytest

from schemas.feed import FeedSpec
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed

RSS = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>P</title>
<link>https://paper.example/news/</link><item><title>A</title><link>a</link>{}</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/x/"><title>P</title>
<link href="/"/><entry xml:base="y/"><id>1</id><title>A</title><link href="a.html"/></entry></feed>"""


def entry(document: str):
    parsed = parse_feed(document.encode(), None, "https://feeds.example/paper.xml")
    (only,) = entries_of(parsed, FeedSpec("https://feeds.example/paper.xml"), 1_750_000_000_000_000).entries
    return only


@pytest.mark.parametrize(
    ("media", "picture"),
    [
        ('<enclosure url="p.jpg" type="image/jpeg"/>', "https://paper.example/news/p.jpg"),
        ('<enclosure url="/p.JPG?w=9"/>', "https://paper.example/p.JPG?w=9"),
        ('<enclosure url="/talk.mp3" type="audio/mpeg"/>', None),
        ('<enclosure url="/talk.mp3"/>', None),
        ('<enclosure url="/cover.jpg" type="audio/mpeg"/>', None),
        ('<enclosure url="/read?next=p.jpg"/>', None),
        ('<media:content url="/p.webp"/>', "https://paper.example/p.webp"),
        ('<media:content url="/film" medium="video"/><media:thumbnail url="/t.png"/>', "https://paper.example/t.png"),
        (
            '<media:group><media:content url="/s.jpg" width="9"/><media:content url="/l.jpg" width="90"/>'
            "</media:group>",
            "https://paper.example/l.jpg",
        ),
    ],
)
def test_a_picture_is_told_by_its_type_else_by_its_name(media, picture):
    assert entry(RSS.format(media)).image_url == picture


def test_relative_links_are_resolved_against_the_site_and_by_xml_base():
    assert entry(RSS.format("")).url == "https://paper.example/news/a"
    assert entry(ATOM).url == "https://paper.example/x/y/a.html"
