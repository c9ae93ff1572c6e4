"""When feeds are polled and with which validators: laws, and the cases that the laws do not show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.cursor import after_poll, is_due, request_of
from transforms.feeds.scheduling.interval import LONGEST_WAIT_S
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings, jitter_of

URL = "https://paper.example/feed"
NOW_US = 1_750_000_000_000_000
SECOND_US = 1_000_000
DAY_S = 86_400
SETTINGS = PollSettings()
STILL = PollSettings(jitter=0)

instants = st.integers(0, 4_000_000_000_000_000)
headers = st.none() | st.text(min_size=1, max_size=20).map(
    lambda text: text.encode("utf-8", "replace").decode("latin-1")
)
seconds = st.none() | st.integers(0, 10**9)
urls = st.none() | st.sampled_from([URL, "https://cdn.example/feed", "https://new.example/feed"])
listings = st.none() | st.sets(st.binary(min_size=4, max_size=4), max_size=5).map(lambda keys: b"".join(sorted(keys)))
hours, days = st.integers(0, 2**24 - 1), st.integers(0, 2**7 - 1)
reasons = st.sampled_from([reason for reason in Reason if reason is not Reason.GONE])
settings_of = st.builds(
    PollSettings,
    min_interval_s=st.integers(0, 7_200),
    max_interval_s=st.integers(7_200, DAY_S),
    jitter=st.floats(0, 0.1),
)
cursors_of_any_past = st.builds(
    FeedCursor,
    feed_url=st.just(URL),
    validator_url=urls,
    etag=headers,
    last_modified=headers,
    last_polled_at_us=st.none() | instants,
    next_poll_at_us=st.none() | instants,
    error_count=st.integers(0, 1000),
    unchanged_in_a_row=st.integers(0, 50),
    last_read_at_us=st.none() | instants,
    suspected=st.booleans(),
    distrusted=st.booleans(),
    fresh_s=seconds,
    ttl_s=seconds,
    skip_hours=hours,
    skip_days=days,
    listing=listings,
    last_news_at_us=st.none() | instants,
    news_gap_s=seconds,
    moving_to=urls,
    moving_count=st.integers(0, 3),
    moved_to=urls,
)
cursors = st.none() | cursors_of_any_past
successes = st.builds(
    PollFacts,
    status=st.sampled_from([200, 304]),
    conditional=st.booleans(),
    final_url=urls.filter(bool),
    etag=headers,
    last_modified=headers,
    fresh_s=seconds,
    permanent_url=urls,
    ttl_s=seconds,
    skip_hours=hours,
    skip_days=days,
    listing=listings,
)
failures = st.builds(
    PollFacts,
    status=st.none() | st.integers(200, 599),
    reason=reasons,
    retry_after_s=st.none() | st.floats(0, 1e9),
)


def after(facts: PollFacts, cursor: FeedCursor | None = None, settings: PollSettings = STILL) -> FeedCursor:
    return after_poll(cursor, URL, facts, NOW_US, settings)


def sent(cursor: FeedCursor | None, now_us: int = NOW_US) -> dict[str, str]:
    return dict(request_of(cursor, URL, now_us, STILL).headers)


def wait_s(cursor: FeedCursor) -> float:
    assert cursor.next_poll_at_us is not None
    return (cursor.next_poll_at_us - NOW_US) / SECOND_US


@given(cursors, successes | failures, settings_of)
def test_the_next_poll_is_never_before_the_minimum_and_never_later_than_a_day_its_jitter_and_the_skipped_hours(
    cursor, facts, settings
):
    later = after(facts, cursor, settings)
    waited_s = wait_s(later)
    is_first_error = later.error_count == 1
    assert (0 if is_first_error else settings.min_interval_s) <= waited_s < LONGEST_WAIT_S
    if not (later.skip_hours or later.skip_days):
        assert waited_s <= settings.max_interval_s * (1 + settings.jitter) + 1e-6


@given(cursors, successes | failures, settings_of)
def test_a_feed_is_due_at_its_next_poll_and_not_a_moment_before(cursor, facts, settings):
    later = after(facts, cursor, settings)
    assert later.next_poll_at_us is not None
    assert is_due(later, later.next_poll_at_us)
    assert not is_due(later, later.next_poll_at_us - 1)


@given(cursors, successes)
def test_validators_go_back_byte_for_byte_and_only_to_where_they_came_from(cursor, facts):
    later = after(replace(facts, status=200), cursor)
    request = request_of(later, URL, NOW_US, STILL)
    if later.distrusted:
        assert request.headers == ()
    elif later.suspected:
        assert cursor is not None
        assert (later.validator_url, later.etag, later.last_modified) == (
            cursor.validator_url,
            cursor.etag,
            cursor.last_modified,
        )
    else:
        assert sent(later) == {
            name: value
            for name, value in (("If-None-Match", facts.etag), ("If-Modified-Since", facts.last_modified))
            if value is not None
        }
        assert request.validator_url == (facts.final_url if request.headers else None)


@given(cursors_of_any_past, st.integers(0, 10**16))
def test_no_request_carries_what_its_cursor_does_not_hold(cursor, now_us):
    request = request_of(cursor, URL, now_us, SETTINGS)
    assert {value for _, value in request.headers} <= {cursor.etag, cursor.last_modified} - {None}
    assert not (cursor.distrusted and request.headers)
    assert bool(request.headers) == (request.validator_url is not None)
    assert request.url == (cursor.moved_to or URL)


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


@given(cursors, st.integers(400, 599).filter(lambda status: status != 410))
def test_no_number_of_errors_makes_a_feed_given_up(cursor, status):
    for _ in range(40):
        cursor = after(PollFacts(status, Reason.HTTP_STATUS), cursor)
        assert is_due(cursor, NOW_US + LONGEST_WAIT_S * SECOND_US)


def test_a_new_feed_is_due_and_sends_no_conditions():
    assert is_due(None, NOW_US)
    assert is_due(FeedCursor(URL), NOW_US)
    assert request_of(None, URL, NOW_US, STILL) == (URL, (), None)


def test_a_validator_whose_bytes_are_no_utf_8_cannot_be_sent_and_the_other_one_is():
    cursor = FeedCursor(URL, URL, '"\xe9"', "Tue, 03 Jun 2025 9:39:00 GMT")
    assert sent(cursor) == {"If-Modified-Since": "Tue, 03 Jun 2025 9:39:00 GMT"}
    assert request_of(replace(cursor, last_modified=None), URL, NOW_US, STILL) == (URL, (), None)


def test_a_304_keeps_the_validators_whatever_it_says():
    cursor = FeedCursor(URL, URL, 'W/"a"', "Tue, 03 Jun 2025 9:39:00 GMT")
    later = after(PollFacts(304, final_url=URL, etag='"b"'), cursor)
    assert (later.etag, later.last_modified) == ('W/"a"', "Tue, 03 Jun 2025 9:39:00 GMT")


def test_validators_that_are_no_longer_sent_are_dropped():
    cursor = FeedCursor(URL, URL, '"a"', "Tue, 03 Jun 2025 09:39:00 GMT")
    later = after(PollFacts(200, final_url=URL, last_modified="Wed, 04 Jun 2025 09:39:00 GMT"), cursor)
    assert sent(later) == {"If-Modified-Since": "Wed, 04 Jun 2025 09:39:00 GMT"}
    assert sent(after(PollFacts(200, final_url=URL), later)) == {}


def test_410_retires_a_feed_and_it_is_never_polled_again():
    retired = after(PollFacts(410, Reason.GONE), FeedCursor(URL, error_count=2))
    assert (retired.retired, retired.next_poll_at_us) == (True, None)
    assert not is_due(retired, NOW_US + 10**15)


def test_a_410_behind_a_temporary_redirect_retires_nothing():
    later = after(PollFacts(410, Reason.GONE, is_final=False), FeedCursor(URL, error_count=1))
    assert (later.retired, wait_s(later)) == (False, 3600)


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
        {"first_polls": 0},
        {"probe_after": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(values):
    with pytest.raises(ValueError, match=r"give|must not pass"):
        PollSettings(**values)
