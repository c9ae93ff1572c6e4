"""Feeds that move for good, and those that only say so."""

from __future__ import annotations

import pytest

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.cursor import after_poll, request_of
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings

OLD, NEW, OTHER = "https://old.example/feed", "https://new.example/feed", "https://other.example/feed"
NOW_US = 1_750_000_000_000_000
SETTINGS = PollSettings()


def told(*answers: str | PollFacts | None, cursor: FeedCursor | None = None) -> FeedCursor:
    """The cursor after answers that were sent on for good to the given addresses."""
    for answer in answers:
        facts = answer if isinstance(answer, PollFacts) else PollFacts(200, final_url=NEW, permanent_url=answer)
        cursor = after_poll(cursor, OLD, facts, NOW_US, SETTINGS)
    assert cursor is not None
    return cursor


def asked(cursor: FeedCursor) -> str:
    return request_of(cursor, OLD, NOW_US, SETTINGS).url


FAILED = PollFacts(404, Reason.NOT_FOUND, permanent_url=NEW)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([NEW, NEW], OLD),
        ([NEW, NEW, NEW], NEW),
        ([NEW, PollFacts(304, permanent_url=NEW), NEW], NEW),
        ([NEW, NEW, OTHER], OLD),
        ([NEW, NEW, OTHER, OTHER, OTHER], OTHER),
        ([NEW, NEW, None, NEW], OLD),
        ([FAILED, FAILED, FAILED, FAILED], OLD),
        ([NEW, NEW, FAILED, NEW], NEW),
        ([None] * 10, OLD),
    ],
)
def test_a_feed_moves_after_three_answers_in_a_row_that_came_from_the_same_new_place(answers, expected):
    cursor = told(*answers)
    assert asked(cursor) == expected
    assert cursor.feed_url == OLD


def test_a_feed_that_has_moved_can_move_on_and_home():
    moved = told(NEW, NEW, NEW)
    assert asked(told(OTHER, OTHER, OTHER, cursor=moved)) == OTHER
    home = told(OLD, OLD, OLD, cursor=moved)
    assert (asked(home), home.moved_to) == (OLD, None)


def test_a_move_keeps_the_validators_for_the_address_that_sent_them():
    cursor = told(*[PollFacts(200, final_url=NEW, etag='"1"', permanent_url=NEW)] * 3)
    assert request_of(cursor, OLD, NOW_US, SETTINGS) == (NEW, (("If-None-Match", '"1"'),), NEW)


def test_a_new_address_that_fails_three_times_sends_us_back_to_the_old_one():
    moved = told(NEW, NEW, NEW)
    error = PollFacts(404, Reason.NOT_FOUND)
    assert [asked(told(*[error] * count, cursor=moved)) for count in (1, 2, 3)] == [NEW, NEW, OLD]


def test_a_new_address_that_is_gone_retires_the_feed_only_when_the_old_one_says_so_too():
    gone = PollFacts(410, Reason.GONE)
    once = told(gone, cursor=told(NEW, NEW, NEW))
    assert (asked(once), once.retired) == (OLD, False)
    assert told(gone, cursor=once).retired
