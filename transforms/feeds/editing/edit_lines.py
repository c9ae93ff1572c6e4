"""Edits feed lists of one address a line. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO

from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import address_in


def lines_with(text: str, specs: Sequence[FeedSpec]) -> str:
    """The list with these addresses at its end."""
    return end_of_line(text) + "".join(f"{spec.url}{newline_of(text)}" for spec in specs)


def lines_without(text: str, is_gone: Callable[[str], bool]) -> str:
    """The list without the lines whose address `is_gone`."""
    kept = (line for line in StringIO(text, newline="") if not is_gone(address_in(line.lstrip("\ufeff")) or ""))
    return "".join(kept)


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def end_of_line(text: str) -> str:
    """The text, whose last line is ended if it is not."""
    is_ended = not text.strip("\ufeff") or text.endswith(("\n", "\r"))
    return text if is_ended else text + newline_of(text)
