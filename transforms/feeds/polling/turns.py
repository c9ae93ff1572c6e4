"""Which feed of a host comes first, and what is known of a host by its feeds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from schemas.feed import FeedCursor, FeedSpec
from transforms.feeds.polling.moves import asked_url
from transforms.web.outage import Standing
from transforms.web.urls import BadUrl, host_of


def lane_of(feed_url: str) -> str:
    """What a feed waits its turn for: its host; an address without one stands alone, and fails when it is fetched."""
    try:
        return host_of(feed_url)
    except BadUrl:
        return feed_url


def in_turn(due: Sequence[FeedSpec], cursors: Mapping[str, FeedCursor]) -> Iterator[FeedSpec]:
    """Feeds in their order, but those of one host by how long they have been due: a run may not come to all of them."""
    lanes: defaultdict[str, list[FeedSpec]] = defaultdict(list)
    for spec in due:
        lanes[lane_of(asked_url(cursors.get(spec.url), spec.url))].append(spec)
    turns = {}
    for host, specs in lanes.items():
        known = ((cursors.get(spec.url), spec) for spec in specs)
        turns[host] = iter([spec for _, spec in sorted(known, key=lambda one: _due_since_us(one[0]))])
    for spec in due:
        yield next(turns[lane_of(asked_url(cursors.get(spec.url), spec.url))])


def _due_since_us(cursor: FeedCursor | None) -> int:
    return 0 if cursor is None else cursor.next_poll_at_us or 0


def standing_of(cursor: FeedCursor | None) -> Standing:
    """What earlier polls say of the feed's host."""
    if cursor is None:
        return Standing.NEW
    if cursor.error_count:
        return Standing.FAILING
    return Standing.NEW if cursor.last_success_at_us is None else Standing.WELL
