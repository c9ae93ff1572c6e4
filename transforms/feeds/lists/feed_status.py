"""The status of a feed, from its cursor and its recent polls. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.feed import ANSWERED, FeedCursor, FeedPoll
from schemas.feed_order import FeedOrder, Hold
from transforms.common.clock import DAY_US, SECOND_US
from transforms.feeds.scheduling.orders import is_asked_for

WINDOW_DAYS = 14
"""The entries a day of a feed are counted over polls of this many days."""

_SILENT_US = 7 * DAY_US
_SILENT_GAPS = 10
_LEAST_WINDOW_US = DAY_US // 8


class FeedState(StrEnum):
    """The main fact about a feed; members are in the order in which they need attention."""

    FAILING = "failing"
    RETIRED = "retired"
    NEVER_READ = "never_read"
    SILENT = "silent"
    DISTRUSTED = "distrusted"
    MOVED = "moved"
    PAUSED = "paused"
    WELL = "well"


_ORDER = {state: place for place, state in enumerate(FeedState)}


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """The status of one feed. `outcome`, `status`, `reason` and `message` are those of its last request within
    `WINDOW_DAYS`, None without one; `entries_a_day` is None if unknown; `silent_since_us` is when it last brought news.
    `order` is an operator's last order, with time and reason; `paused_until_us` the end of a pause by an order;
    `paused_by_settings`: the settings file pauses it, whatever the orders; `asked_for`: it is to be asked at the next
    run, due or not. `told_until_us` is for how long a hub tells a stream of its news, None if none does.
    """

    feed_url: str
    state: FeedState
    outcome: str | None = None
    status: int | None = None
    reason: str | None = None
    message: str | None = None
    title: str | None = None
    last_polled_at_us: int | None = None
    last_success_at_us: int | None = None
    next_poll_at_us: int | None = None
    errors_in_a_row: int = 0
    entries_a_day: float | None = None
    silent_since_us: int | None = None
    moved_to: str | None = None
    retired: bool = False
    distrusted: bool = False
    order: str | None = None
    ordered_at_us: int | None = None
    order_reason: str | None = None
    paused_until_us: int | None = None
    asked_for: bool = False
    paused_by_settings: bool = False
    told_until_us: int | None = None


def feed_status(
    feed_url: str,
    cursor: FeedCursor | None,
    polls: Sequence[FeedPoll],
    now_us: int,
    order: FeedOrder | None = None,
    paused_by_settings: bool = False,
    told_until_us: int | None = None,
) -> FeedStatus:
    """The status of a feed at `now_us`. `polls` are its rows of the last `WINDOW_DAYS`, in any order."""
    hold = order.hold_at(now_us) if order is not None else None
    asked = sorted((poll for poll in polls if poll.was_asked), key=lambda poll: poll.polled_at_us)
    last = asked[-1] if asked else None
    known = cursor if cursor is not None else FeedCursor(feed_url)
    return FeedStatus(
        feed_url=feed_url,
        state=_state(known, hold or (Hold.PAUSED if paused_by_settings else None), now_us),
        outcome=last.outcome if last is not None else None,
        status=last.status if last is not None else None,
        reason=last.reason if last is not None else None,
        message=last.message if last is not None else None,
        title=next((poll.title for poll in reversed(asked) if poll.title), None),
        last_polled_at_us=last.polled_at_us if last is not None else known.last_polled_at_us,
        last_success_at_us=known.last_success_at_us,
        next_poll_at_us=known.next_poll_at_us,
        errors_in_a_row=known.error_count,
        entries_a_day=_entries_a_day(asked),
        silent_since_us=known.last_news_at_us,
        moved_to=known.moved_to,
        retired=known.retired or hold is Hold.RETIRED,
        distrusted=known.distrusted,
        order=order.last if order is not None else None,
        ordered_at_us=order.ordered_at_us if order is not None else None,
        order_reason=order.reason if order is not None else None,
        paused_until_us=order.until_us if order is not None and hold is Hold.PAUSED else None,
        asked_for=hold is None and not paused_by_settings and is_asked_for(order, cursor),
        paused_by_settings=paused_by_settings,
        told_until_us=told_until_us,
    )


def worst_first(feed: FeedStatus) -> tuple[int, int, int, str]:
    """Sort key that puts feeds that need attention first: by state, most errors in a row, longest silence."""
    silent_us = feed.silent_since_us if feed.state is FeedState.SILENT else None
    return _ORDER[feed.state], -feed.errors_in_a_row, silent_us or 0, feed.feed_url


def _state(cursor: FeedCursor, hold: Hold | None, now_us: int) -> FeedState:
    if hold is Hold.PAUSED:
        return FeedState.PAUSED
    if cursor.retired or hold is Hold.RETIRED:
        return FeedState.RETIRED
    if cursor.error_count:
        return FeedState.FAILING
    if cursor.last_success_at_us is None:
        return FeedState.NEVER_READ
    if cursor.last_news_at_us is not None:
        usual_us = _SILENT_GAPS * (cursor.news_gap_s or 0) * SECOND_US
        if now_us - cursor.last_news_at_us > max(_SILENT_US, usual_us):
            return FeedState.SILENT
    if cursor.distrusted:
        return FeedState.DISTRUSTED
    return FeedState.MOVED if cursor.moved_to is not None else FeedState.WELL


def _entries_a_day(asked: Sequence[FeedPoll]) -> float | None:
    """New entries a day since the first of these polls; what that one brought had gathered before."""
    read = [poll for poll in asked if poll.outcome in ANSWERED]
    if len(read) < 2 or read[-1].polled_at_us - read[0].polled_at_us < _LEAST_WINDOW_US:
        return None
    days = (read[-1].polled_at_us - read[0].polled_at_us) / DAY_US
    return round(sum(poll.new_entries for poll in read[1:]) / days, 1)
