"""The rows of a run's polls, with what was new in each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.feed import FeedPoll


@dataclass(frozen=True, slots=True)
class NewEntries:
    """How many entries to fetch a feed gave; it comes from another step than the poll's row."""

    feed_url: str
    entries: int


def fold_polls(rows: Iterable[FeedPoll | NewEntries]) -> list[FeedPoll]:
    """The polls among `rows` that asked their feed, each with its `new_entries`.

    What was new in a feed without a poll, which is no longer in the list, has no row to stand in.
    """
    new: Counter[str] = Counter()
    polls = []
    for row in rows:
        if isinstance(row, NewEntries):
            new[row.feed_url] += row.entries
        elif row.was_asked:
            polls.append(row)
    return [replace(poll, new_entries=new[poll.feed_url]) for poll in polls]
