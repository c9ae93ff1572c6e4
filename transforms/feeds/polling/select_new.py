"""Selects the entries to fetch: one for each page, and only pages that are new or were edited. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal

from schemas.feed import FeedEntry
from schemas.state import Seen

Outcome = Literal["fetch", "known", "duplicate_entry"]


@dataclass(frozen=True, slots=True)
class SelectOutcome:
    """The outcome of one entry; `origin` is the entry's own (listed or pending)."""

    feed_url: str
    url_key: str
    outcome: Outcome
    origin: str = "listed"


def select_new(entries: Iterable[FeedEntry], seen: Mapping[str, Seen]) -> Iterator[tuple[FeedEntry, SelectOutcome]]:
    """Every entry with its outcome, ordered by page, whatever the order of arrival.

    One entry stands for all that name the same page: the preferred one of those that were never seen or were edited
    since, which is ``fetch``; if there is none, the preferred one of all, which is ``known``. The others are
    ``duplicate_entry``.
    """
    pages: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries:
        pages[entry.url_key].append(entry)
    for url_key in sorted(pages):
        ranked = sorted(pages[url_key], key=_preference)
        wanted = [entry for entry in ranked if _is_wanted(entry, seen.get(url_key))]
        preferred, *others = sorted(ranked, key=lambda entry: entry not in wanted[:1])
        yield preferred, _outcome(preferred, "fetch" if wanted else "known")
        for entry in others:
            yield entry, _outcome(entry, "duplicate_entry")


def first_in_turn(entries: Sequence[FeedEntry], limit: int | None) -> tuple[list[FeedEntry], list[FeedEntry]]:
    """The first `limit` entries (None: all) by `FeedEntry.turn`, which a run fetches; and the others."""
    ordered = sorted(entries, key=attrgetter("turn"))
    return ordered[:limit], [] if limit is None else ordered[limit:]


RELISTED_AFTER_US = 30 * 86_400_000_000
"""An entry that is still listed this long (30 days) after it was last noted as listed is noted again."""


def relisted(entries: Iterable[FeedEntry], seen: Mapping[str, Seen], now_us: int) -> Iterator[Seen]:
    """New rows for entries that feeds still list, so that these are not forgotten; ordered by page."""
    for url_key in sorted({entry.url_key for entry in entries if entry.origin != "pending"} & seen.keys()):
        if now_us - seen[url_key].last_listed_us >= RELISTED_AFTER_US:
            yield replace(seen[url_key], listed_at_us=now_us)


def _outcome(entry: FeedEntry, outcome: Outcome) -> SelectOutcome:
    return SelectOutcome(entry.feed_url, entry.url_key, outcome, entry.origin)


def _preference(entry: FeedEntry) -> tuple[object, ...]:
    """Sort key, total: pending before listed, most attempts, latest update, earliest publication; then by names."""
    is_listed = entry.origin != "pending"
    updated = -entry.updated_us if entry.updated_us is not None else 1
    published = (entry.published_us is None, entry.published_us or 0)
    return is_listed, -entry.attempts, updated, published, entry.feed_url, entry.entry_id, repr(entry)


def _is_wanted(entry: FeedEntry, seen: Seen | None) -> bool:
    if seen is None:
        return True
    if entry.origin == "pending":
        # A pending entry that was fetched since (by a run that died, for example) is wanted only if edited since.
        return entry.updated_us is not None and (seen.updated_us is None or entry.updated_us > seen.updated_us)
    if entry.updated_us is None or (entry.published_us is not None and entry.updated_us <= entry.published_us):
        # No edit: feeds that stamp every entry with the hour of the poll give both dates the same value.
        return False
    # A feed that gave no update date before may give one after an edit; then the edit is later than our fetch. If the
    # update is the only date (Atom requires no other), the first one means the publication and is remembered.
    return entry.updated_us > (seen.seen_at_us if seen.updated_us is None else seen.updated_us)
