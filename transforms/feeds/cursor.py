"""When a feed is polled, with which validators, and what a poll leaves behind. Pure: the clock is an argument."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

from schemas.failure import Reason
from schemas.feed import FeedCursor

_SECOND_US = 1_000_000
_DAY_S = 86_400
_CLOCK_WENT_BACK_US = 2 * _DAY_S * _SECOND_US


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How often feeds are polled.

    The interval after a success is the longest of `min_interval_s`, the answer's Cache-Control max-age and the feed's
    ttl, at most `max_interval_s`. After the n-th failure in a row it is n times `error_step_s`, at most
    `max_interval_s`; after an answer that asks for patience without saying how much (429, 503) at least
    `rate_limited_s`. A part of the interval, at most `jitter` of it and the same for a feed every time, is added, so
    that feeds which began together drift apart. `concurrency` bounds the polls under way, and so the bodies in memory.
    """

    min_interval_s: int = 900
    max_interval_s: int = _DAY_S
    error_step_s: int = 3_600
    rate_limited_s: int = 4 * 3_600
    jitter: float = 0.1
    concurrency: int = 256

    def __post_init__(self) -> None:
        if not 0 <= self.min_interval_s <= self.max_interval_s <= _DAY_S:
            raise ValueError(
                f"poll intervals of {self.min_interval_s} to {self.max_interval_s} s: "
                f"the first must not pass the second, and neither a day ({_DAY_S} s)"
            )
        if not 0 <= self.jitter <= 0.1:
            raise ValueError(f"jitter of {self.jitter}: give a share of the interval between 0 and 0.1")
        if self.concurrency < 1:
            raise ValueError(f"{self.concurrency} polls at a time: give at least 1")


@dataclass(frozen=True, slots=True)
class PollFacts:
    """What came of a poll. Without a `reason` it succeeded: `status` is 304, or the entries of a body were read.

    `etag` and `last_modified` are the answer's headers as latin-1 text, `max_age_s` its Cache-Control max-age,
    `ttl_s` the feed's own wish, `retry_after_s` a wait that the server asked for.
    """

    status: int | None
    reason: Reason | None = None
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age_s: int | None = None
    ttl_s: int | None = None
    retry_after_s: float | None = None


def is_due(cursor: FeedCursor | None, now_us: int) -> bool:
    """Whether the feed is polled now: it is new, or its time has come, and it is not retired."""
    if cursor is None or cursor.next_poll_at_us is None:
        return cursor is None or not cursor.retired
    # No wait is as long as that: the clock was wrong then, or is now, and the feed must not fall silent for years.
    is_lost = cursor.next_poll_at_us - now_us > _CLOCK_WENT_BACK_US
    return not cursor.retired and (cursor.next_poll_at_us <= now_us or is_lost)


def request_headers(cursor: FeedCursor | None, url: str) -> tuple[tuple[str, str], ...]:
    """The conditional headers of a request for `url`: the validators as they came, and only to where they came from."""
    if cursor is None or cursor.validator_url != url:
        return ()
    headers = (("If-None-Match", cursor.etag), ("If-Modified-Since", cursor.last_modified))
    return tuple((name, value) for name, value in headers if value is not None)


def after_poll(
    cursor: FeedCursor | None, feed_url: str, facts: PollFacts, now_us: int, settings: PollSettings
) -> FeedCursor:
    """The cursor after a poll that ended at `now_us`.

    A body replaces the validators, also by none; a 304 keeps them, a failure too, since they stand for what was last
    read. 410 retires the feed; no other failure does, it is only polled ever less, down to once a day.
    """
    before = cursor if cursor is not None else FeedCursor(feed_url)
    if facts.reason is not None:
        failed = replace(before, last_polled_at_us=now_us, error_count=before.error_count + 1)
        if facts.reason is Reason.GONE:
            return replace(failed, retired=True, next_poll_at_us=None)
        return replace(failed, next_poll_at_us=_next_us(feed_url, now_us, _pause_s(failed, facts, settings), settings))
    interval_s = max(settings.min_interval_s, facts.max_age_s or 0, facts.ttl_s or 0)
    if facts.status == 304:
        kept_s = _agreed_interval_s(before, settings)
        after = replace(before, retired=False)
        interval_s = max(interval_s, kept_s)
    else:
        has_validator = facts.etag is not None or facts.last_modified is not None
        after = replace(
            before,
            retired=False,
            validator_url=facts.final_url if has_validator else None,
            etag=facts.etag,
            last_modified=facts.last_modified,
        )
    return replace(
        after,
        last_polled_at_us=now_us,
        last_success_at_us=now_us,
        error_count=0,
        next_poll_at_us=_next_us(feed_url, now_us, min(interval_s, settings.max_interval_s), settings),
    )


def jitter_of(feed_url: str) -> float:
    """A feed's own number in [0, 1): the same in every run and process."""
    return int.from_bytes(blake2b(feed_url.encode(), digest_size=4).digest()) / 2**32


def _pause_s(failed: FeedCursor, facts: PollFacts, settings: PollSettings) -> int:
    pause_s = max(settings.min_interval_s, failed.error_count * settings.error_step_s)
    if facts.retry_after_s is not None:
        pause_s = max(settings.min_interval_s, int(facts.retry_after_s))
    elif facts.reason is Reason.RATE_LIMITED or facts.status in (429, 503):
        pause_s = max(pause_s, settings.rate_limited_s)
    return min(pause_s, settings.max_interval_s)


def _agreed_interval_s(before: FeedCursor, settings: PollSettings) -> int:
    """The interval that the last success set: a 304 brings no feed, and so not the feed's wish (ttl) again."""
    if before.error_count or before.next_poll_at_us is None or before.last_polled_at_us is None:
        return 0
    wait_us = before.next_poll_at_us - before.last_polled_at_us
    return min(int(wait_us / _SECOND_US / (1 + settings.jitter * jitter_of(before.feed_url))), settings.max_interval_s)


def _next_us(feed_url: str, now_us: int, interval_s: int, settings: PollSettings) -> int:
    return now_us + round(interval_s * _SECOND_US * (1 + settings.jitter * jitter_of(feed_url)))
