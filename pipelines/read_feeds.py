"""Reads the feed list that a run is given."""

from __future__ import annotations

from pipelines.checks import UsageError, read_input
from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices, with_settings


def read_feeds(path: str, choices: FeedChoices = NO_CHOICES, what: str = "the feed list") -> list[FeedSpec]:
    """The feeds of a list, a file or an object by its URI, with what the settings file says of each.

    Raises UsageError if it cannot be read.
    """
    try:
        specs = read_feed_list(read_input(path, what), path)
    except FeedListError as error:
        raise UsageError(str(error)) from None
    return [with_settings(spec, choices.of(spec.url)) for spec in specs] if choices != NO_CHOICES else specs
