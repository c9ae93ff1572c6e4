"""What an operator's orders mean for the polls of a run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.feed import FeedCursor, PollOutcome
from schemas.feed_order import FeedOrder, Hold, Order


class OrderRefusedError(ValueError):
    """An order that makes no sense for a feed as it stands; the message names the remedy."""


HELD = {Hold.PAUSED: PollOutcome.PAUSED, Hold.RETIRED: PollOutcome.RETIRED}
"""The outcome of a feed that is not asked because of a hold."""


def is_asked_for(order: FeedOrder | None, cursor: FeedCursor | None) -> bool:
    """Whether an order to ask the feed stands that no committed poll has obeyed."""
    if order is None or order.asked is None:
        return False
    return cursor is None or order.asked > (cursor.obeyed or 0)


def asked_cursors(cursors: Mapping[str, FeedCursor], orders: Mapping[str, FeedOrder]) -> Mapping[str, FeedCursor]:
    """The cursors, those of feeds that an order asks for without the retirement that a 410 brought."""
    revived = {
        url: replace(cursors[url], retired=False)
        for url, order in orders.items()
        if url in cursors and cursors[url].retired and is_asked_for(order, cursors[url])
    }
    return {**cursors, **revived} if revived else cursors


def after_order(
    before: FeedOrder | None, order: FeedOrder, number: int, is_gone: bool, paused_by_settings: bool = False
) -> FeedOrder:
    """What stands for a feed after `order` (its address, `last`, time, reason and, of a pause, end), the file of which
    has this number. `is_gone`: the feed was retired by its own 410; `paused_by_settings`: the settings
    file pauses it, which no order ends. Raises OrderRefusedError.

    Only a revival and a force ask the feed, once, at the next run.
    """
    hold = before.hold_at(order.ordered_at_us) if before is not None else None
    asked = before.asked if before is not None else None
    match order.last:
        case Order.PAUSE | Order.RESUME if hold is Hold.RETIRED:
            raise OrderRefusedError("it is retired: revive it first")
        case Order.PAUSE:
            return replace(order, hold=Hold.PAUSED, asked=asked)
        case Order.RESUME if hold is not Hold.PAUSED and paused_by_settings:
            raise OrderRefusedError("no order has paused it, but the settings file does: take that pause out of it")
        case Order.RESUME if hold is not Hold.PAUSED:
            raise OrderRefusedError("it is not paused")
        case Order.RESUME:
            return replace(order, until_us=None, asked=asked)
        case Order.RETIRE:
            return replace(order, hold=Hold.RETIRED, until_us=None, asked=asked)
        case Order.REVIVE if hold is Hold.PAUSED:
            raise OrderRefusedError("it is paused and not retired: resume it")
        case Order.REVIVE if hold is None and not is_gone:
            raise OrderRefusedError("it is not retired")
        case Order.FORCE if hold is not None:
            raise OrderRefusedError(f"it is {hold}: {'resume' if hold is Hold.PAUSED else 'revive'} it first")
        case Order.FORCE if paused_by_settings:
            raise OrderRefusedError("the settings file pauses it: take that pause out of it first")
        case Order.FORCE if is_gone:
            raise OrderRefusedError("it is retired, since it answered 410: revive it")
    return replace(order, hold=None, until_us=None, asked=number)
