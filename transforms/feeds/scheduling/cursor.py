"""Decides when a feed is polled, with which request, and its cursor afterwards. Pure: the time is an argument."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.common.clock import DAY_US, SECOND_US
from transforms.feeds.scheduling import moves, trust
from transforms.feeds.scheduling.interval import (
    LONGEST_WAIT_S,
    asked_pause_s,
    is_skipped,
    news_gap_after_s,
    next_after_failure_us,
    next_after_success_us,
)
from transforms.feeds.scheduling.listing import has_news
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings, jitter_of

__all__ = ["PollFacts", "PollRequest", "PollSettings", "after_poll", "is_due", "jitter_of", "request_of"]

_OVERDUE_US = DAY_US
_EARLY_SHARE = 0.1
_MAX_INT32 = 2**31 - 1


class PollRequest(NamedTuple):
    """The request of a poll: address, conditional headers, and the only address that may get these headers."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    validator_url: str | None = None


def is_due(
    cursor: FeedCursor | None,
    now_us: int,
    run_gap_us: int = 0,
    jitter: float = 0.0,
    *,
    force: bool = False,
    gently: bool = False,
) -> bool:
    """Whether the feed is polled now: it is new, or its next poll is due, and it is not retired.

    Runs come every `run_gap_us` (0: unknown). A feed that is due before the middle between this run and the next is
    polled in this run. So "every 15 minutes" means every run of a schedule of 15 minutes, though each poll ends some
    seconds after its run began. A feed's jitter, at most the share `jitter` of its wait, never delays it by a run. If
    runs come irregularly, no feed is polled before half of its wait is over.

    An answer that its server calls fresh is not asked for before nine tenths of that time are over: a feed that is
    fresh for 15 minutes, and was read some seconds after its run began, is asked in the next run of that schedule. If
    feeds are polled `gently`, none is asked before its time.

    In hours that the feed asks to skip it is not polled, unless it is overdue by a day: its runs may all fall into such
    hours. With `force` only a pause that the server asked for is respected.
    """
    if cursor is None or cursor.retired:
        return cursor is None
    # No wait is so long: the clock was wrong then, or is now, and the feed must not fall silent for years.
    if max(cursor.next_poll_at_us or 0, cursor.asked_until_us or 0) - now_us > LONGEST_WAIT_S * SECOND_US:
        return True
    if cursor.asked_until_us is not None and now_us < cursor.asked_until_us:
        return False
    if force or cursor.next_poll_at_us is None:
        return True
    late_us = now_us - cursor.next_poll_at_us
    if late_us >= _OVERDUE_US:
        return True
    if now_us < min(_nearly_stale_us(cursor), cursor.next_poll_at_us):
        return False
    early_us = 0.0 if gently else _early_us(cursor, cursor.next_poll_at_us, run_gap_us, jitter)
    return (late_us >= 0 or -late_us < early_us) and not is_skipped(cursor, now_us)


def _early_us(cursor: FeedCursor, next_us: int, run_gap_us: int, jitter: float) -> float:
    """How long before its `next_us` a feed counts as due, when runs come every `run_gap_us`."""
    if not run_gap_us or cursor.last_polled_at_us is None:
        return run_gap_us / 2
    wait_us = max(0, next_us - cursor.last_polled_at_us)
    share = jitter * jitter_of(cursor.feed_url)
    jitter_us = wait_us * share / (1 + share)
    return min(run_gap_us / 2, (wait_us - jitter_us) / 2) + jitter_us


def _nearly_stale_us(cursor: FeedCursor) -> float:
    """When the answer that was last read, or confirmed, is no longer fresh but for a tenth of its time."""
    if not cursor.fresh_s or cursor.error_count or cursor.last_polled_at_us is None:
        return 0.0
    return cursor.last_polled_at_us + cursor.fresh_s * SECOND_US * (1 - _EARLY_SHARE)


def request_of(cursor: FeedCursor | None, feed_url: str, now_us: int, settings: PollSettings) -> PollRequest:
    """The request of a poll, with the validators as received, to be sent only to the address that gave them.

    A distrusted feed gets no validators; nor, once in a while, does a feed that always answers "not modified".
    """
    url = moves.asked_url(cursor, feed_url)
    if cursor is None or cursor.validator_url is None or cursor.distrusted:
        return PollRequest(url)
    if trust.is_probe_due(cursor, now_us, settings):
        return PollRequest(url)
    headers = (("If-None-Match", cursor.etag), ("If-Modified-Since", cursor.last_modified))
    sent = tuple((name, value) for name, value in headers if value and _can_be_sent(value))
    return PollRequest(url, sent, cursor.validator_url) if sent else PollRequest(url)


def after_poll(
    cursor: FeedCursor | None, feed_url: str, facts: PollFacts, now_us: int, settings: PollSettings
) -> FeedCursor:
    """The cursor after a poll that ended at `now_us`.

    A body replaces the validators, by none if it came without. A 304 keeps them or brings them up to date, and a
    failure keeps them, since they belong to the body that was last read; likewise the hub that tells of news. A 410
    retires the feed; after other failures it is polled less and less often, down to once a day.
    """
    before = replace(cursor if cursor is not None else FeedCursor(feed_url), last_polled_at_us=now_us)
    if facts.reason is not None:
        return _after_failure(before, facts, now_us, settings)
    answered = replace(before, retired=False, last_success_at_us=now_us, error_count=0, asked_until_us=None)
    answered = moves.after_answer(answered, facts, settings.move_after)
    if facts.status == 304:
        after = trust.with_updates(trust.after_unchanged(answered), facts)
        if facts.fresh_s is not None:  # a header that a 304 leaves out stays as it was (RFC 9111, 4.3.4)
            after = replace(after, fresh_s=_bounded(facts.fresh_s))
    else:
        after = _with_wishes(_with_news(trust.after_reading(answered, facts, now_us), facts, now_us), facts)
    return replace(after, next_poll_at_us=next_after_success_us(after, now_us, settings))


def _after_failure(before: FeedCursor, facts: PollFacts, now_us: int, settings: PollSettings) -> FeedCursor:
    asked_until_us = None
    if facts.retry_after_s is not None:
        pause_s = min(asked_pause_s(facts.retry_after_s), settings.max_interval_s)
        asked_until_us = now_us + pause_s * SECOND_US
    failed = replace(before, error_count=before.error_count + 1, asked_until_us=asked_until_us)
    if facts.reason is Reason.GONE and facts.is_final and failed.moved_to is None:
        return replace(failed, retired=True, next_poll_at_us=None)
    failed = moves.after_failure(failed, facts)
    return replace(failed, next_poll_at_us=next_after_failure_us(failed, facts, now_us, settings))


def _with_news(after: FeedCursor, facts: PollFacts, now_us: int) -> FeedCursor:
    if facts.listing is None:
        return after
    if after.listing is None:  # the first reading: the time between news is measured from here
        return replace(after, listing=facts.listing, last_news_at_us=now_us)
    if not has_news(after.listing, facts.listing):
        return replace(after, listing=facts.listing)
    gap_s = news_gap_after_s(after, now_us)
    return replace(after, listing=facts.listing, last_news_at_us=now_us, news_gap_s=gap_s)


def _with_wishes(after: FeedCursor, facts: PollFacts) -> FeedCursor:
    return replace(
        after,
        fresh_s=_bounded(facts.fresh_s),
        ttl_s=_bounded(facts.ttl_s),
        skip_hours=facts.skip_hours,
        skip_days=facts.skip_days,
        hub_url=facts.hub_url,
        topic_url=facts.topic_url,
    )


def _can_be_sent(validator: str) -> bool:
    """Whether the bytes are UTF-8, which is what aiohttp sends; an altered validator would be worse than none."""
    try:
        validator.encode("latin-1").decode()
    except UnicodeError:
        return False
    return True


def _bounded(wish_s: int | None) -> int | None:
    return wish_s if wish_s is None else min(wish_s, _MAX_INT32)
