"""Orders the feeds of each host, and says what is known of a host from its feeds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from schemas.feed import FeedCursor, FeedSpec
from transforms.feeds.polling.moves import asked_url
from transforms.web.outage import Standing
from transforms.web.urls import BadUrl, host_of


def lane_of(feed_url: str) -> str:
    """The host whose turn a feed waits for. An unreadable address is a lane of its own, and its fetch fails."""
    try:
        return host_of(feed_url)
    except BadUrl:
        return feed_url


def in_turn(due: Sequence[FeedSpec], cursors: Mapping[str, FeedCursor]) -> Iterator[FeedSpec]:
    """The feeds in their order, except that those of one host are sorted by how long they have been due.

    A run may end before it has polled all feeds of a host.
    """
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
    """What earlier polls say about the feed's host."""
    if cursor is None:
        return Standing.NEW
    if cursor.error_count:
        return Standing.FAILING
    return Standing.NEW if cursor.last_success_at_us is None else Standing.WELL
