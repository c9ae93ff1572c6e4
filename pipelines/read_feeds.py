"""Reads the feed list that a run is given."""

from __future__ import annotations

from pipelines.checks import UsageError, read_input
from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.lake.files.storage import Storage, StorageError


def read_feeds(path: str) -> list[FeedSpec]:
    """The feeds of a list: a file, or an object by its URI. Raises UsageError if it cannot be read."""
    try:
        return read_feed_list(_object(path) if "://" in path else read_input(path, "the feed list"), path)
    except FeedListError as error:
        raise UsageError(str(error)) from None


def _object(uri: str) -> bytes:
    folder, _, name = uri.rpartition("/")
    try:
        return Storage(folder, must_exist=True).get(name)
    except FileNotFoundError:
        raise UsageError(f"cannot read the feed list {uri}: there is no such object") from None
    except StorageError as error:
        raise UsageError(f"cannot read the feed list {uri}: {error}") from None
