"""The counts that one poll adds to its run. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.failure import InputKind, Reason
from schemas.feed import FeedPoll, PollOutcome
from schemas.run import Tally
from transforms.feeds.polling.poll import Polled


def tally_polled(polled: Polled) -> Iterator[Tally]:
    """The counts of a poll's row, of its entries without a usable address, and of a bug on its content."""
    yield from tally_poll(polled.poll)
    for failure in polled.failures:
        if failure.input_kind == InputKind.ENTRY:
            yield "entries.unusable", 1
    if polled.is_bug:
        yield "attention.crashed_feeds", 1


def tally_poll(poll: FeedPoll) -> Iterator[Tally]:
    """The counts of a poll's row."""
    yield f"polls.{poll.outcome}", 1
    if poll.was_asked:
        yield "polls.asked", 1
    if poll.outcome == PollOutcome.OFFLINE:
        yield "attention.network_down", 1
    if poll.moved_to is not None:
        yield "feeds.moved", 1
    if poll.distrusted:
        yield "feeds.distrusted", 1
    if poll.outcome == PollOutcome.RETIRED or (poll.reason == Reason.GONE and poll.next_poll_at_us is None):
        yield "feeds.retired", 1
    yield "entries.listed", poll.entries
