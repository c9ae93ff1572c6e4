"""Polls through the real client: what a publisher's server sees, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from schemas.feed import FEED_CURSORS, FeedCursor, FeedSpec
from tests.web_server import Answer, Asked, FakeResolver, FakeTime, WebServer, running_server
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.polling.poll import Polled, poll_feeds
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.polite import PoliteClient
from transforms.web.settings import HttpSettings

RSS = b'<rss version="2.0"><channel><title>P</title><item><title>A</title><link>/a</link></item></channel></rss>'


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


def poll(url: str, cursor: FeedCursor | None = None) -> Polled:
    """One poll of a run of its own, by way of the table that cursors are kept in."""

    async def parse(body, content_type, base_url, spec):
        return parse_feed(body, content_type, base_url, spec)

    async def run() -> Polled:
        time, http = FakeTime(), HttpSettings(contact="https://newsbeam.example/about")
        due = [replace(cursor, next_poll_at_us=0)] if cursor else []
        kept = {row.feed_url: row for row in FEED_CURSORS.from_arrow(FEED_CURSORS.to_arrow(due))}
        async with HttpClient(http, AddressGuard(("127.0.0.0/8",)), time, FakeResolver()) as client:
            polite = PoliteClient(client, http, time, now=time.now, sleep=time.sleep)
            stream = poll_feeds([FeedSpec(url)], kept, polite, parse, time, "run", PollSettings())
            (polled,) = [polled async for polled in stream]
        return polled

    return asyncio.run(run())


def conditions(asked: Asked) -> dict[str, bytes]:
    return {name: value for name, value in asked.headers.items() if name.startswith("if-")}


def feeds_asked(web: WebServer) -> list[Asked]:
    return [asked for asked in web.log if asked.path != "/robots.txt"]


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [
        (b'"plain"', b"Tue, 03 Jun 2025 09:39:00 GMT"),
        (b'W/"weak"', b"Tue, 03 Jun 2025 9:39:00 +0000"),
        (b"no quotes at all", b"1749988800"),
        (b'"one', b"yesterday"),
        (b'w/"lower"; odd, "two"', b"2025-06-03T09:39:00Z"),
        (b"''", b"Thu, 01 Jan 1970 00:00:00 GMT"),
        ('"Zürich"'.encode(), "mardi 3 août".encode()),
    ],
)
def test_validators_come_back_byte_for_byte_in_the_next_run(web, etag, last_modified):
    headers = {"ETag": etag, "Last-Modified": last_modified}
    web.on("/feed", [Answer(200, RSS, headers), Answer(304)])
    first = poll(web.url("/feed"))
    second = poll(web.url("/feed"), first.cursor)
    assert [conditions(asked) for asked in feeds_asked(web)] == [
        {},
        {"if-none-match": etag, "if-modified-since": last_modified},
    ]
    assert (second.poll.outcome, second.poll.conditional) == ("not_modified", True)
    assert second.cursor is not None
    assert first.cursor is not None
    assert (second.cursor.etag, second.cursor.last_modified) == (first.cursor.etag, first.cursor.last_modified)


def test_a_validator_that_is_no_utf_8_is_not_sent_altered(web):
    web.on("/feed", Answer(200, RSS, {"ETag": b'"\xe9"'}))
    second = poll(web.url("/feed"), poll(web.url("/feed")).cursor)
    assert [conditions(asked) for asked in feeds_asked(web)] == [{}, {}]
    assert (second.poll.outcome, second.poll.conditional) == ("ok", False)


def test_validators_go_to_the_end_of_a_redirect_that_sent_them_and_not_to_its_start(web):
    web.on("a.example/feed", Answer(302, headers={"Location": web.url("/feed", "b.example")}))
    web.on("b.example/feed", Answer(200, RSS, {"ETag": '"1"'}))
    poll(web.url("/feed", "a.example"), poll(web.url("/feed", "a.example")).cursor)
    assert [(asked.host, conditions(asked)) for asked in feeds_asked(web)[2:]] == [
        ("a.example", {}),
        ("b.example", {"if-none-match": b'"1"'}),
    ]


def test_validators_do_not_follow_a_redirect_that_now_ends_elsewhere(web):
    ends = [Answer(302, headers={"Location": web.url("/feed", host)}) for host in ("b.example", "c.example")]
    web.on("a.example/feed", ends)
    web.on("/feed", Answer(200, RSS, {"ETag": '"1"'}))
    poll(web.url("/feed", "a.example"), poll(web.url("/feed", "a.example")).cursor)
    assert [(asked.host, conditions(asked)) for asked in feeds_asked(web)[2:]] == [("a.example", {}), ("c.example", {})]


def test_a_feed_that_is_redirected_for_good_is_asked_at_its_new_place_from_the_fourth_poll_on(web):
    web.on("a.example/feed", Answer(301, headers={"Location": web.url("/feed", "b.example")}))
    web.on(
        "b.example/feed",
        lambda asked: Answer(304) if conditions(asked) else Answer(200, RSS, {"ETag": '"1"'}),
    )
    cursor, rows = None, []
    for _ in range(5):
        polled = poll(web.url("/feed", "a.example"), cursor)
        cursor = polled.cursor
        rows.append((polled.poll.outcome, polled.poll.moved_to is not None))
    assert rows == [("ok", False), ("not_modified", False), *[("not_modified", True)] * 3]
    assert [asked.host for asked in feeds_asked(web)] == ["a.example", "b.example"] * 3 + ["b.example"] * 2
