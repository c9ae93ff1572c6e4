"""Follows feeds that move: after a few equal permanent redirects the new address is asked directly. Pure."""

from __future__ import annotations

from dataclasses import replace

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.poll_facts import PollFacts

_ERRORS_TO_GO_BACK = 3


def asked_url(cursor: FeedCursor | None, feed_url: str) -> str:
    """The address that a poll asks: the one that the feed has moved to, else its own. Its identity stays `feed_url`."""
    return cursor.moved_to if cursor is not None and cursor.moved_to is not None else feed_url


def after_answer(before: FeedCursor, facts: PollFacts, move_after: int) -> FeedCursor:
    """The cursor's move after a successful poll: `move_after` permanent redirects in a row to one address are a move.

    Failed polls do not count: a dead feed that redirects to the front page has not moved there.
    """
    if facts.permanent_url is None:
        return replace(before, moving_to=None, moving_count=0)
    count = before.moving_count + 1 if before.moving_to == facts.permanent_url else 1
    if count < move_after:
        return replace(before, moving_to=facts.permanent_url, moving_count=count)
    moved_to = facts.permanent_url if facts.permanent_url != before.feed_url else None
    return replace(before, moved_to=moved_to, moving_to=None, moving_count=0)


def after_failure(failed: FeedCursor, facts: PollFacts) -> FeedCursor:
    """The cursor's move after a failure: if the new address is gone, or failed three times in a row, the move ends."""
    if failed.moved_to is None or not (facts.reason is Reason.GONE or failed.error_count >= _ERRORS_TO_GO_BACK):
        return failed
    return replace(failed, moved_to=None, moving_to=None, moving_count=0)
