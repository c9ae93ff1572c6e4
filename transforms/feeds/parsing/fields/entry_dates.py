"""Chooses an entry's dates of publication and of its last edit among the date elements of its feed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

_PUBLISHED = "published", "created", "atom_published", "a10_published", "dc_issued", "dc_created"
_WRITTEN = "dc_date", "dcterms_date"
_ISSUE = "dcterms_available", "prism_publicationdate"
_UPDATED = (
    "updated", "dc_modified", "atom_updated", "atom_modified", "a10_updated", "dcterms_datemodified",
    "dc_datemodified", "prism_modificationdate", "lastmod",
)  # fmt: skip
"""The names that `feed_reader` gives to date elements, the most common first.

`published` also stands for ``pubDate`` and ``dcterms:issued``; `updated` for ``atom:updated``, ``dcterms:modified`` and
``lastBuildDate``. Names begin with ``atom`` or ``a10`` if a feed uses these prefixes without declaring them.
"""


class EntryDates(NamedTuple):
    """The instants of publication and last edit in microseconds, None if the entry does not state them."""

    published_us: int | None
    updated_us: int | None


def entry_dates(text_of: Callable[[str], str | None], read: Callable[[str | None], int | None]) -> EntryDates:
    """The dates of an entry. `text_of` gives an element's text by its name; `read` turns the text into microseconds.

    An element for edits (`_UPDATED`) is the edit date even if it is the entry's only date: Atom requires no other, and
    RSS feeds do the same. ``dc:date`` is the publication; if another element states the publication, it is the edit
    date, unless one is stated. The issue date of a journal is used if no publication is stated otherwise.
    """
    published_us = _first(_PUBLISHED, text_of, read)
    written_us = _first(_WRITTEN, text_of, read)
    updated_us = _first(_UPDATED, text_of, read)
    if published_us is None:
        return EntryDates(_first(_ISSUE, text_of, read) if written_us is None else written_us, updated_us)
    return EntryDates(published_us, written_us if updated_us is None else updated_us)


def _first(
    names: Iterable[str], text_of: Callable[[str], str | None], read: Callable[[str | None], int | None]
) -> int | None:
    texts = filter(None, map(text_of, names))
    return next((us for us in map(read, texts) if us is not None), None)
