"""Orders the feeds of each host, and says what is known of a host from its feeds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schemas.feed import FeedCursor, FeedSpec
from transforms.feeds.scheduling.moves import asked_url
from transforms.web.politeness.outage import Standing
from transforms.web.urls import lane_of


def lanes_of(due: Iterable[FeedSpec], cursors: Mapping[str, FeedCursor]) -> list[list[FeedSpec]]:
    """The feeds of each host by how long they have been due: a run may not come to all of them."""
    lanes: defaultdict[str, list[FeedSpec]] = defaultdict(list)
    for spec in due:
        lanes[lane_of(asked_url(cursors.get(spec.url), spec.url))].append(spec)
    return [sorted(specs, key=lambda spec: _due_since_us(cursors.get(spec.url))) for specs in lanes.values()]


def _due_since_us(cursor: FeedCursor | None) -> int:
    return 0 if cursor is None else cursor.next_poll_at_us or 0


def standing_of(cursor: FeedCursor | None) -> Standing:
    """What earlier polls say about the feed's host."""
    if cursor is None:
        return Standing.NEW
    if cursor.error_count:
        return Standing.FAILING
    return Standing.NEW if cursor.last_success_at_us is None else Standing.WELL
