"""Adds the number of new entries to the rows of a run's polls. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.feed import FeedPoll


@dataclass(frozen=True, slots=True)
class NewEntries:
    """How many entries to fetch a feed gave. Another step than the poll makes this row."""

    feed_url: str
    entries: int


def fold_polls(rows: Iterable[FeedPoll | NewEntries]) -> list[FeedPoll]:
    """The polls among `rows` that made a request, each with its `new_entries`.

    New entries of a feed without a poll (it is no longer in the list) are dropped.
    """
    new: Counter[str] = Counter()
    polls = []
    for row in rows:
        if isinstance(row, NewEntries):
            new[row.feed_url] += row.entries
        elif row.was_asked:
            polls.append(row)
    return [replace(poll, new_entries=new[poll.feed_url]) for poll in polls]
