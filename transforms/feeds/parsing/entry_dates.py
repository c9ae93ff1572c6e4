"""Which of an entry's dates is the publication, and which tells of an edit."""

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
"""Names that our reader of feeds gives to elements, the plainest first.

Its `published` is also ``pubDate`` and ``dcterms:issued``, its `updated` ``atom:updated``, ``dcterms:modified`` and
``lastBuildDate``. The prefixes ``atom`` and ``a10`` stand in names where a feed does not declare them.
"""


class EntryDates(NamedTuple):
    """Microseconds of the publication and of the last edit, each None where the entry does not state it."""

    published_us: int | None
    updated_us: int | None


def entry_dates(text_of: Callable[[str], str | None], read: Callable[[str | None], int | None]) -> EntryDates:
    """The dates of an entry whose elements `text_of` gives by name, and whose texts `read` reads.

    An element that names an edit is one, also where it is the entry's only date: Atom demands no other, and RSS takes
    it over. ``dc:date`` is the day on which the entry was written; beside a publication it is that of an edit. The day
    of a journal's issue counts where nothing else is stated.
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
