"""What a publisher may expect of a feed reader, as Rachel Kroll's Feed Reader Behavior tests look at it: a server on
loopback records what it is asked in runs every five minutes over simulated days, with polls that are gentle."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from schemas.feed import FEED_CURSORS, FeedCursor, FeedSpec
from tests.web_server import Answer, Asked, FakeResolver, FakeTime, WebServer, running_server
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.polling.poll import poll_feeds
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.polite import PoliteClient
from transforms.web.settings import HttpSettings

CONTACT = "https://newsbeam.example/about"
GENTLE = PollSettings(run_gap_s=300.0, gently=True)
VALIDATORS = {"ETag": '"one"', "Last-Modified": "Tue, 03 Jun 2025 09:39:00 GMT"}


def rss(*names: str, more: str = "") -> bytes:
    items = "".join(f"<item><title>{name}</title><link>/{name}</link></item>" for name in names)
    return f'<rss version="2.0"><channel><title>P</title>{more}{items}</channel></rss>'.encode()


class Reader:
    """Runs every five minutes over simulated time; cursors are kept between runs as the lake keeps them."""

    def __init__(self, web: WebServer, settings: PollSettings = GENTLE, path: str = "/feed") -> None:
        self.web, self.settings, self.url = web, settings, web.url(path)
        self.time = FakeTime()
        self.cursor: FeedCursor | None = None
        self.asked_s: list[float] = []
        """When the feed was asked, once for each poll, in seconds since the first."""
        self.outcomes: list[str] = []
        self._first_s = self.time.now_s

    def run(self, hours: float) -> Reader:
        """Make the runs of so many hours."""
        asyncio.run(self._runs(self.time.now_s + hours * 3_600))
        return self

    async def _runs(self, end_s: float) -> None:
        http, time = HttpSettings(contact=CONTACT), self.time
        async with HttpClient(http, AddressGuard(("127.0.0.0/8",)), time, FakeResolver()) as client:
            while time.now_s < end_s:
                began_s = time.now_s
                await self._once(PoliteClient(client, http, time, now=time.now, sleep=time.sleep))
                time.now_s = max(time.now_s, began_s + 300)

    async def _once(self, client: PoliteClient) -> None:
        async def parse(body, content_type, base_url, spec):
            return parse_feed(body, content_type, base_url, spec)

        began_s = self.time.now_s
        cursors = {} if self.cursor is None else {self.url: self.cursor}
        stream = poll_feeds([FeedSpec(self.url)], cursors, client, parse, self.time, "run", self.settings)
        (polled,) = [polled async for polled in stream]
        if polled.cursor is not None:
            (self.cursor,) = FEED_CURSORS.from_arrow(FEED_CURSORS.to_arrow([polled.cursor]))
        if polled.poll.was_asked:
            self.asked_s.append(began_s - self._first_s)
            self.outcomes.append(polled.poll.outcome)

    @property
    def gaps_s(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.asked_s)]

    @property
    def seen(self) -> list[Asked]:
        """The requests for the feed, as its server saw them."""
        return [asked for asked in self.web.log if asked.path != "/robots.txt"]

    @property
    def conditions(self) -> list[dict[str, bytes]]:
        return [{name: one for name, one in asked.headers.items() if name.startswith("if-")} for asked in self.seen]


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


def honest(asked: Asked) -> Answer:
    """A server that answers 304 to its validators, and never has news."""
    known = asked.headers.get("if-none-match") == VALIDATORS["ETag"].encode()
    return Answer(304, headers=VALIDATORS) if known else Answer(200, rss("a"), VALIDATORS)


def with_news(headers: dict[str, str] | None = None, more: str = ""):
    numbers = iter(range(10**6))
    return lambda _: Answer(200, rss(f"a{next(numbers)}", more=more), headers or {})


def test_a_feed_of_which_nothing_is_said_is_asked_at_most_once_an_hour(web):
    web.on("/feed", with_news())
    reader = Reader(web).run(24)
    assert 20 <= len(reader.asked_s) <= 24
    assert min(reader.gaps_s) >= 3_600


def test_without_the_option_the_same_feed_is_asked_every_quarter_of_an_hour(web):
    web.on("/feed", with_news())
    reader = Reader(web, replace(GENTLE, gently=False)).run(6)
    assert set(reader.gaps_s) == {900.0}


@pytest.mark.parametrize(
    ("headers", "more", "least_s"),
    [
        ({"Cache-Control": "max-age=1200"}, "", 1_200),
        ({"Cache-Control": "max-age=7200"}, "", 7_200),
        ({"Cache-Control": "max-age=60"}, "", 900),
        ({"Cache-Control": "no-cache"}, "", 3_600),
        ({"Cache-Control": "max-age=1200, no-store"}, "", 3_600),
        ({"Cache-Control": "max-age=1200, s-maxage=9000"}, "", 1_200),
        ({}, "<ttl>30</ttl>", 1_800),
        ({}, "<ttl>180</ttl>", 10_800),
    ],
)
def test_a_feed_that_says_how_often_is_asked_so_often_and_never_while_it_is_fresh(web, headers, more, least_s):
    web.on("/feed", with_news(headers, more))
    reader = Reader(web).run(16)
    assert least_s <= min(reader.gaps_s) <= max(reader.gaps_s) <= least_s * 1.1 + 300 + 60


def test_no_request_without_conditions_is_made_once_validators_are_known(web):
    web.on("/feed", honest)
    reader = Reader(web).run(24 * 6)
    first, *later = reader.conditions
    assert first == {}
    assert len(later) > 20
    assert all(
        one == {"if-none-match": b'"one"', "if-modified-since": VALIDATORS["Last-Modified"].encode()} for one in later
    )


def test_without_the_option_a_long_row_of_304_is_checked_once_a_day_or_two(web):
    web.on("/feed", honest)
    reader = Reader(web, replace(GENTLE, gently=False)).run(24 * 6)
    assert 2 <= reader.conditions[1:].count({}) <= 5


def test_no_date_is_made_up_where_the_server_sent_none(web):
    web.on("/feed", [Answer(200, rss("a"), {"ETag": '"one"', "Date": "Tue, 03 Jun 2025 09:39:00 GMT"}), Answer(304)])
    assert Reader(web).run(3).conditions[1:] == [{"if-none-match": b'"one"'}] * 2


def test_an_answer_without_validators_ends_the_ones_before(web):
    web.on("/feed", [Answer(200, rss("a"), VALIDATORS), Answer(200, rss("b")), Answer(200, rss("c"))])
    reader = Reader(web).run(3.2)
    assert [len(one) for one in reader.conditions] == [0, 2, 0]


def test_an_etag_is_not_sent_with_the_date_of_another_answer(web):
    answers = [Answer(200, rss("a"), VALIDATORS), Answer(200, rss("b"), {"ETag": '"two"'}), Answer(304)]
    web.on("/feed", answers)
    assert Reader(web).run(3.2).conditions[2] == {"if-none-match": b'"two"'}


def test_a_304_brings_its_date_up_to_date(web):
    newer = {"ETag": 'W/"one"', "Last-Modified": "Wed, 04 Jun 2025 09:39:00 GMT"}
    web.on("/feed", [Answer(200, rss("a"), VALIDATORS), Answer(304, headers=newer), Answer(304)])
    sent = {"if-none-match": b'W/"one"', "if-modified-since": b"Wed, 04 Jun 2025 09:39:00 GMT"}
    assert Reader(web).run(3.2).conditions[2] == sent


def test_a_304_that_speaks_of_another_body_changes_no_validator(web):
    other = {"ETag": '"other"', "Last-Modified": "Wed, 04 Jun 2025 09:39:00 GMT"}
    web.on("/feed", [Answer(200, rss("a"), VALIDATORS), Answer(304, headers=other), Answer(304)])
    sent = {"if-none-match": b'"one"', "if-modified-since": VALIDATORS["Last-Modified"].encode()}
    assert Reader(web).run(3.2).conditions[2] == sent


def test_a_304_with_nothing_but_a_newer_date_does_not_speak_of_the_body_that_was_read(web):
    dated = {"Last-Modified": VALIDATORS["Last-Modified"]}
    newer = {"Last-Modified": "Wed, 04 Jun 2025 09:39:00 GMT"}
    web.on("/feed", [Answer(200, rss("a"), dated), Answer(304, headers=newer), Answer(304)])
    assert Reader(web).run(3.2).conditions[2] == {"if-modified-since": dated["Last-Modified"].encode()}


def test_a_304_makes_the_feed_fresh_anew_and_may_change_for_how_long(web):
    fresh = {**VALIDATORS, "Cache-Control": "max-age=1200"}
    longer = {"Cache-Control": "max-age=7200"}
    web.on("/feed", [Answer(200, rss("a"), fresh), Answer(304), Answer(304, headers=longer), Answer(304)])
    first, second, third, *_ = Reader(web, replace(GENTLE, polls_per_news=1_000)).run(6).gaps_s
    assert 1_200 <= first <= 1_700
    assert 1_200 <= second <= 1_700
    assert third >= 7_200


@pytest.mark.parametrize("status", [429, 503, 403])
def test_retry_after_is_obeyed(web, status):
    web.on("/feed", [Answer(200, rss("a")), Answer(status, headers={"Retry-After": "21600"}), Answer(200, rss("b"))])
    reader = Reader(web).run(12)
    assert reader.gaps_s[1] >= 21_600  # more than after the same status without a time


def test_retry_after_is_obeyed_as_a_date(web):
    headers = {"Retry-After": "Tue, 03 Jun 2025 15:39:00 GMT", "Date": "Tue, 03 Jun 2025 09:39:00 GMT"}
    web.on("/feed", [Answer(429, headers=headers), Answer(200, rss("b"))])
    assert Reader(web).run(12).gaps_s[0] >= 21_600


def test_a_429_without_a_time_is_hours_of_silence(web):
    web.on("/feed", [Answer(429), Answer(200, rss("a"))])
    assert Reader(web).run(9).gaps_s[0] >= 4 * 3_600


@pytest.mark.parametrize("status", [404, 500, 410])
def test_a_failure_is_no_reason_to_hurry_and_410_is_the_end(web, status):
    web.on("/feed", Answer(status))
    reader = Reader(web).run(24)
    if status == 410:
        assert len(reader.seen) == 1
    else:
        assert min(reader.gaps_s) >= 3_600
        assert len(reader.asked_s) <= 8


def test_nothing_but_the_feed_and_the_rules_for_robots_is_asked_for_and_nothing_of_cookies(web):
    web.on("/feed", lambda asked: replace(honest(asked), headers={**VALIDATORS, "Set-Cookie": "id=1"}))
    Reader(web).run(24)
    assert {asked.path for asked in web.log} == {"/feed", "/robots.txt"}
    assert not [asked for asked in web.log if "cookie" in asked.headers or "referer" in asked.headers]


def test_each_request_says_who_asks_and_how_to_write_to_them(web):
    web.on("/feed", honest)
    Reader(web).run(3)
    agents = {asked.headers["user-agent"] for asked in web.log}
    assert len(agents) == 1
    assert agents.pop().endswith(f" (+{CONTACT})".encode())


def test_each_request_takes_a_body_that_is_compressed(web):
    web.on("/feed", honest)
    reader = Reader(web).run(2)
    assert all(b"gzip" in asked.headers["accept-encoding"] for asked in reader.seen)


@pytest.mark.parametrize("status", [301, 308])
def test_a_feed_that_has_moved_for_good_is_soon_asked_at_its_new_address_alone(web, status):
    web.on("/feed", Answer(status, headers={"Location": "/new"}))
    web.on("/new", with_news())
    reader = Reader(web).run(8)
    assert [asked.path for asked in reader.seen] == [*["/feed", "/new"] * 3, *["/new"] * (len(reader.asked_s) - 3)]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_feed_that_is_elsewhere_for_a_while_is_asked_at_its_own_address_each_time(web, status):
    web.on("/feed", Answer(status, headers={"Location": "/new"}))
    web.on("/new", with_news())
    reader = Reader(web).run(8)
    assert [asked.path for asked in reader.seen] == ["/feed", "/new"] * len(reader.asked_s)


def test_validators_go_back_to_the_address_that_sent_them_and_to_no_other(web):
    web.on("/feed", Answer(302, headers={"Location": "/new"}))
    web.on("/new", honest)
    reader = Reader(web).run(3.2)
    assert [len(one) for one in reader.conditions] == [0, 0, 0, 2, 0, 2]
