"""What is said of a feed first, and which feeds come first."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from schemas.feed import FeedCursor, FeedPoll
from transforms.feeds.lists.feed_status import FeedState, feed_status, worst_first

URL = "https://paper.example/feed"
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NOW_US = 1_750_000_000_000_000


def cursor(**values: Any) -> FeedCursor:
    return FeedCursor(URL, **({"last_success_at_us": NOW_US, "last_news_at_us": NOW_US} | values))


def poll(outcome: str, hours_ago: float = 0.0, **values: Any) -> FeedPoll:
    return FeedPoll(URL, None, outcome, NOW_US - round(hours_ago * HOUR_US), "run", **values)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (None, "never_read"),
        (FeedCursor(URL), "never_read"),
        (FeedCursor(URL, error_count=1), "failing"),
        (cursor(error_count=3, moved_to="https://new.example/"), "failing"),
        (cursor(retired=True, error_count=1), "retired"),
        (cursor(), "well"),
        (cursor(moved_to="https://new.example/"), "moved"),
        (cursor(distrusted=True, moved_to="https://new.example/"), "distrusted"),
        (cursor(last_news_at_us=NOW_US - 8 * DAY_US, news_gap_s=3_600), "silent"),
        (cursor(last_news_at_us=NOW_US - 6 * DAY_US, news_gap_s=3_600), "well"),
        (cursor(last_news_at_us=NOW_US - 8 * DAY_US, news_gap_s=86_400), "well"),
        (cursor(last_news_at_us=NOW_US - 11 * DAY_US, news_gap_s=86_400), "silent"),
    ],
)
def test_a_feed_is_called_by_what_someone_should_look_at_first(known, state):
    assert feed_status(URL, known, [], NOW_US).state == state


def test_what_needs_a_look_comes_first_and_the_most_errors_before_few():
    feeds = [
        *(feed_status(f"f{count}", FeedCursor(f"f{count}", error_count=count), [], NOW_US) for count in (9, 2, 1)),
        feed_status("r", FeedCursor("r", retired=True), [], NOW_US),
        feed_status("n", None, [], NOW_US),
        feed_status("s40", cursor(last_news_at_us=NOW_US - 40 * DAY_US), [], NOW_US)
    ]  # fmt: skip
    feeds += [feed_status("s9", cursor(last_news_at_us=NOW_US - 9 * DAY_US), [], NOW_US)]
    feeds += [feed_status(name, cursor(), [], NOW_US) for name in ("w1", "w2")]
    names = [feed.feed_url for feed in feeds]
    Random(1).shuffle(feeds)
    assert [feed.feed_url for feed in sorted(feeds, key=worst_first)] == names


def test_the_last_request_is_told_and_what_was_not_asked_says_nothing():
    polls = [
        poll("failed", 3, status=500, reason="server_error", message="the server answered 500"),
        poll("ok", 5, status=200, title="The Paper"),
        poll("not_due", 2),
        poll("retired", 1),
        poll("deferred"),
    ]
    status = feed_status(URL, cursor(error_count=1), polls, NOW_US)
    assert (status.outcome, status.status, status.reason, status.title) == ("failed", 500, "server_error", "The Paper")
    assert (status.last_polled_at_us, status.errors_in_a_row) == (NOW_US - 3 * HOUR_US, 1)
    lost = feed_status(URL, cursor(), [*polls, poll("offline", reason="unreachable")], NOW_US)
    assert (lost.outcome, lost.state) == ("offline", FeedState.WELL)


@pytest.mark.parametrize(
    ("polls", "a_day"),
    [
        ([], None),
        ([poll("ok", 48, new_entries=50)], None),
        ([poll("ok", 1, new_entries=50), poll("ok", 0, new_entries=9)], None),
        ([poll("ok", 48, new_entries=50), poll("ok", 24, new_entries=5), poll("not_modified", 0)], 2.5),
        ([poll("ok", 48, new_entries=50), poll("failed", 30), poll("ok", 0, new_entries=3)], 1.5),
    ],
)
def test_entries_a_day_leave_out_what_had_gathered_before_the_first_poll(polls, a_day):
    assert feed_status(URL, cursor(), polls, NOW_US).entries_a_day == a_day
