"""Selects the entries to fetch: one for each page, and only pages that are new or were edited. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from operator import attrgetter

from schemas.feed import FeedEntry, Origin
from schemas.state import Seen
from transforms.common.clock import DAY_US


class SelectOutcome(StrEnum):
    """What becomes of an entry before its fetch. KNOWN: fetched before, and not edited since; DUPLICATE_ENTRY: another
    entry of the same page stands for it; FORGOTTEN: its address was forgotten; DROPPED: a rule of the user's is against
    it."""

    FETCH = "fetch"
    KNOWN = "known"
    DUPLICATE_ENTRY = "duplicate_entry"
    FORGOTTEN = "forgotten"
    DROPPED = "dropped"


def select_new(entries: Iterable[FeedEntry], seen: Mapping[str, Seen]) -> Iterator[tuple[FeedEntry, SelectOutcome]]:
    """Every entry with its outcome, ordered by page, whatever the order of arrival.

    Of the entries that name the same page, the preferred one of those that are wanted stands for all, and the others
    are duplicates. It is fetched where it was never seen, or was edited since; else it is known.
    """
    pages: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries:
        pages[entry.url_key].append(entry)
    for url_key in sorted(pages):
        ranked = sorted(pages[url_key], key=_preference)
        wanted = [entry for entry in ranked if _is_wanted(entry, seen.get(url_key))]
        preferred, *others = sorted(ranked, key=lambda entry: entry not in wanted[:1])
        yield preferred, SelectOutcome.FETCH if wanted else SelectOutcome.KNOWN
        for entry in others:
            yield entry, SelectOutcome.DUPLICATE_ENTRY


def first_in_turn(entries: Sequence[FeedEntry], limit: int | None) -> tuple[list[FeedEntry], list[FeedEntry]]:
    """The first `limit` entries (None: all) by `FeedEntry.turn`, which a run fetches; and the others."""
    ordered = sorted(entries, key=attrgetter("turn"))
    return ordered[:limit], [] if limit is None else ordered[limit:]


RELISTED_AFTER_US = 30 * DAY_US
"""An entry that is listed this long after it was last noted as listed is noted again."""


def relisted(entries: Iterable[FeedEntry], seen: Mapping[str, Seen], now_us: int) -> Iterator[Seen]:
    """What to remember anew of entries that feeds go on listing, so that they are not forgotten; ordered by page."""
    for url_key in sorted({entry.url_key for entry in entries if entry.origin != Origin.PENDING} & seen.keys()):
        if now_us - seen[url_key].last_listed_us >= RELISTED_AFTER_US:
            yield replace(seen[url_key], listed_at_us=now_us)


def _preference(entry: FeedEntry) -> tuple[object, ...]:
    """A total order: pending before listed, last updated, first published; then by name, so that none is a draw."""
    is_listed = entry.origin != Origin.PENDING
    updated = -entry.updated_us if entry.updated_us is not None else 1
    published = (entry.published_us is None, entry.published_us or 0)
    return is_listed, -entry.attempts, updated, published, entry.feed_url, entry.entry_id, repr(entry)


def _is_wanted(entry: FeedEntry, seen: Seen | None) -> bool:
    if seen is None:
        return True
    if entry.origin == Origin.PENDING:
        # Left over, and fetched all the same: by a run that died, or by this one's account before an edit.
        return entry.updated_us is not None and (seen.updated_us is None or entry.updated_us > seen.updated_us)
    if entry.updated_us is None or (entry.published_us is not None and entry.updated_us <= entry.published_us):
        # No edit: feeds that stamp every entry with the hour of the poll give both dates the same value.
        return False
    # A feed that gave no update date before may give one after an edit; then the edit is later than our fetch. If the
    # update is the only date (Atom requires no other), the first one means the publication and is remembered.
    return entry.updated_us > (seen.seen_at_us if seen.updated_us is None else seen.updated_us)
