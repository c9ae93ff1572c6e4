"""What a feed states of the use of its entries comes with each of them."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from schemas.feed import FeedSpec
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError

FEED = "https://paper.example/feed"
SPACES = 'xmlns:rsl="https://rslstandard.org/rsl" xmlns:atom="http://www.w3.org/2005/Atom"'


def usages(document: str) -> list[tuple[str, ...]]:
    parsed = parse_feed(document.encode(), None, FEED)
    entries = entries_of(parsed, FeedSpec(FEED), 0).entries
    return [tuple(one.removeprefix("feed:") for one in entry.usage) for entry in entries]


def rss(*items: str, head: str = "", spaces: str = SPACES) -> str:
    listed = "".join(
        f"<item><title>Story</title><link>https://paper.example/{number}</link>{inner}</item>"
        for number, inner in enumerate(items)
    )
    return f'<rss version="2.0" {spaces}><channel><title>Paper</title>{head}{listed}</channel></rss>'


def content(*terms: str, url: str = "", prefix: str = "rsl:") -> str:
    licensed = f"<license>{''.join(terms)}</license>"
    text = f'<content url="{url}">{licensed}<copyright type="organization">Paper</copyright></content>'
    return text.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")


KEPT_OUT = ("rsl:prohibits-usage=ai-index", "rsl:prohibits-usage=ai-train")
NO_TRAINING = '<prohibits type="usage">ai-train ai-index</prohibits>'
SEARCH = '<permits type="usage">search</permits><payment type="attribution"/>'


def test_the_terms_of_an_item_are_its_entrys_alone() -> None:
    assert usages(rss(content(NO_TRAINING, SEARCH, url="https://paper.example/0"), "", content(SEARCH))) == [
        ("rsl:permits-usage=search;payment=attribution", *KEPT_OUT),
        (),
        ("rsl:permits-usage=search;payment=attribution",),
    ]  # fmt: skip


def test_a_statement_names_the_feed_as_its_source() -> None:
    [entry] = parse_feed(rss(content(NO_TRAINING)).encode(), None, FEED).entries
    assert entry.usage == ("feed:rsl:prohibits-usage=ai-index", "feed:rsl:prohibits-usage=ai-train")


def test_the_feeds_own_terms_hold_for_entries_without_any() -> None:
    head = content(NO_TRAINING, url="/0") + content('<prohibits type="usage">all</prohibits>', url="/elsewhere/")
    assert usages(rss("", "", content(SEARCH), head=head)) == [
        KEPT_OUT,
        (),
        ("rsl:permits-usage=search;payment=attribution",),
    ]


def test_a_licence_may_be_linked() -> None:
    link = '<atom:link rel="license" type="application/rsl+xml" href="https://paper.example/{}.xml"/>'
    other = '<atom:link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>'
    assert usages(rss(link.format("own") + other, "", head=link.format("all"))) == [
        ("rsl:license=https://paper.example/own.xml",),
        ("rsl:license=https://paper.example/all.xml",),
    ]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><entry><title>A</title><id>1</id>'
        '<link href="https://paper.example/a"/>' + link.format("own").replace("atom:", "") + "</entry></feed>"
    )
    assert usages(atom) == [("rsl:license=https://paper.example/own.xml",)]


def test_terms_are_known_by_their_namespace_and_not_by_their_prefix() -> None:
    spaces = SPACES.replace("xmlns:rsl", "xmlns:l")
    assert usages(rss(content(NO_TRAINING, prefix="l:"), spaces=spaces)) == [KEPT_OUT]
    assert usages(rss(content(NO_TRAINING), spaces='xmlns:rsl="https://other.example/rails"')) == [()]


def test_terms_survive_a_feed_that_is_no_xml_and_change_nothing_else_of_it() -> None:
    text = "<description>Rain &amp; wind<br></description><category>Weather</category>"
    document = rss(content(NO_TRAINING) + text)
    [entry] = parse_feed(document.encode(), None, FEED).entries
    assert (entry.usage[:1], entry.title, entry.keywords) == (
        ("feed:rsl:prohibits-usage=ai-index",), "Story", ("Weather",),
    )  # fmt: skip
    assert entry.summary is not None
    assert entry.summary.startswith("Rain")


@pytest.mark.parametrize(
    "inner",
    [
        content(NO_TRAINING) * 5_000,
        "<rsl:content>" * 20_000,
        "<rsl:permits type='usage'>all</rsl:permits></rsl:content></rsl:license>" * 5_000,
        content('<permits type="geo">' + "DE " * 100_000 + "</permits>"),
        content("<permits type='usage'>all</permits>" * 10_000),
    ],
)
def test_a_hostile_feed_states_little_and_costs_little(inner: str) -> None:
    began = time.process_time()
    for document in (rss(inner), rss(*[""] * 300, head=inner)):
        with suppress(FeedError):
            assert all(len(usage) <= 50 for usage in usages(document))
    assert time.process_time() - began < 10
