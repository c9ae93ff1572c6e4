"""Which feeds are subscribed to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from schemas.feed import FeedCursor, FeedSpec
from schemas.feed_order import FeedOrder
from transforms.web.forgotten import Forgotten

Wanted = Mapping[str, tuple[str, str]]
"""The hub and topic of each feed to be subscribed to."""


def wanted_of(
    specs: Iterable[FeedSpec],
    cursors: Mapping[str, FeedCursor],
    orders: Mapping[str, FeedOrder],
    forgotten: Forgotten,
    now_us: int,
    may_know: Callable[[str], bool],
) -> Wanted:
    """The feeds that are asked and name a hub which `may_know` of subscriptions.

    Left out are feeds that are paused, retired or forgotten, or whose topic or hub is; and those behind credentials, of
    whose address no third party is told.
    """
    found = {}
    for spec in specs:
        cursor, order = cursors.get(spec.url), orders.get(spec.url)
        if cursor is None or cursor.hub_url is None or cursor.topic_url is None or cursor.retired:
            continue
        is_held = spec.is_paused or (order is not None and order.hold_at(now_us) is not None)
        if is_held or spec.credentials is not None or not may_know(cursor.hub_url):
            continue
        if forgotten.holds_any((spec.url, cursor.hub_url, cursor.topic_url)):
            continue
        found[spec.url] = (cursor.hub_url, cursor.topic_url)
    return found
