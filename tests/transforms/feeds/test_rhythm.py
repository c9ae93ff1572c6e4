"""Runs that come on a schedule, and the feeds that each of them polls."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.cursor import after_poll, is_due
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings
from transforms.feeds.scheduling.rhythm import run_gap_s

MINUTE_US = 60_000_000
START_US = 1_750_000_000_000_000
FEEDS = [f"https://paper{number}.example/feed" for number in range(200)]


def polled_by_run(
    gap_min: float, wish_min: int, noise_min: float = 0.0, runs: int = 25, jitter: float = 0.1
) -> list[int]:
    """How many of 200 feeds each run polls; the feeds ask for `wish_min`, and a poll ends 1 to 30 s after its run
    began.
    """
    chance, settings = Random(7), PollSettings(jitter=jitter)
    cursors: dict[str, FeedCursor | None] = dict.fromkeys(FEEDS)
    starts: list[int] = []
    counts = []
    for number in range(runs):
        starts.append(START_US + round((number * gap_min + chance.uniform(-noise_min, noise_min)) * MINUTE_US))
        gap_us = round(run_gap_s(starts) * 1e6)
        due = [url for url in FEEDS if is_due(cursors[url], starts[-1] + 100_000, gap_us, settings.jitter)]
        for url in due:
            facts = PollFacts(200, ttl_s=wish_min * 60)
            cursors[url] = after_poll(
                cursors[url], url, facts, starts[-1] + chance.randrange(1_000_000, 30_000_000), settings
            )
        counts.append(len(due))
    return counts


@pytest.mark.parametrize("noise_min", [0.0, 0.5, 2.0])
@pytest.mark.parametrize(
    ("gap_min", "wish_min", "every"),
    [(15, 15, 1), (20, 15, 1), (60, 15, 1), (15, 60, 4), (10, 60, 6), (15, 1440, 96), (1, 15, 15)],
)
def test_a_feed_is_polled_by_every_run_of_its_pace_and_by_no_other(gap_min, wish_min, every, noise_min):
    counts = polled_by_run(gap_min, wish_min, min(noise_min, gap_min / 8), runs=2 * every + 3)
    # Of the first runs the rhythm is not known yet.
    assert counts[0] == 200
    if noise_min == 0:
        polls = [number for number, count in enumerate(counts) if count]
        assert [counts[number] for number in polls] == [200] * len(polls)
        assert {later - earlier for earlier, later in pairwise(polls[1:])} <= {every}
    assert sum(counts) == pytest.approx(200 * (1 + (len(counts) - 1) // every), abs=10 * len(counts) / every)


def test_runs_every_ten_minutes_poll_a_feed_of_fifteen_at_most_every_other_time():
    counts = polled_by_run(10, 15, runs=20)
    assert all(sum(pair) <= 200 for pair in pairwise(counts))
    assert sum(counts) >= 1_800


@pytest.mark.parametrize(("gap_min", "wish_min"), [(15, 15), (10, 14), (15, 60), (10, 60), (7, 100), (60, 1440)])
def test_jitter_never_adds_a_run(gap_min, wish_min):
    assert polled_by_run(gap_min, wish_min, runs=60) == polled_by_run(gap_min, wish_min, runs=60, jitter=0.0)


@pytest.mark.parametrize(
    ("starts_min", "gap_min"),
    [
        ([], 0),
        ([0], 0),
        ([0, 15], 15),
        ([0, 60, 61], 1),
        ([0, 15, 30, 45, 46, 60, 75], 15),
        ([0, 15, 30, 75, 90, 105], 15),
        ([*range(0, 1500, 15), 3_000, 3_060, 3_120, 3_180, 3_240, 3_300], 60),
        ([0, 0], 0),
        ([10, 5], 0),
    ],
)
def test_the_rhythm_is_the_median_of_the_last_gaps(starts_min, gap_min):
    assert run_gap_s([minute * 60_000_000 for minute in starts_min]) == gap_min * 60


def cursor(wait_min: int) -> FeedCursor:
    return FeedCursor(FEEDS[0], last_polled_at_us=START_US, next_poll_at_us=START_US + wait_min * MINUTE_US)


def test_a_run_out_of_its_rhythm_polls_no_feed_before_half_of_its_wait():
    daily_us = 24 * 60 * MINUTE_US
    assert not is_due(cursor(15), START_US + 7 * MINUTE_US, daily_us)
    assert is_due(cursor(15), START_US + 8 * MINUTE_US, daily_us)


def test_without_a_rhythm_a_feed_is_due_when_its_time_has_come():
    assert not is_due(cursor(15), START_US + 15 * MINUTE_US - 1)
    assert is_due(cursor(15), START_US + 15 * MINUTE_US)


def failed(facts: PollFacts, errors: int = 0) -> FeedCursor:
    return after_poll(FeedCursor(FEEDS[0], error_count=errors), FEEDS[0], facts, START_US, PollSettings())


@pytest.mark.parametrize(
    ("facts", "errors", "is_asked"),
    [
        (PollFacts(200, ttl_s=86_400), 0, True),
        (PollFacts(200, skip_hours=0xFFFFFE), 0, True),
        (PollFacts(None, Reason.UNREACHABLE), 50, True),
        (PollFacts(429, Reason.RATE_LIMITED), 0, True),
        (PollFacts(429, Reason.RATE_LIMITED, retry_after_s=3_600), 0, False),
        (PollFacts(503, Reason.SERVER_ERROR, retry_after_s=3_600), 50, False),
        (PollFacts(410, Reason.GONE), 0, False),
    ],
)
def test_force_sets_aside_our_pace_and_waits_but_no_pause_that_was_asked_for_and_no_410(facts, errors, is_asked):
    left = failed(facts, errors)
    assert not is_due(left, START_US + MINUTE_US, 60 * MINUTE_US)
    assert is_due(left, START_US + MINUTE_US, force=True) == is_asked


def test_a_pause_that_was_asked_for_is_kept_to_its_end_in_every_rhythm_and_forgotten_after_an_answer():
    left = failed(PollFacts(429, Reason.RATE_LIMITED, retry_after_s=3_600))
    assert not is_due(left, START_US + 60 * MINUTE_US - 1, 600 * MINUTE_US, force=True)
    assert is_due(left, START_US + 60 * MINUTE_US, 600 * MINUTE_US, force=True)
    for facts in (PollFacts(304), PollFacts(500, Reason.SERVER_ERROR)):
        assert after_poll(left, FEEDS[0], facts, START_US, PollSettings()).asked_until_us is None


def test_an_interval_of_nothing_asks_all_feeds_as_force_does():
    settings = [PollSettings(), PollSettings(force=True), PollSettings(min_interval_s=0)]
    assert [one.asks_all for one in settings] == [False, True, True]
