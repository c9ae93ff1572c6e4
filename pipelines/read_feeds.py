"""Reads the feed list that a command is given."""

from __future__ import annotations

from typing import Final

from pipelines.checks import UsageError, read_input
from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.pages.sniff import sniff_other
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices, with_settings

_FORMS_OF_LISTS: Final = ("JSON", "an OPML list", "plain text or unknown data")
_REMEDY: Final = "write the addresses of feeds into a file, one a line, and name that"


def read_feeds(path: str, choices: FeedChoices = NO_CHOICES) -> list[FeedSpec]:
    """The feeds of a list, a file or an object by its URI, with what the settings file says of each.

    Raises UsageError if it cannot be read.
    """
    if path.lower().startswith(("https://", "http://")):
        raise UsageError(f"cannot read the feed list {path}: that is an address; {_REMEDY}")
    content = read_input(path, "the feed list")
    try:
        specs = read_feed_list(content, path)
    except FeedListError as error:
        other = sniff_other(content)
        is_list = other is None or other in _FORMS_OF_LISTS
        raise UsageError(str(error) if is_list else f"{path}: {other}, no list of feeds; {_REMEDY}") from None
    return [with_settings(spec, choices.of(spec.url)) for spec in specs] if choices != NO_CHOICES else specs
