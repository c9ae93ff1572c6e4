"""When feeds are polled and with which validators: laws, and the cases that the laws do not show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.cursor import PollFacts, PollSettings, after_poll, is_due, jitter_of, request_headers

URL = "https://paper.example/feed"
NOW_US = 1_750_000_000_000_000
SECOND_US = 1_000_000
DAY_S = 86_400
SETTINGS = PollSettings()
STILL = PollSettings(jitter=0)

instants = st.integers(0, 4_000_000_000_000_000)
headers = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
seconds = st.none() | st.integers(0, 10**9)
reasons = st.sampled_from([reason for reason in Reason if reason is not Reason.GONE])
settings_of = st.builds(
    PollSettings,
    min_interval_s=st.integers(0, 7_200),
    max_interval_s=st.integers(7_200, DAY_S),
    jitter=st.floats(0, 0.1),
)
cursors = st.none() | st.builds(
    FeedCursor,
    feed_url=st.just(URL),
    validator_url=st.none() | st.just(URL),
    etag=headers,
    last_modified=headers,
    last_polled_at_us=st.none() | instants,
    next_poll_at_us=st.none() | instants,
    error_count=st.integers(0, 1000),
)
successes = st.builds(
    PollFacts,
    status=st.sampled_from([200, 304]),
    final_url=st.just(URL),
    etag=headers,
    last_modified=headers,
    max_age_s=seconds,
    ttl_s=seconds,
)
failures = st.builds(
    PollFacts,
    status=st.none() | st.integers(200, 599),
    reason=reasons,
    retry_after_s=st.none() | st.floats(0, 1e9),
)


def after(facts: PollFacts, cursor: FeedCursor | None = None, settings: PollSettings = STILL) -> FeedCursor:
    return after_poll(cursor, URL, facts, NOW_US, settings)


def wait_s(cursor: FeedCursor) -> float:
    assert cursor.next_poll_at_us is not None
    return (cursor.next_poll_at_us - NOW_US) / SECOND_US


@given(cursors, successes | failures, settings_of)
def test_the_next_poll_is_never_before_the_minimum_and_never_more_than_a_day_and_its_jitter_away(
    cursor, facts, settings
):
    waited_s = wait_s(after(facts, cursor, settings))
    assert settings.min_interval_s <= waited_s <= settings.max_interval_s * (1 + settings.jitter) + 1e-6


@given(cursors, successes | failures, settings_of)
def test_a_feed_is_due_at_its_next_poll_and_not_a_moment_before(cursor, facts, settings):
    later = after(facts, cursor, settings)
    assert later.next_poll_at_us is not None
    assert is_due(later, later.next_poll_at_us)
    assert not is_due(later, later.next_poll_at_us - 1)


@given(cursors, successes)
def test_validators_go_back_byte_for_byte_and_only_to_where_they_came_from(cursor, facts):
    facts = replace(facts, status=200)
    later = after(facts, cursor)
    sent = dict(request_headers(later, URL))
    assert sent.get("If-None-Match") == facts.etag
    assert sent.get("If-Modified-Since") == facts.last_modified
    assert request_headers(later, URL + "?other") == ()


@given(cursors, failures)
def test_a_failure_keeps_the_validators_and_counts(cursor, facts):
    before = cursor or FeedCursor(URL)
    later = after(facts, cursor)
    assert (later.etag, later.last_modified, later.validator_url) == (
        before.etag,
        before.last_modified,
        before.validator_url,
    )
    assert later.error_count == before.error_count + 1
    assert not later.retired


@given(cursors, successes)
def test_a_success_forgets_the_errors(cursor, facts):
    later = after(facts, cursor)
    assert (later.error_count, later.last_success_at_us, later.last_polled_at_us) == (0, NOW_US, NOW_US)


@given(st.integers(0, 100), reasons)
def test_one_more_error_never_brings_the_next_poll_nearer(errors, reason):
    facts = PollFacts(None, reason)
    waits = [wait_s(after(facts, FeedCursor(URL, error_count=count))) for count in (errors, errors + 1)]
    assert waits[0] <= waits[1]


def test_a_new_feed_is_due_and_sends_no_conditions():
    assert is_due(None, NOW_US)
    assert is_due(FeedCursor(URL), NOW_US)
    assert request_headers(None, URL) == ()


def test_a_304_keeps_the_validators_whatever_it_says():
    cursor = FeedCursor(URL, URL, 'W/"a"', "Tue, 03 Jun 2025 9:39:00 GMT")
    later = after(PollFacts(304, final_url=URL, etag='"b"'), cursor)
    assert (later.etag, later.last_modified) == ('W/"a"', "Tue, 03 Jun 2025 9:39:00 GMT")


def test_validators_that_are_no_longer_sent_are_dropped():
    cursor = FeedCursor(URL, URL, '"a"', "Tue, 03 Jun 2025 09:39:00 GMT")
    later = after(PollFacts(200, final_url=URL, last_modified="Wed, 04 Jun 2025 09:39:00 GMT"), cursor)
    assert request_headers(later, URL) == (("If-Modified-Since", "Wed, 04 Jun 2025 09:39:00 GMT"),)
    assert request_headers(after(PollFacts(200, final_url=URL), later), URL) == ()


@pytest.mark.parametrize(
    ("facts", "expected_s"),
    [
        (PollFacts(200), 900),
        (PollFacts(200, max_age_s=60), 900),
        (PollFacts(200, max_age_s=1800), 1800),
        (PollFacts(200, max_age_s=1800, ttl_s=3600), 3600),
        (PollFacts(200, ttl_s=10**8), DAY_S),
        (PollFacts(500, Reason.SERVER_ERROR), 3600),
        (PollFacts(None, Reason.UNREACHABLE), 3600),
        (PollFacts(429, Reason.RATE_LIMITED), 4 * 3600),
        (PollFacts(503, Reason.SERVER_ERROR), 4 * 3600),
        (PollFacts(429, Reason.RATE_LIMITED, retry_after_s=1200.0), 1200),
        (PollFacts(503, Reason.SERVER_ERROR, retry_after_s=0.0), 900),
        (PollFacts(503, Reason.SERVER_ERROR, retry_after_s=1e12), DAY_S),
    ],
)
def test_the_first_wait_after_each_kind_of_answer(facts, expected_s):
    assert wait_s(after(facts)) == expected_s


def test_errors_in_a_row_wait_ever_longer_up_to_a_day():
    waits, cursor = [], None
    for _ in range(30):
        cursor = after(PollFacts(404, Reason.NOT_FOUND), cursor)
        waits.append(wait_s(cursor))
    assert waits[:3] == [3600, 7200, 10800]
    assert waits[23:] == [DAY_S] * 7


@given(st.integers(900, DAY_S), st.floats(0, 0.1))
def test_a_304_keeps_the_interval_that_the_feed_asked_for(ttl_s, jitter):
    settings = PollSettings(jitter=jitter)
    cursor = after(PollFacts(200, final_url=URL, ttl_s=ttl_s), None, settings)
    first_us = cursor.next_poll_at_us
    for _ in range(5):
        cursor = after(PollFacts(304, final_url=URL), cursor, settings)
    assert first_us is not None
    assert cursor.next_poll_at_us is not None
    assert abs(cursor.next_poll_at_us - first_us) <= 6 * SECOND_US


def test_410_retires_a_feed_and_it_is_never_polled_again():
    retired = after(PollFacts(410, Reason.GONE), FeedCursor(URL, error_count=2))
    assert (retired.retired, retired.next_poll_at_us) == (True, None)
    assert not is_due(retired, NOW_US + 10**15)


def test_a_clock_that_was_wrong_once_does_not_silence_a_feed_for_years():
    assert is_due(FeedCursor(URL, next_poll_at_us=NOW_US + 400 * DAY_S * SECOND_US), NOW_US)


def test_feeds_that_began_together_drift_apart_and_a_feed_keeps_its_place():
    urls = [f"https://paper{number}.example/feed" for number in range(200)]
    nexts = [after_poll(None, url, PollFacts(200), NOW_US, SETTINGS).next_poll_at_us for url in urls]
    assert len({(instant or 0) // SECOND_US for instant in nexts}) > 60
    assert jitter_of(urls[0]) == jitter_of(urls[0])


@pytest.mark.parametrize(
    "values",
    [
        {"min_interval_s": 7200, "max_interval_s": 3600},
        {"max_interval_s": 200_000},
        {"jitter": 0.5},
        {"concurrency": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(values):
    with pytest.raises(ValueError, match=r"give|must not pass"):
        PollSettings(**values)
