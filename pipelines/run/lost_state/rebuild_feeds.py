"""Rebuilds feed cursors and pending entries from the tables of polls and failures. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from schemas.failure import PASSING, Failure, Reason, Stage
from schemas.feed import ANSWERED, FeedCursor, FeedEntry, FeedPoll, PollOutcome
from transforms.pages.entry_end import MAX_RETRIES

FOR_GOOD_AFTER = MAX_RETRIES + 1
"""The number of failures for passing reasons after which an entry is given up."""

_ASKED = ANSWERED | {PollOutcome.FAILED}


def cursors_of(polls: Iterable[FeedPoll]) -> list[FeedCursor]:
    """The cursor of each feed, as far as its polls show it; pace, wishes, listing and unfinished moves are lost.

    Validators are those of the last answer that was read, and are sent only to the address that gave them.
    """
    cursors: dict[str, FeedCursor] = {}
    for poll in sorted(polls, key=lambda poll: (poll.polled_at_us, poll.feed_url)):
        cursors[poll.feed_url] = _after(cursors.get(poll.feed_url, FeedCursor(poll.feed_url)), poll)
    return [cursors[url] for url in sorted(cursors)]


def _after(before: FeedCursor, poll: FeedPoll) -> FeedCursor:
    after = replace(
        before,
        next_poll_at_us=poll.next_poll_at_us,
        error_count=poll.error_count,
        retired=poll.outcome == PollOutcome.RETIRED or (poll.reason == Reason.GONE and poll.next_poll_at_us is None),
        distrusted=poll.distrusted,
        moved_to=poll.moved_to,
    )
    if poll.outcome in _ASKED:
        after = replace(after, last_polled_at_us=poll.polled_at_us)
    if poll.outcome == PollOutcome.NOT_MODIFIED:
        after = replace(after, last_success_at_us=poll.polled_at_us, unchanged_in_a_row=before.unchanged_in_a_row + 1)
    if poll.outcome == PollOutcome.OK:
        has_validators = poll.distrusted or poll.etag is not None or poll.last_modified is not None
        after = replace(
            after,
            last_success_at_us=poll.polled_at_us,
            last_read_at_us=poll.polled_at_us,
            unchanged_in_a_row=0,
            validator_url=poll.final_url if has_validators else None,
            etag=poll.etag,
            last_modified=poll.last_modified,
        )
    return after


def asked_again(cursor: FeedCursor) -> FeedCursor:
    """The cursor changed so that the next run reads the feed without conditions; waits after errors are kept."""
    next_us = cursor.next_poll_at_us if cursor.error_count or cursor.retired else None
    return replace(
        cursor, validator_url=None, etag=None, last_modified=None, unchanged_in_a_row=0, next_poll_at_us=next_us
    )


def left_over(failures: Iterable[Failure], seen: Collection[str]) -> list[FeedEntry]:
    """Entries that failed for passing reasons and were not fetched since; only their addresses are known.

    Their `origin` is ``listed``, so that an entry with all its facts from a feed is preferred to them.
    """
    entries: dict[str, FeedEntry] = {}
    for failure in failures:
        key = failure.url_key
        if failure.stage == Stage.PAGES and failure.reason in PASSING and key is not None and key not in seen:
            entries[key] = FeedEntry(failure.feed_url or failure.input, failure.input, failure.input, key)
    return [entries[key] for key in sorted(entries)]
