"""The state that only we read: what committed runs left under ``_state/``, found by name and looked up by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.feed import FEED_CURSORS, PENDING, FeedCursor, FeedEntry
from schemas.fingerprint import FINGERPRINTS
from schemas.host import HOSTS, HostMemory
from schemas.site import SITES, SiteMemory
from schemas.state import SEEN, Seen
from schemas.story import STORIES
from schemas.table import Table
from transforms.lake.layout import MERGED, RUNS, STATE, run_ids, run_of
from transforms.lake.parts import PartReader, PartWriter
from transforms.lake.storage import Storage


def committed_runs(storage: Storage) -> list[str]:
    """The ids of all committed runs, in order of time."""
    return sorted(run_ids(list(storage.list(RUNS))))


def committed_parts(storage: Storage, table: Table[Any], runs: Sequence[str]) -> tuple[str, ...]:
    """A state table's parts written by these runs, in order of time."""
    known = frozenset(runs)
    return tuple(path for path in storage.list(f"{STATE}/{table.name}") if run_of(path) in known)


@dataclass(frozen=True, slots=True)
class StateBefore:
    """The state as a run finds it: fixed lists of immutable files, so that every worker sees the same.

    `seen`, the fingerprints and the stories grow by a part a run, `sites` by the sites that had pages in it; `cursors`,
    `hosts` and `pending` are whole in the newest part.
    """

    reader: PartReader
    seen_parts: tuple[str, ...] = ()
    fingerprint_parts: tuple[str, ...] = ()
    site_parts: tuple[str, ...] = ()
    story_parts: tuple[str, ...] = ()
    cursor_part: str | None = None
    host_part: str | None = None
    pending_part: str | None = None
    adopted_pages: tuple[str, ...] = ()

    def cursors(self, feed_urls: Sequence[str]) -> Mapping[str, FeedCursor]:
        """The cursors of these feeds; a feed never polled has none."""
        if self.cursor_part is None:
            return {}
        wanted = frozenset(feed_urls)
        rows = self.reader.rows(FEED_CURSORS, self.cursor_part)
        return {cursor.feed_url: cursor for cursor in rows if cursor.feed_url in wanted}

    def hosts(self, hosts: Sequence[str]) -> list[HostMemory]:
        """What earlier runs remember of these hosts."""
        if self.host_part is None:
            return []
        where = _among("host", frozenset(hosts))
        return HOSTS.from_arrow(self.reader.columns(self.host_part, HOSTS.schema.names, where)) if hosts else []

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What earlier runs learned of these sites: the newest word on each."""
        found: dict[str, SiteMemory] = {}
        for path in self.site_parts:
            rows = self.reader.columns(path, SITES.schema.names, _among("site", frozenset(sites)))
            found.update((memory.site, memory) for memory in SITES.from_arrow(rows))
        return found

    def pending(self) -> list[FeedEntry]:
        """The entries that earlier runs left for this one."""
        return [] if self.pending_part is None else list(self.reader.rows(PENDING, self.pending_part))

    def seen(self, url_keys: Sequence[str]) -> Mapping[str, Seen]:
        """What is remembered of these entries: the latest word on each."""
        wanted = frozenset(url_keys)
        found: dict[str, Seen] = {}
        for path in self.seen_parts:
            for seen in SEEN.from_arrow(self.reader.columns(path, SEEN.schema.names, _among("url_key", wanted))):
                found[seen.url_key] = later(found.get(seen.url_key), seen)
        for path in self.adopted_pages:
            for seen in self.seen_in_pages(path):
                if seen.url_key in wanted:
                    found[seen.url_key] = later(found.get(seen.url_key), seen)
        return found

    def seen_in_pages(self, path: str) -> list[Seen]:
        """What a page file lets us remember, without reading its bodies."""
        table = self.reader.columns(path, ["url_key", "entry_updated", "fetched_at"])
        renamed = table.select(["url_key", "entry_updated", "fetched_at"]).rename_columns(SEEN.schema.names)
        return SEEN.from_arrow(renamed)


def later(known: Seen | None, seen: Seen) -> Seen:
    """The later of two memories of one entry."""
    return seen if known is None or seen.seen_at_us >= known.seen_at_us else known


def _among(column: str, values: frozenset[str]) -> list[tuple[str, str, frozenset[str]]]:
    return [(column, "in", values)]


def state_before(storage: Storage, adopted_pages: tuple[str, ...] = (), fingerprints_since: str = "") -> StateBefore:
    """The state that committed runs left, with fingerprints and stories of runs from the id `fingerprints_since` on.

    `adopted_pages` are page parts of runs that died: they are remembered though no run has committed them.
    """
    runs = committed_runs(storage)
    recent = [run_id for run_id in runs if run_id >= fingerprints_since]
    cursors = committed_parts(storage, FEED_CURSORS, runs)
    hosts = committed_parts(storage, HOSTS, runs)
    pending = committed_parts(storage, PENDING, runs)
    return StateBefore(
        reader=PartReader(storage),
        seen_parts=committed_parts(storage, SEEN, runs),
        fingerprint_parts=committed_parts(storage, FINGERPRINTS, recent),
        story_parts=committed_parts(storage, STORIES, recent),
        site_parts=committed_parts(storage, SITES, runs),
        cursor_part=cursors[-1] if cursors else None,
        host_part=hosts[-1] if hosts else None,
        pending_part=pending[-1] if pending else None,
        adopted_pages=adopted_pages,
    )


_TIDY_AT = 64
"""State parts of one table that are merged into one: a lake of small runs stays quick to look up."""


def tidy_state(storage: Storage, run_id: str) -> None:
    """Merge the small state parts when there are many, and drop snapshots that are superseded.

    Call it under the lock, after the commit. Killed halfway it leaves rows twice, which no look-up minds.
    """
    runs = committed_runs(storage)
    whole: tuple[Table[Any], ...] = (FEED_CURSORS, HOSTS, PENDING)
    for table in whole:
        for path in committed_parts(storage, table, runs)[:-1]:
            storage.delete(path)
    grown: tuple[Table[Any], ...] = (SEEN, FINGERPRINTS, STORIES, SITES)
    for table in grown:
        parts = [path for path in committed_parts(storage, table, runs) if MERGED not in path]
        if len(parts) >= _TIDY_AT:
            _merge(storage, table, parts, run_id)


def _merge(storage: Storage, table: Table[Any], parts: Sequence[str], run_id: str) -> None:
    reader = PartReader(storage)
    rows = [row for path in parts for row in reader.rows(table, path)]
    if table is SITES:  # the newest memory of a site says all
        rows = list({row.site: row for row in rows}.values())
    PartWriter(storage, run_id).write(table, rows, MERGED)
    for path in parts:
        storage.delete(path)
