"""What orders for feeds lead to, one after another, and what a poll makes of them."""

from __future__ import annotations

import pytest

from schemas.feed import FeedCursor
from schemas.feed_order import FeedOrder, Hold, Order
from transforms.feeds.lists.feed_status import FeedState, feed_status
from transforms.feeds.scheduling.orders import OrderRefusedError, after_order, asked_cursors, is_asked_for

FEED = "https://paper.example/feed"
NOW_US = 1_772_452_800_000_000


def ordered(*orders: str, is_gone: bool = False, until_us: int | None = None) -> FeedOrder:
    stands = None
    for number, order in enumerate(orders, 1):
        stands = after_order(stands, FeedOrder(FEED, Order(order), NOW_US, "why", until_us=until_us), number, is_gone)
    assert stands is not None
    return stands


@pytest.mark.parametrize(
    ("orders", "hold", "asked"),
    [
        (["pause"], Hold.PAUSED, None),
        (["pause", "resume"], None, None),
        (["retire"], Hold.RETIRED, None),
        (["pause", "retire"], Hold.RETIRED, None),
        (["retire", "revive"], None, 2),
        (["force"], None, 1),
        (["force", "force"], None, 2),
        (["force", "pause"], Hold.PAUSED, 1),
        (["force", "pause", "resume"], None, 1),
    ],
)
def test_the_last_orders_say_whether_a_feed_is_held_and_whether_it_is_asked_for(orders, hold, asked):
    stands = ordered(*orders)
    assert (stands.hold, stands.asked, stands.last, stands.reason) == (hold, asked, orders[-1], "why")


@pytest.mark.parametrize(
    ("orders", "is_gone", "words"),
    [
        (["resume"], False, "not paused"),
        (["retire", "pause"], False, "revive it first"),
        (["retire", "resume"], False, "revive it first"),
        (["retire", "force"], False, "it is retired: revive it first"),
        (["pause", "force"], False, "it is paused: resume it first"),
        (["pause", "revive"], False, "resume it"),
        (["revive"], False, "not retired"),
        (["force"], True, "410"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_the_remedy(orders, is_gone, words):
    with pytest.raises(OrderRefusedError, match=words):
        ordered(*orders, is_gone=is_gone)


def test_a_feed_that_its_410_retired_is_revived():
    stands = ordered("revive", is_gone=True)
    gone = FeedCursor(FEED, retired=True, error_count=1)
    assert asked_cursors({FEED: gone}, {FEED: stands})[FEED] == FeedCursor(FEED, error_count=1)
    obeyed = FeedCursor(FEED, retired=True, obeyed=1)
    assert asked_cursors({FEED: obeyed}, {FEED: stands})[FEED] is obeyed, "it answered 410 again"


def test_an_order_to_ask_stands_until_a_poll_has_obeyed_it():
    stands = ordered("retire", "revive")
    assert is_asked_for(stands, None)
    assert is_asked_for(stands, FeedCursor(FEED, obeyed=1))
    assert not is_asked_for(stands, FeedCursor(FEED, obeyed=2))
    assert not is_asked_for(ordered("pause"), FeedCursor(FEED))


def test_a_pause_is_over_at_its_end():
    stands = ordered("pause", until_us=NOW_US + 1)
    assert (stands.hold_at(NOW_US), stands.hold_at(NOW_US + 1)) == (Hold.PAUSED, None)


def test_the_status_tells_the_hold_before_all_else():
    failing = FeedCursor(FEED, error_count=3)
    paused = feed_status(FEED, failing, (), NOW_US, ordered("pause", until_us=NOW_US + 1))
    assert (paused.state, paused.paused_until_us, paused.order) == (FeedState.PAUSED, NOW_US + 1, "pause")
    assert feed_status(FEED, failing, (), NOW_US + 1, ordered("pause", until_us=NOW_US + 1)).state is FeedState.FAILING
    retired = feed_status(FEED, failing, (), NOW_US, ordered("retire"))
    assert (retired.state, retired.retired, retired.asked_for) == (FeedState.RETIRED, True, False)
    assert feed_status(FEED, failing, (), NOW_US, ordered("force")).asked_for


def test_the_status_tells_a_pause_by_the_settings_file_whatever_was_ordered():
    for order in (None, ordered("force"), ordered("pause", until_us=NOW_US + 1)):
        paused = feed_status(FEED, FeedCursor(FEED, error_count=3), (), NOW_US, order, paused_by_settings=True)
        assert (paused.state, paused.paused_by_settings, paused.asked_for) == (FeedState.PAUSED, True, False)
    retired = feed_status(FEED, None, (), NOW_US, ordered("retire"), paused_by_settings=True)
    assert (retired.state, retired.paused_by_settings) == (FeedState.RETIRED, True)


@pytest.mark.parametrize(
    ("order", "said"), [("force", "the settings file pauses it"), ("resume", "no order has paused")]
)
def test_no_order_ends_a_pause_by_the_settings_file(order, said):
    asked = FeedOrder(FEED, Order(order), NOW_US)
    with pytest.raises(OrderRefusedError, match=said):
        after_order(None, asked, 1, is_gone=False, paused_by_settings=True)
