"""Decides when a feed is polled of which its hub has told news: at once, and not too often. Pure; times are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.feed import FeedCursor

LEAST_GAP_S = 60.0
"""The least time between two polls of a feed for its pushes; pushes in between are one."""
_LONGEST_GAP_S = 3_600.0


@dataclass
class _Feed:
    due_s: float | None = None
    polled_s: float | None = None
    idle: int = 0
    is_again: bool = False

    @property
    def gap_s(self) -> float:
        return min(LEAST_GAP_S * 2.0 ** min(self.idle, 16), _LONGEST_GAP_S)


class PushTurns:
    """The feeds that wait for a poll because of pushes.

    After a push a feed is polled at once; again because of a push after a minute at the soonest, and after each poll
    that brought no news twice as long, up to an hour. A push whose poll brought no news is followed by one more poll,
    after that time: the hub may be faster than the feed's own server, or than a cache in front of it.
    """

    def __init__(self) -> None:
        self._feeds: dict[str, _Feed] = {}

    def push(self, feed_url: str, now_s: float) -> bool:
        """Note a push; False if the feed waits for a poll already."""
        feed = self._feeds.setdefault(feed_url, _Feed())
        soonest_s = now_s if feed.polled_s is None else max(now_s, feed.polled_s + feed.gap_s)
        is_new = feed.due_s is None
        if feed.due_s is None:
            feed.is_again = False
        feed.due_s = soonest_s if feed.due_s is None else min(feed.due_s, soonest_s)
        return is_new

    def is_due(self, now_s: float) -> bool:
        """Whether a feed is to be polled now."""
        return any(feed.due_s is not None and feed.due_s <= now_s for feed in self._feeds.values())

    def take(self, now_s: float) -> frozenset[str]:
        """The feeds to poll now; they wait no more."""
        due = [url for url, feed in self._feeds.items() if feed.due_s is not None and feed.due_s <= now_s]
        for url in due:  # a push from now on tells of what this poll may miss, and is one more
            self._feeds[url].due_s, self._feeds[url].polled_s = None, now_s
        return frozenset(due)

    def run_ended(
        self, taken: Iterable[str], cursors: Mapping[str, FeedCursor], began_us: int, now_us: int, now_s: float
    ) -> None:
        """Note a run that began at `began_us`, for the feeds that were taken for it. `cursors` are those after it, none
        if it was not committed.

        A feed that was not asked waits for another run, unless its server asked for a pause: then its next poll finds
        the news.
        """
        for url in taken:
            cursor = cursors.get(url)
            if cursor is not None and (cursor.last_polled_at_us or 0) >= began_us:
                self.polled(url, now_s, has_news=(cursor.last_news_at_us or 0) >= began_us)
            elif cursor is None or (cursor.asked_until_us or 0) <= now_us:
                self.put_back(url, now_s)

    def polled(self, feed_url: str, now_s: float, *, has_news: bool) -> None:
        """Note the poll of a feed that was taken."""
        feed = self._feeds.setdefault(feed_url, _Feed())
        feed.polled_s = now_s
        feed.idle = 0 if has_news else feed.idle + 1
        if not has_news and not feed.is_again:
            again_s = now_s + feed.gap_s
            feed.due_s, feed.is_again = again_s if feed.due_s is None else min(feed.due_s, again_s), True

    def put_back(self, feed_url: str, now_s: float) -> None:
        """Let a feed wait that was taken and could not be asked, longer each time."""
        feed = self._feeds.setdefault(feed_url, _Feed())
        feed.due_s = now_s + feed.gap_s
        feed.idle += 1

    def keep(self, feed_urls: Iterable[str]) -> None:
        """Forget all feeds but these."""
        kept = frozenset(feed_urls)
        self._feeds = {url: feed for url, feed in self._feeds.items() if url in kept}
