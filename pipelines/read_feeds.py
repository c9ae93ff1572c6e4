"""Reads the feed list that a run is given."""

from __future__ import annotations

from pipelines.checks import UsageError, read_input
from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list


def read_feeds(path: str) -> list[FeedSpec]:
    """The feeds of a list: a file, or an object by its URI. Raises UsageError if it cannot be read."""
    try:
        return read_feed_list(read_input(path, "the feed list"), path)
    except FeedListError as error:
        raise UsageError(str(error)) from None
