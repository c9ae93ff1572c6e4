"""Computes when a feed is polled next. Pure."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.common.clock import DAY_S, SECOND_US
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import GENTLE_S, PollSettings, jitter_of

LONGEST_WAIT_S = 9 * DAY_S
"""The longest wait: a day with its jitter, and at most a week of hours and days that a feed asks to skip."""

_LONGEST_GAP_S = 30 * DAY_S
_NEWEST_WEIGHT = 0.25
_PATIENCE_SPREAD = 0.5
_HOURS_A_WEEK = 7 * 24
_ALL_HOURS, _ALL_DAYS = (1 << 24) - 1, (1 << 7) - 1


def next_after_success_us(after: FeedCursor, now_us: int, settings: PollSettings) -> int:
    """When a feed is polled next after a success."""
    least_s = settings.min_interval_s
    if settings.gently and least_s and not (after.fresh_s or after.ttl_s):
        least_s = max(least_s, GENTLE_S)
    wished_s = max(least_s, after.fresh_s or 0, after.ttl_s or 0, _pace_s(after, now_us, settings))
    return _next_us(after, now_us, min(wished_s, settings.max_interval_s), settings)


def next_after_failure_us(failed: FeedCursor, facts: PollFacts, now_us: int, settings: PollSettings) -> int:
    """When a feed is polled next after a failure: in the next run, after further failures later each time.

    Never before the time that the server asked for. A feed that is polled gently waits also after its first failure.
    """
    is_gentle = settings.gently and settings.min_interval_s > 0
    pause_s = (failed.error_count - 1) * settings.error_step_s
    if facts.retry_after_s is not None:
        # The server's own time counts at first; after a row of failures with "in a second", our longer pause does.
        pause_s = max(asked_pause_s(facts.retry_after_s), pause_s)
    elif facts.reason is Reason.RATE_LIMITED or facts.status in (429, 503):
        patience_s = round(settings.rate_limited_s * (1 + _PATIENCE_SPREAD * jitter_of(failed.feed_url)))
        pause_s = max(pause_s, patience_s)
    elif is_gentle:
        pause_s = max(pause_s, GENTLE_S)
    elif failed.error_count == 1:
        return _next_us(failed, now_us, 0, settings)
    pause_s = min(max(pause_s, settings.min_interval_s), settings.max_interval_s)
    return _next_us(failed, now_us, pause_s, settings)


def asked_pause_s(retry_after_s: float) -> int:
    """A server's Retry-After in whole seconds, rounded up, at most a day."""
    return math.ceil(min(retry_after_s, DAY_S))


def news_gap_after_s(before: FeedCursor, now_us: int) -> int:
    """The moving mean of the time between news, after news came at `now_us`. A gap counts as at most 30 days."""
    since_us = before.last_news_at_us if before.last_news_at_us is not None else now_us
    gap_s = min(max(0, (now_us - since_us) // SECOND_US), _LONGEST_GAP_S)
    if before.news_gap_s is None:
        return gap_s
    return round(before.news_gap_s + _NEWEST_WEIGHT * (gap_s - before.news_gap_s))


def is_skipped(cursor: FeedCursor, instant_us: int) -> bool:
    """Whether the feed asks not to be polled in this hour; never for a feed that skips all hours or all days."""
    if not (cursor.skip_hours or cursor.skip_days):
        return False
    if cursor.skip_hours & _ALL_HOURS == _ALL_HOURS or cursor.skip_days & _ALL_DAYS == _ALL_DAYS:
        return False
    moment = _moment(instant_us)
    return bool(cursor.skip_hours >> moment.hour & 1 or cursor.skip_days >> moment.weekday() & 1)


def _pace_s(after: FeedCursor, now_us: int, settings: PollSettings) -> int:
    """The interval by the feed's news: its mean time between news, or the present silence if that is longer, divided by
    `polls_per_news`; 0 if the user sets the pace.
    """
    if settings.min_interval_s == 0 or after.last_news_at_us is None:
        return 0
    silence_s = (now_us - after.last_news_at_us) // SECOND_US
    return max(after.news_gap_s or 0, silence_s) // settings.polls_per_news


def _next_us(cursor: FeedCursor, now_us: int, interval_s: int, settings: PollSettings) -> int:
    jitter = settings.jitter * jitter_of(cursor.feed_url)
    instant_us = now_us + round(interval_s * SECOND_US * (1 + jitter))
    if not is_skipped(cursor, instant_us):
        return instant_us
    hour = _moment(instant_us).replace(minute=0, second=0, microsecond=0)
    for _ in range(_HOURS_A_WEEK):
        hour += timedelta(hours=1)
        hour_us = round(hour.timestamp()) * SECOND_US
        if not is_skipped(cursor, hour_us):
            # Not at the start of the hour, when all feeds that skip the same hours would be polled together.
            return hour_us + round(3_600 * SECOND_US * jitter)
    return instant_us


def _moment(instant_us: int) -> datetime:
    return datetime.fromtimestamp(instant_us // SECOND_US, UTC)
