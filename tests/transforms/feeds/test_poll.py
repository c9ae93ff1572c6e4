"""Polling without a pipeline: a written client, a written clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from multidict import CIMultiDict

from schemas.credentials import Credentials
from schemas.failure import Reason
from schemas.feed import FeedCursor, FeedSpec
from schemas.feed_order import FeedOrder, Hold, Order
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedBugError, FeedError
from transforms.feeds.polling.poll import Polled, poll_feeds
from transforms.feeds.scheduling.listing import listing_of
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.web.chosen.secrets import Grant, MissingSecretError
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.response import Response

NOW_US = 1_750_000_000_000_000
URL = "https://paper.example/feed"
RSS = b"""<rss version="2.0"><channel><title>The Paper</title><link>https://paper.example/</link>
<item><title>A</title><link>/a</link></item><item><title>No link</title></item></channel></rss>"""


@dataclass(frozen=True)
class StillClock:
    def now_us(self) -> int:
        return NOW_US


def answer(
    status: int = 200, body: bytes = RSS, url: str = URL, final_url: str | None = None, **headers: str
) -> Response:
    fields = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    return Response(url, final_url or url, (), status, fields, body, elapsed_ms=12, received_at_us=NOW_US)


@dataclass
class WrittenClient:
    """Answers as written, and remembers what was asked."""

    answers: dict[str, Response | Exception]
    asked: list[tuple[str, tuple[tuple[str, str], ...], str | None]] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0
    most_in_all: int = 0

    async def fetch(
        self, url: str, headers: Iterable[tuple[str, str]] = (), *, validator_url: str | None = None
    ) -> Response:
        self.asked.append((url, tuple(headers), validator_url))
        host = url.partition("//")[2].partition("/")[0]
        self.at_once[host] = self.at_once.get(host, 0) + 1
        self.most_at_once = max(self.most_at_once, self.at_once[host])
        self.most_in_all = max(self.most_in_all, sum(self.at_once.values()))
        await asyncio.sleep(0)
        self.at_once[host] -= 1
        result = self.answers[url]
        if isinstance(result, Exception):
            raise result
        return result


def hopped(*hops: tuple[int, str], final_url: str, status: int = 200, body: bytes = RSS) -> Response:
    return Response(URL, final_url, hops, status, CIMultiDict(), body, elapsed_ms=12, received_at_us=NOW_US)


async def parse_badly(body, content_type, base_url, spec):
    raise FeedBugError(Reason.CRASH, "parsing the feed KeyError in xml_feed.py:80: 'title'")


async def parse_to_what_no_file_takes(body, content_type, base_url, spec):
    parsed = parse_feed(body, content_type, base_url)
    return replace(parsed, entries=(replace(parsed.entries[0], title="cut in half: \ud83d"),))


async def parse(body, content_type, base_url, spec):
    return parse_feed(body, content_type, base_url, spec)


def poll(
    client: WrittenClient, *cursors: FeedCursor, urls: Iterable[str] = (URL,), parser=parse, orders=()
) -> list[Polled]:
    async def collect() -> list[Polled]:
        specs = [FeedSpec(url) for url in urls]
        known = {cursor.feed_url: cursor for cursor in cursors}
        given = {order.feed_url: order for order in orders}
        settings = PollSettings(jitter=0)
        stream = poll_feeds(specs, known, client, parser, StillClock(), "run", settings, orders=given)
        return [polled async for polled in stream]

    return asyncio.run(collect())


def only(result: Response | Exception, *cursors: FeedCursor, parser=parse) -> Polled:
    (polled,) = poll(WrittenClient({URL: result}), *cursors, parser=parser)
    return polled


def test_a_feed_that_answers_gives_its_entries_a_row_and_a_cursor():
    polled = only(answer(etag='W/"1"', last_modified="Tue, 03 Jun 2025 9:39 GMT", cache_control="public, max-age=3600"))
    row = polled.poll
    assert (row.outcome, row.status, row.format, row.title) == ("ok", 200, "rss20", "The Paper")
    assert (row.entries, row.body_bytes, row.elapsed_ms, row.run_id) == (2, len(RSS), 12, "run")
    assert [entry.url for entry in polled.entries] == ["https://paper.example/a"]
    assert polled.cursor == FeedCursor(
        URL,
        validator_url=URL,
        etag='W/"1"',
        last_modified="Tue, 03 Jun 2025 9:39 GMT",
        last_polled_at_us=NOW_US,
        last_success_at_us=NOW_US,
        next_poll_at_us=NOW_US + 3_600_000_000,
        last_read_at_us=NOW_US,
        fresh_s=3600,
        listing=listing_of([polled.entries[0].url_key]),
        last_news_at_us=NOW_US,
    )
    assert (row.moved_to, row.conditional, row.distrusted) == (None, False, False)
    assert row.next_poll_at_us == polled.cursor.next_poll_at_us


def test_an_entry_without_a_page_is_a_failure_with_its_name():
    (failure,) = only(answer()).failures
    assert (failure.stage, failure.reason, failure.input_kind, failure.input) == (
        "feeds",
        "bad_url",
        "entry",
        "No link",
    )
    assert (failure.feed_url, failure.message) == (URL, "the entry has no link")


def test_validators_are_sent_with_the_address_they_came_from():
    client = WrittenClient({URL: answer(304, b"")})
    cursor = FeedCursor(URL, "https://cdn.example/feed", '"1"', "some day")
    (polled,) = poll(client, cursor)
    assert client.asked == [
        (URL, (("If-None-Match", '"1"'), ("If-Modified-Since", "some day")), "https://cdn.example/feed")
    ]
    assert (polled.poll.outcome, polled.entries, polled.failures) == ("not_modified", (), ())
    assert polled.poll.conditional is True
    assert polled.cursor is not None
    assert polled.cursor.etag == '"1"'


def test_validators_are_kept_for_the_address_that_a_redirect_led_to():
    polled = only(answer(final_url="https://cdn.example/feed", etag='"1"'))
    assert polled.cursor is not None
    assert (polled.cursor.validator_url, polled.poll.final_url) == ("https://cdn.example/feed",) * 2


def test_a_304_that_nobody_asked_for_is_a_failure():
    polled = only(answer(304, b""))
    assert (polled.poll.outcome, polled.poll.reason) == ("failed", "bad_response")


def test_a_feed_that_is_not_due_or_retired_costs_no_request():
    client = WrittenClient({})
    other = "https://other.example/feed"
    results = poll(
        client, FeedCursor(URL, next_poll_at_us=NOW_US + 1), FeedCursor(other, retired=True), urls=[URL, other]
    )
    assert client.asked == []
    assert {(one.poll.feed_url, one.poll.outcome, one.cursor) for one in results} == {
        (URL, "not_due", None),
        (other, "retired", None),
    }


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, "forbidden"),
        (404, "not_found"),
        (418, "http_status"),
        (429, "rate_limited"),
        (500, "server_error"),
        (300, "http_status"),
    ],
)
def test_an_answer_that_is_no_success_is_a_failure_with_its_status(status, reason):
    polled = only(answer(status))
    (failure,) = polled.failures
    assert (polled.poll.outcome, polled.poll.status, polled.poll.reason) == ("failed", status, reason)
    assert (failure.reason, failure.status, failure.input_kind, failure.input) == (reason, status, "feed", URL)
    assert polled.cursor is not None
    assert polled.cursor.error_count == 1
    assert polled.entries == ()


def test_a_feed_that_answers_410_is_retired_and_never_polled_again():
    polled = only(answer(410))
    assert polled.cursor is not None
    assert (polled.poll.reason, polled.cursor.retired) == ("gone", True)
    again = only(RuntimeError("no request is made"), polled.cursor)
    assert again.poll.outcome == "retired"


def test_retry_after_sets_the_next_poll():
    polled = only(answer(503, retry_after="7200"))
    assert polled.poll.next_poll_at_us == NOW_US + 7_200_000_000


def test_a_request_that_fails_is_a_failure_with_its_reason():
    polled = only(FetchError(Reason.UNREACHABLE, "no connection: refused"))
    assert (polled.poll.outcome, polled.poll.reason, polled.poll.message) == (
        "failed",
        "unreachable",
        "no connection: refused",
    )
    assert polled.failures[0].reason == "unreachable"


def test_a_deferred_feed_keeps_its_cursor_and_is_no_failure():
    polled = only(Deferred("paper.example asks for 600 s of rest"), FeedCursor(URL, error_count=3))
    assert (polled.poll.outcome, polled.poll.message, polled.poll.error_count) == (
        "deferred",
        "paper.example asks for 600 s of rest",
        3,
    )
    assert (polled.cursor, polled.failures) == (None, ())


def test_a_body_that_is_no_feed_fails_and_keeps_the_old_validators():
    cursor = FeedCursor(URL, URL, '"old"')
    polled = only(answer(body=b"<html>Sorry</html>", etag='"new"'), cursor)
    assert (polled.poll.reason, polled.poll.message) == ("not_a_feed", "this is an HTML page, not a feed")
    assert polled.cursor is not None
    assert polled.cursor.etag == '"old"'


def test_a_parser_that_was_killed_is_a_failure_with_its_reason():
    async def killed(body, content_type, base_url, spec):
        raise FeedError(Reason.TIMEOUT, "took more than 20 s of processor time")

    assert only(answer(), parser=killed).poll.reason == "timeout"


def test_a_feed_named_twice_is_polled_once():
    client = WrittenClient({URL: answer()})
    assert len(poll(client, urls=[URL, URL])) == 1
    assert len(client.asked) == 1


def test_the_feeds_of_a_host_are_polled_one_after_another_in_their_order():
    urls = [f"https://paper.example/{number}" for number in range(5)]
    client = WrittenClient({url: answer(url=url) for url in urls})
    assert len(poll(client, urls=urls)) == 5
    assert client.most_at_once == 1
    assert [url for url, _, _ in client.asked] == urls


def test_an_address_that_is_none_is_a_failure_and_stops_nothing():
    client = WrittenClient({"nonsense": FetchError(Reason.BAD_URL, "not a URL"), URL: answer()})
    outcomes = {one.poll.feed_url: one.poll.outcome for one in poll(client, urls=["nonsense", URL])}
    assert outcomes == {"nonsense": "failed", URL: "ok"}


def test_a_bug_in_one_poll_ends_the_run_and_cancels_the_others():
    other = "https://other.example/feed"
    client = WrittenClient({URL: ZeroDivisionError("a bug"), other: answer(url=other)})
    with pytest.raises(ZeroDivisionError, match="a bug"):
        poll(client, urls=[URL, other])


NEW = "https://new.example/feed"


def test_a_feed_that_moved_is_polled_at_its_new_address_and_keeps_its_name():
    cursor = None
    for _ in range(3):
        polled = only(hopped((301, URL), final_url=NEW), *([cursor] if cursor else []))
        assert polled.poll.final_url == NEW
        assert polled.cursor is not None
        cursor = replace(polled.cursor, next_poll_at_us=NOW_US)
    assert (polled.poll.moved_to, cursor.moved_to) == (NEW, NEW)
    client = WrittenClient({NEW: answer(url=NEW)})
    (polled,) = poll(client, cursor)
    assert [url for url, _, _ in client.asked] == [NEW]
    assert (polled.poll.feed_url, polled.poll.moved_to, polled.entries[0].feed_url) == (URL, NEW, URL)


def test_feeds_that_moved_to_one_host_are_polled_there_one_after_another():
    urls = [f"https://paper{number}.example/feed" for number in range(5)]
    places = [f"https://host.example/{number}" for number in range(5)]
    client = WrittenClient({place: answer(url=place) for place in places})
    cursors = [FeedCursor(url, moved_to=place) for url, place in zip(urls, places, strict=True)]
    assert len(poll(client, *cursors, urls=urls)) == 5
    assert client.most_at_once == 1


def test_a_distrusted_feed_is_asked_without_validators_and_its_row_says_so():
    client = WrittenClient({URL: answer(etag='"1"')})
    (polled,) = poll(client, FeedCursor(URL, URL, '"1"', distrusted=True))
    assert client.asked == [(URL, (), None)]
    assert (polled.poll.outcome, polled.poll.conditional, polled.poll.distrusted) == ("ok", False, True)


def test_news_under_an_unchanged_etag_is_a_lie_that_the_row_shows():
    known = FeedCursor(URL, URL, '"1"', listing=listing_of(["0" * 32]))
    polled = only(answer(etag='"1"'), known)
    assert (polled.poll.distrusted, [entry.url for entry in polled.entries]) == (True, ["https://paper.example/a"])


def test_a_probe_asks_without_conditions_and_a_304_to_it_is_a_failure():
    before = FeedCursor(URL, URL, '"1"', unchanged_in_a_row=50, last_read_at_us=NOW_US - 3 * 86_400_000_000)
    client = WrittenClient({URL: answer(304, b"")})
    (polled,) = poll(client, before)
    assert client.asked == [(URL, (), None)]
    assert (polled.poll.reason, polled.poll.conditional) == ("bad_response", False)


def test_a_403_of_a_rate_limiter_waits_as_long_as_it_says():
    polled = only(answer(403, retry_after="7200"))
    assert (polled.poll.reason, polled.poll.status) == ("rate_limited", 403)
    assert polled.poll.next_poll_at_us == NOW_US + 7_200_000_000


def test_the_hours_that_a_feed_skips_are_remembered():
    body = RSS.replace(b"<link>", b"<skipHours><hour>3</hour></skipHours><link>", 1)
    cursor = only(answer(body=body)).cursor
    assert cursor is not None
    assert cursor.skip_hours == 8


@pytest.mark.parametrize("first", [1, 8, 32])
def test_a_run_begins_with_few_polls_so_that_a_thousand_feeds_that_are_due_are_no_burst(first):
    assert poll_starts(first) == first


def test_no_more_polls_are_under_way_than_allowed():
    urls = [f"https://paper{number}.example/feed" for number in range(500)]
    client = WrittenClient({url: answer(url=url) for url in urls})
    assert len(poll(client, urls=urls)) == 500
    assert 32 < client.most_in_all <= 256


def poll_starts(first: int) -> int:
    """How many of 100 polls are under way before the first of them is answered."""
    urls = [f"https://paper{number}.example/feed" for number in range(100)]

    class StuckClient:
        def __init__(self) -> None:
            self.started = 0
            self.answered = asyncio.Event()

        async def fetch(self, url, headers=(), *, validator_url=None):
            self.started += 1
            await self.answered.wait()
            return answer(304, b"", url=url)

    async def count() -> int:
        client = StuckClient()
        settings = PollSettings(first_polls=first)
        stream = poll_feeds([FeedSpec(url) for url in urls], {}, client, parse, StillClock(), "run", settings)
        first_poll = asyncio.ensure_future(anext(stream))
        for _ in range(20):
            await asyncio.sleep(0)
        started = client.started
        client.answered.set()
        await first_poll
        assert len([polled async for polled in stream]) == 99
        return started

    return asyncio.run(count())


BELOW = "https://paper.example/news.xml"
INDEX = f"<sitemapindex><sitemap><loc>{BELOW}</loc></sitemap></sitemapindex>".encode()
SITEMAP = b"""<urlset xmlns:news="n"><url><loc>https://paper.example/a</loc><news:news><news:title>A</news:title>
<news:publication_date>2025-06-15T10:00:00Z</news:publication_date></news:news></url></urlset>"""


def test_a_poll_of_an_index_of_sitemaps_reads_them_and_keeps_no_validators_since_it_may_not_change_with_them():
    client = WrittenClient({URL: answer(body=INDEX, etag='"1"'), BELOW: answer(url=BELOW, body=SITEMAP)})
    (polled,) = poll(client)
    assert (polled.poll.outcome, polled.poll.format, polled.poll.entries) == ("ok", "sitemapindex", 1)
    assert [entry.url for entry in polled.entries] == ["https://paper.example/a"]
    assert polled.cursor is not None
    assert (polled.cursor.validator_url, polled.cursor.etag) == (None, None)


@pytest.mark.parametrize(
    ("below", "outcome", "reason"),
    [(answer(404, url=BELOW), "failed", "not_found"), (Deferred("a rest"), "deferred", None)],
)
def test_an_index_whose_sitemaps_cannot_be_had_ends_as_they_do(below, outcome, reason):
    (polled,) = poll(WrittenClient({URL: answer(body=INDEX), BELOW: below}))
    assert (polled.poll.outcome, polled.poll.reason, polled.cursor is None) == (outcome, reason, outcome == "deferred")


PAPERS = [f"https://paper{number}.example/feed" for number in range(8)]
NO_NETWORK = FetchError(Reason.UNREACHABLE, "no connection: network is unreachable", phase="connect")


def well(url: str) -> FeedCursor:
    return FeedCursor(url, url, '"1"', last_success_at_us=1, last_polled_at_us=1, next_poll_at_us=NOW_US - 5)


def test_where_most_hosts_fail_at_once_it_is_our_network_and_every_feed_stays_as_it_was():
    answers: dict[str, Response | Exception] = dict.fromkeys(PAPERS, NO_NETWORK)
    answers[PAPERS[0]] = answer(url=PAPERS[0])
    answers[PAPERS[1]] = FetchError(Reason.TIMEOUT, "no head", phase="headers", timed_out=True)
    answers[PAPERS[2]] = FetchError(Reason.ROBOTS_DENIED, "not for us")
    failing = replace(well(PAPERS[3]), error_count=2)
    known = [failing if url == PAPERS[3] else well(url) for url in PAPERS[:-1]]
    results = {one.poll.feed_url: one for one in poll(WrittenClient(answers), *known, urls=PAPERS)}
    assert {url: one.poll.outcome for url, one in results.items()} == {
        PAPERS[0]: "ok",
        PAPERS[2]: "failed",
        **dict.fromkeys([PAPERS[1], *PAPERS[3:]], "offline"),
    }
    lost = results[PAPERS[3]]
    assert (lost.cursor, lost.failures, lost.poll.error_count) == (None, (), 2)
    assert (lost.poll.next_poll_at_us, lost.poll.reason) == (NOW_US - 5, "unreachable")
    assert lost.poll.message == "no connection: network is unreachable"
    assert lost.poll.was_asked


def test_a_few_hosts_that_fail_among_many_are_failures_of_their_own():
    answers: dict[str, Response | Exception] = {url: answer(url=url) for url in PAPERS}
    answers |= dict.fromkeys(PAPERS[:3], NO_NETWORK)
    results = poll(WrittenClient(answers), *map(well, PAPERS), urls=PAPERS)
    counted = {one.poll.feed_url: one.cursor.error_count for one in results if one.cursor is not None}
    assert counted == {url: int(url in PAPERS[:3]) for url in PAPERS}


def test_of_one_host_the_feeds_that_wait_longest_come_first_since_a_run_may_not_come_to_all():
    urls = [f"https://paper.example/{number}" for number in range(4)]
    client = WrittenClient({url: answer(url=url) for url in [*urls, *PAPERS[:2]]})
    waits = {urls[0]: 5, urls[1]: 30, urls[2]: 90}
    cursors = [FeedCursor(url, next_poll_at_us=NOW_US - wait) for url, wait in waits.items()]
    poll(client, *cursors, urls=[urls[0], PAPERS[0], urls[1], urls[2], PAPERS[1], urls[3]])
    asked = [url for url, _, _ in client.asked]
    assert [url for url in asked if url in urls] == [urls[3], urls[2], urls[1], urls[0]]


def test_only_what_was_asked_is_worth_a_row():
    index = WrittenClient({URL: answer(body=INDEX), BELOW: Deferred("no time")})
    (partly,) = poll(index)
    assert (partly.poll.outcome, partly.poll.status, partly.poll.was_asked) == ("deferred", 200, True)
    assert not only(Deferred("no time")).poll.was_asked
    assert not only(answer(), FeedCursor(URL, retired=True)).poll.was_asked
    assert only(answer()).poll.was_asked
    assert only(answer(304, b""), well(URL)).poll.was_asked
    assert only(answer(500)).poll.was_asked


def test_a_run_that_is_forced_asks_feeds_that_are_not_due_and_one_in_rhythm_those_of_the_next_minutes():
    def outcome(settings: PollSettings, cursor: FeedCursor) -> str:
        async def collect() -> list[Polled]:
            client = WrittenClient({URL: answer()})
            stream = poll_feeds([FeedSpec(URL)], {URL: cursor}, client, parse, StillClock(), "run", settings)
            return [polled async for polled in stream]

        return asyncio.run(collect())[0].poll.outcome

    soon = FeedCursor(URL, last_polled_at_us=NOW_US - 900_000_000, next_poll_at_us=NOW_US + 60_000_000)
    assert outcome(PollSettings(), soon) == "not_due"
    assert outcome(PollSettings(run_gap_s=900), soon) == "ok"
    late = replace(soon, next_poll_at_us=NOW_US + 3_600_000_000)
    assert outcome(PollSettings(run_gap_s=900), late) == "not_due"
    assert outcome(PollSettings(force=True), late) == "ok"
    assert outcome(PollSettings(min_interval_s=0), late) == "ok"
    assert outcome(PollSettings(force=True), replace(late, asked_until_us=NOW_US + 1)) == "not_due"


@pytest.mark.parametrize(
    ("parser", "message"),
    [
        (parse_badly, "parsing the feed KeyError in xml_feed.py:80: 'title'"),
        (parse_to_what_no_file_takes, "reading the feed UnicodeEncodeError in table.py"),
    ],
)
def test_a_bug_on_what_one_feed_says_is_that_feeds_failure_and_counted_as_a_bug(parser, message):
    (polled,) = poll(WrittenClient({URL: answer(etag='"1"')}), parser=parser)
    assert (polled.poll.outcome, polled.poll.reason, polled.is_bug) == ("failed", Reason.CRASH, True)
    assert polled.poll.message.startswith(message)
    assert [failure.reason for failure in polled.failures] == [Reason.CRASH]
    assert polled.entries == ()
    assert polled.cursor.error_count == 1
    assert polled.cursor.etag is None, "the same bytes are read again once the bug is mended"


def test_hosts_that_fail_at_once_in_different_ways_are_our_network_too():
    ways: list[Response | Exception] = [
        answer(511),  # who stands before all hosts and wants us to log in
        FetchError(Reason.UNREACHABLE, "certificate refused", phase="certificate"),
        FetchError(Reason.ROBOTS_UNAVAILABLE, "robots.txt: no answer", phase="headers"),
        FetchError(Reason.TIMEOUT, "no head", phase="headers", timed_out=True),
    ]
    answers = {url: ways[number % len(ways)] for number, url in enumerate(PAPERS)}
    results = poll(WrittenClient(answers), *map(well, PAPERS), urls=PAPERS)
    assert {(one.poll.outcome, one.poll.error_count, one.cursor) for one in results} == {("offline", 0, None)}


def polled_with(spec: FeedSpec, client: WrittenClient, *cursors: FeedCursor) -> Polled:
    async def collect() -> list[Polled]:
        known = {cursor.feed_url: cursor for cursor in cursors}
        stream = poll_feeds([spec], known, client, parse, StillClock(), "run", PollSettings(jitter=0))
        return [polled async for polled in stream]

    (polled,) = asyncio.run(collect())
    return polled


def test_a_paused_feed_is_not_asked_and_stays_as_it_was():
    client = WrittenClient({})
    due = FeedCursor(URL, next_poll_at_us=NOW_US - 1, error_count=2)
    for cursors in ((), (due,), (replace(due, retired=True),)):
        polled = polled_with(FeedSpec(URL, is_paused=True), client, *cursors)
        assert (polled.poll.outcome, polled.cursor, polled.poll.was_asked) == ("paused", None, False)
    assert client.asked == []


def test_a_feeds_own_interval_takes_the_place_of_the_runs():
    waiting = FeedCursor(URL, last_polled_at_us=NOW_US - 1, next_poll_at_us=NOW_US + 10**9)
    client = WrittenClient({URL: answer()})
    assert polled_with(FeedSpec(URL), client, waiting).poll.outcome == "not_due"
    assert polled_with(FeedSpec(URL, interval_s=0), client, waiting).poll.outcome == "ok"
    later = polled_with(FeedSpec(URL, interval_s=7_200), client)
    assert later.cursor is not None
    assert later.cursor.next_poll_at_us == NOW_US + 7_200 * 10**6


def test_a_feeds_credentials_are_granted_to_its_own_origin(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OF_FEED", "hunter2")
    shown = Credentials("OF_FEED")
    granted = []

    class Proving(WrittenClient):
        async def fetch(self, url, headers=(), *, validator_url=None, credentials=None):
            granted.append(credentials)
            return await super().fetch(url, headers, validator_url=validator_url)

    moved = FeedCursor(URL, moved_to="https://else.example/rss")
    client = Proving({URL: answer(), "https://else.example/rss": answer()})
    for cursors in ((), (moved,)):
        assert polled_with(FeedSpec(URL, credentials=shown), client, *cursors).poll.outcome == "ok"
    assert granted == [Grant("https://paper.example", shown)] * 2
    monkeypatch.delenv("OF_FEED")
    with pytest.raises(MissingSecretError, match="OF_FEED"):
        polled_with(FeedSpec(URL, credentials=shown), client)
    assert polled_with(FeedSpec(URL, credentials=shown, is_paused=True), client).poll.outcome == "paused"


NOT_DUE = FeedCursor(
    URL, URL, '"1"', None, NOW_US - 60_000_000, NOW_US - 60_000_000, NOW_US + 3_600_000_000, error_count=3, obeyed=1
)
ASKED = FeedOrder(URL, Order.FORCE, NOW_US, asked=2)


@pytest.mark.parametrize("cursor", [(), (NOT_DUE,), (replace(NOT_DUE, next_poll_at_us=NOW_US),)])
@pytest.mark.parametrize("hold", Hold)
def test_a_feed_that_is_held_gets_no_request_and_keeps_its_cursor(cursor, hold):
    client = WrittenClient({})
    (polled,) = poll(client, *cursor, orders=[FeedOrder(URL, Order.PAUSE, NOW_US, hold=hold, asked=2)])
    assert (client.asked, polled.cursor, polled.poll.outcome) == ([], None, hold)


def test_a_feed_that_an_order_asks_for_is_read_without_conditions_and_once():
    client = WrittenClient({URL: answer(etag='"2"')})
    (polled,) = poll(client, NOT_DUE, orders=[ASKED])
    assert (client.asked, polled.poll.outcome) == ([(URL, (), None)], "ok")
    assert (polled.cursor.obeyed, polled.cursor.error_count) == (2, 0)
    (again,) = poll(client, polled.cursor, orders=[ASKED])
    assert (again.poll.outcome, len(client.asked)) == ("not_due", 1)


def test_an_order_is_obeyed_by_a_poll_that_failed_and_not_by_one_that_was_deferred_or_must_wait():
    (failed,) = poll(WrittenClient({URL: answer(503)}), NOT_DUE, orders=[ASKED])
    assert (failed.poll.outcome, failed.cursor.obeyed) == ("failed", 2)
    (deferred,) = poll(WrittenClient({URL: Deferred("no time left")}), NOT_DUE, orders=[ASKED])
    assert (deferred.poll.outcome, deferred.cursor) == ("deferred", None)
    waits = replace(NOT_DUE, asked_until_us=NOW_US + 1)
    (polled,) = poll(WrittenClient({}), waits, orders=[ASKED])
    assert (polled.poll.outcome, polled.cursor) == ("not_due", None)


def test_a_revived_feed_that_cannot_be_reached_stays_revived_and_one_that_answers_410_is_retired_again():
    gone = replace(NOT_DUE, retired=True, next_poll_at_us=None)
    (polled,) = poll(WrittenClient({URL: answer(503)}), gone, orders=[ASKED])
    assert (polled.poll.outcome, polled.cursor.retired) == ("failed", False)
    (polled,) = poll(WrittenClient({URL: answer(410)}), gone, orders=[ASKED])
    assert (polled.cursor.retired, polled.cursor.obeyed) == (True, 2)
