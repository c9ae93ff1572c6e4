"""How long a feed is left alone after each kind of answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.cursor import after_poll, is_due
from transforms.feeds.scheduling.listing import listing_of
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings, jitter_of

URL = "https://paper.example/feed"
SECOND_US = 1_000_000
HOUR_S, DAY_S = 3_600, 86_400
STILL = PollSettings(jitter=0)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND_US


SUNDAY_NOON_US = at("2025-06-15 12:00")


def after(
    facts: PollFacts, cursor: FeedCursor | None = None, now_us: int = SUNDAY_NOON_US, settings: PollSettings = STILL
) -> FeedCursor:
    return after_poll(cursor, URL, facts, now_us, settings)


def wait_s(cursor: FeedCursor) -> float:
    assert cursor.next_poll_at_us is not None
    assert cursor.last_polled_at_us is not None
    return (cursor.next_poll_at_us - cursor.last_polled_at_us) / SECOND_US


def listing(*names: int) -> bytes:
    return listing_of(f"{name:08x}" for name in names)


@pytest.mark.parametrize(
    ("facts", "expected_s"),
    [
        (PollFacts(200), 900),
        (PollFacts(200, fresh_s=60), 900),
        (PollFacts(200, fresh_s=1800), 1800),
        (PollFacts(200, fresh_s=1800, ttl_s=3600), 3600),
        (PollFacts(200, fresh_s=5400, ttl_s=3600), 5400),
        (PollFacts(200, ttl_s=10**12), DAY_S),
        (PollFacts(500, Reason.SERVER_ERROR), 0),
        (PollFacts(None, Reason.UNREACHABLE), 0),
        (PollFacts(429, Reason.RATE_LIMITED, retry_after_s=1200.0), 1200),
        (PollFacts(403, Reason.RATE_LIMITED, retry_after_s=1200.2), 1201),
        (PollFacts(503, Reason.SERVER_ERROR, retry_after_s=0.0), 900),
        (PollFacts(503, Reason.SERVER_ERROR, retry_after_s=1e12), DAY_S),
    ],
)
def test_the_first_wait_after_each_kind_of_answer(facts, expected_s):
    assert wait_s(after(facts)) == expected_s


@pytest.mark.parametrize(
    "facts",
    [
        PollFacts(429, Reason.RATE_LIMITED),
        PollFacts(503, Reason.SERVER_ERROR),
        PollFacts(403, Reason.RATE_LIMITED),
    ],
)
def test_an_answer_that_asks_for_patience_without_a_time_gets_four_to_six_hours_each_feed_its_own(facts):
    urls = [f"https://paper{number}.example/feed" for number in range(200)]
    waits = [wait_s(after_poll(None, url, facts, SUNDAY_NOON_US, STILL)) for url in urls]
    assert 4 * HOUR_S <= min(waits) < 4.2 * HOUR_S
    assert 5.8 * HOUR_S < max(waits) <= 6 * HOUR_S
    assert len(set(waits)) > 190


def test_a_first_error_waits_for_the_next_run_and_errors_in_a_row_ever_longer_up_to_a_day():
    waits, cursor = [], None
    for _ in range(30):
        cursor = after(PollFacts(404, Reason.NOT_FOUND), cursor)
        waits.append(wait_s(cursor))
    assert waits[:4] == [0, 3600, 7200, 10800]
    assert waits[24:] == [DAY_S] * 6


def test_a_server_that_says_in_a_second_for_ever_is_asked_ever_less():
    waits, cursor = [], None
    for _ in range(5):
        cursor = after(PollFacts(429, Reason.RATE_LIMITED, retry_after_s=1.0), cursor)
        waits.append(wait_s(cursor))
    assert waits == [900, 3600, 7200, 10800, 14400]


@given(st.integers(0, 60), st.floats(0, 1e9), st.integers(0, DAY_S), st.floats(0, 0.1))
def test_a_wait_that_a_server_asks_for_is_kept_up_to_a_day(errors, asked_s, min_s, jitter):
    settings = PollSettings(min_interval_s=min_s, jitter=jitter)
    facts = PollFacts(429, Reason.RATE_LIMITED, retry_after_s=asked_s)
    waited_s = wait_s(after(facts, FeedCursor(URL, error_count=errors), settings=settings))
    assert waited_s >= min(asked_s, DAY_S)
    assert waited_s <= DAY_S * 1.1


@given(st.integers(900, DAY_S), st.integers(900, DAY_S), st.booleans())
def test_what_feed_and_server_asked_for_outlives_304s_and_errors(ttl_s, fresh_s, fails):
    cursor = after(PollFacts(200, final_url=URL, ttl_s=ttl_s, fresh_s=fresh_s))
    for _ in range(5):
        if fails:
            cursor = after(PollFacts(502, Reason.SERVER_ERROR), cursor)
        cursor = after(PollFacts(304, final_url=URL), cursor)
        assert wait_s(cursor) == max(ttl_s, fresh_s)


def test_a_304_that_names_a_new_freshness_replaces_the_old():
    cursor = after(PollFacts(200, final_url=URL, fresh_s=7200))
    assert wait_s(after(PollFacts(304, final_url=URL, fresh_s=1000), cursor)) == 1000


def test_a_new_body_that_asks_for_nothing_ends_the_old_wishes():
    cursor = after(PollFacts(200, ttl_s=7200, fresh_s=7200, skip_hours=7, skip_days=1))
    later = after(PollFacts(200), cursor)
    assert (later.ttl_s, later.fresh_s, later.skip_hours, later.skip_days, wait_s(later)) == (None, None, 0, 0, 900)


def news_every(gap_s: int, polls: int, settings: PollSettings = STILL) -> FeedCursor:
    cursor, now_us = None, SUNDAY_NOON_US
    for number in range(polls):
        cursor = after(PollFacts(200, listing=listing(number)), cursor, now_us, settings)
        now_us += gap_s * SECOND_US
    assert cursor is not None
    return cursor


@pytest.mark.parametrize(
    ("gap_s", "expected_s"),
    [(60, 900), (2 * HOUR_S, 900), (4 * HOUR_S, 1800), (DAY_S, 3 * HOUR_S), (20 * DAY_S, DAY_S)],
)
def test_a_feed_is_polled_eight_times_for_each_news_it_brings_within_bounds(gap_s, expected_s):
    assert wait_s(news_every(gap_s, 10)) == expected_s


def test_a_feed_that_falls_silent_is_polled_ever_less_and_at_once_more_often_when_it_speaks():
    cursor = news_every(900, 10)
    spoke_us = cursor.last_news_at_us or 0
    waits = []
    for silent_s in (HOUR_S, 8 * HOUR_S, DAY_S, 30 * DAY_S):
        silent = after(PollFacts(304), cursor, spoke_us + silent_s * SECOND_US)
        waits.append(wait_s(silent))
    assert waits == [900, HOUR_S, 3 * HOUR_S, DAY_S]
    speaks = after(PollFacts(200, listing=listing(99)), cursor, spoke_us + 8 * HOUR_S * SECOND_US)
    assert wait_s(speaks) < 1200


def test_the_same_entries_in_another_order_or_fewer_of_them_are_no_news():
    cursor = after(PollFacts(200, listing=listing(1, 2, 3)))
    later = after(PollFacts(200, listing=listing(3, 1)), cursor, SUNDAY_NOON_US + HOUR_S * SECOND_US)
    assert (later.last_news_at_us, later.news_gap_s) == (SUNDAY_NOON_US, None)


def test_whoever_sets_no_interval_of_his_own_sets_the_pace():
    settings = PollSettings(min_interval_s=0, jitter=0)
    assert wait_s(news_every(DAY_S, 5, settings)) == 0
    assert wait_s(after(PollFacts(200, ttl_s=600), settings=settings)) == 600


HOURS_0_TO_5 = 0b111111
WEEKEND = 0b1100000


@pytest.mark.parametrize(
    ("now", "hours", "days", "expected"),
    [
        ("2025-06-15 23:30", HOURS_0_TO_5, 0, "2025-06-15 23:45"),
        ("2025-06-15 23:50", HOURS_0_TO_5, 0, "2025-06-16 06:00"),
        ("2025-06-14 12:00", 0, WEEKEND, "2025-06-16 00:00"),
        ("2025-06-13 23:50", HOURS_0_TO_5, WEEKEND, "2025-06-16 06:00"),
        ("2025-06-15 12:00", 0, 0b1011111, "2025-06-21 00:00"),
        ("2025-06-15 12:00", 2**24 - 1, 0, "2025-06-15 12:15"),
        ("2025-06-15 12:00", 0, 2**7 - 1, "2025-06-15 12:15"),
    ],
)
def test_hours_and_days_that_a_feed_skips_are_waited_out_unless_it_skips_all(now, hours, days, expected):
    cursor = after(PollFacts(200, skip_hours=hours, skip_days=days), now_us=at(now))
    assert cursor.next_poll_at_us == at(expected)


def test_feeds_that_skip_the_same_hours_do_not_meet_when_they_end():
    facts = PollFacts(200, skip_hours=HOURS_0_TO_5)
    urls = [f"https://paper{number}.example/feed" for number in range(100)]
    nexts = {after_poll(None, url, facts, at("2025-06-16 00:30"), PollSettings()).next_poll_at_us for url in urls}
    assert len(nexts) > 95
    assert at("2025-06-16 06:00") <= min(map(int, filter(None, nexts)))
    assert max(map(int, filter(None, nexts))) <= at("2025-06-16 06:06")


def test_a_run_in_a_skipped_hour_leaves_the_feed_alone_unless_it_is_overdue_by_a_day():
    cursor = replace(after(PollFacts(200, skip_hours=HOURS_0_TO_5)), next_poll_at_us=at("2025-06-15 20:00"))
    assert is_due(cursor, at("2025-06-15 23:59"))
    assert not is_due(cursor, at("2025-06-16 03:00"))
    assert is_due(cursor, at("2025-06-17 03:00"))


def test_a_feed_drifts_by_its_own_share_of_the_interval():
    settings = PollSettings(jitter=0.1)
    assert wait_s(after(PollFacts(200, ttl_s=7200), settings=settings)) == pytest.approx(
        7200 * (1 + jitter_of(URL) / 10)
    )
