"""Reads the state that committed runs left under ``_state/``, and keeps its files few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.feed import FEED_CURSORS, PENDING, FeedCursor, FeedEntry
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS, HostMemory
from schemas.page import page_id_of
from schemas.revisit import REVISITS
from schemas.run import Run, StateParts, new_run_id
from schemas.site import SITES, SiteMemory
from schemas.state import SEEN, Seen
from schemas.story import STORIES
from schemas.table import Table
from schemas.tables import GROWN, SNAPSHOTS
from transforms.common.arrays import by_value, short_hashes
from transforms.common.clock import DAY_US
from transforms.lake.committed import Committed, committed
from transforms.lake.files.layout import index_path, is_merged, note_path, run_of, table_folder
from transforms.lake.files.manifests import delete_part
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Stat, Storage, storage_of
from transforms.lake.merged.levels import MOST_SMALL, is_due, limits_of, merged_with
from transforms.lake.merged.merge_parts import merge_parts, newest_of_sites, still_listed
from transforms.lake.merged.part_index import Indexes, MakeIndex, ReadGroups, write_missing_index
from transforms.lake.revisits.due import still_awaited


@dataclass(frozen=True, slots=True)
class StateBefore:
    """The state as a run finds it, with a look-up by key for each table."""

    reader: PartReader
    parts: StateParts = field(default_factory=StateParts)

    def cursors(self, feed_urls: Sequence[str]) -> Mapping[str, FeedCursor]:
        """The cursors of these feeds by address; a feed that was never polled has none."""
        if self.parts.cursors is None:
            return {}
        wanted = frozenset(feed_urls)
        rows = self.reader.rows(FEED_CURSORS, self.parts.cursors)
        return {cursor.feed_url: cursor for cursor in rows if cursor.feed_url in wanted}

    def hosts(self, hosts: Sequence[str]) -> list[HostMemory]:
        """What earlier runs remember of these hosts."""
        if self.parts.hosts is None:
            return []
        where = _among("host", frozenset(hosts))
        return HOSTS.from_arrow(self.reader.columns(self.parts.hosts, HOSTS.schema.names, where)) if hosts else []

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What earlier runs learned of these sites: the newest row of each."""
        found: dict[str, SiteMemory] = {}
        for path in self.parts.sites if sites else ():
            rows = self.reader.columns(path, SITES.schema.names, _among("site", frozenset(sites)))
            found.update((memory.site, memory) for memory in SITES.from_arrow(rows))
        return found

    def pending(self) -> list[FeedEntry]:
        """The entries that earlier runs left for this one."""
        return [] if self.parts.pending is None else list(self.reader.rows(PENDING, self.parts.pending))

    def seen(self, url_keys: Sequence[str]) -> Mapping[str, Seen]:
        """The latest memory of each of these entries, also from adopted pages; entries never fetched have none."""
        wanted = frozenset(url_keys)
        found: dict[str, Seen] = {}
        for path in self.parts.seen:
            for seen in self._seen_in(path, wanted):
                found[seen.url_key] = later(found.get(seen.url_key), seen)
        for path in self.parts.adopted_pages:
            for seen in self.seen_in_pages(path):
                if seen.url_key in wanted:
                    found[seen.url_key] = later(found.get(seen.url_key), seen)
        return found

    def _seen_in(self, path: str, url_keys: frozenset[str]) -> list[Seen]:
        index = self.reader.index(path)
        if index is None:
            wanted = pa.array(url_keys, type=pa.string())
            groups = self.reader.groups(path, SEEN.schema.names)
            among = (group.filter(pc.is_in(group.column("url_key"), value_set=wanted)) for group in groups)
            return [seen for some in among for seen in SEEN.from_arrow(some)]
        _, places = index.find("url_key", np.unique(short_hashes(url_keys)))
        rows = np.sort(index.at("row", places))
        found = SEEN.from_arrow(self.reader.take(path, SEEN.schema.names, rows.tolist())) if rows.size else []
        return [seen for seen in found if seen.url_key in url_keys]

    def seen_in_pages(self, path: str) -> list[Seen]:
        """The entries that a page file's pages were fetched for, read without the bodies."""
        names = ["url_key", "entry_updated", "fetched_at"]
        renamed = self.reader.columns(path, names).select(names).rename_columns(["url_key", "updated", "seen_at"])
        return SEEN.from_arrow(renamed)

    def captured(self) -> frozenset[str]:
        """The page ids of adopted pages that a backfill read from archives."""
        found: set[str] = set()
        for path in self.parts.adopted_pages:
            rows = self.reader.columns(path, ["url_key", "fetched_at", "warc_file"])
            if "warc_file" in rows.column_names:
                rows = rows.filter(pc.is_valid(rows.column("warc_file")))
                keys, instants = rows.column("url_key").to_pylist(), rows.column("fetched_at").cast(pa.int64())
                found.update(map(page_id_of, keys, instants.to_pylist()))
        return frozenset(found)


def seen_index(groups: ReadGroups) -> Mapping[str, NDArray[Any]]:
    """The index of a part of `seen`: where the rows of an entry are, by the hash of its key."""
    keys = (key for group in groups(("url_key",)) for key in group.column("url_key").to_pylist())
    hashes, rows = by_value(short_hashes(keys))
    return {"url_key": hashes, "row": rows}


def state_of(run: Run) -> StateBefore:
    """The state that a run found, for any of its workers."""
    return StateBefore(PartReader(storage_of(run)), run.state)


def cursors_of(run: Run, feed_urls: Sequence[str]) -> Mapping[str, FeedCursor]:
    """`StateBefore.cursors` of a run, for steps that are built before the run is known."""
    return state_of(run).cursors(feed_urls)


def hosts_of(run: Run, hosts: Sequence[str]) -> list[HostMemory]:
    """`StateBefore.hosts` of a run."""
    return state_of(run).hosts(hosts)


def seen_of(run: Run, url_keys: Sequence[str]) -> Mapping[str, Seen]:
    """`StateBefore.seen` of a run."""
    return state_of(run).seen(url_keys)


def later(known: Seen | None, seen: Seen) -> Seen:
    """The later of two memories of one entry: that of the later fetch or, of one fetch, the one listed later."""
    return seen if known is None or _order(seen) >= _order(known) else known


def _order(seen: Seen) -> tuple[int, int]:
    return seen.seen_at_us, seen.last_listed_us


def _among(column: str, values: frozenset[str]) -> list[tuple[str, str, frozenset[str]]]:
    return [(column, "in", values)]


_LONGEST_RUN_US = 2 * DAY_US
"""Parts are named by the start of their run, rows count by the time of their fetch: no run takes two days."""


def state_parts(
    held: Committed,
    adopted_pages: tuple[str, ...] = (),
    copies_since_us: int = 0,
    adopted_drafts: tuple[str, ...] = (),
) -> StateParts:
    """The state files of all committed runs; of fingerprints and stories only those that may hold articles fetched
    since `copies_since_us`.

    `adopted_pages` are page parts of runs that died: their pages count as fetched, though no run has committed them.
    """
    first = new_run_id(max(0, copies_since_us - _LONGEST_RUN_US), None)

    def recent(table: Table[Any]) -> tuple[str, ...]:
        return tuple(path for path in held.parts(table) if (run_of(path) or "") >= first)

    cursors, hosts, pending = (held.parts(table) for table in (FEED_CURSORS, HOSTS, PENDING))
    return StateParts(
        seen=held.parts(SEEN),
        fingerprints=recent(FINGERPRINTS),
        stories=recent(STORIES),
        sites=held.parts(SITES),
        cursors=cursors[-1] if cursors else None,
        hosts=hosts[-1] if hosts else None,
        pending=pending[-1] if pending else None,
        adopted_pages=adopted_pages,
        adopted_drafts=adopted_drafts,
        forgotten=held.parts(FORGOTTEN),
        revisits=held.parts(REVISITS),
    )


def state_before(storage: Storage, adopted_pages: tuple[str, ...] = (), copies_since_us: int = 0) -> StateBefore:
    """`state_parts` of what the lake holds now, with a reader for them."""
    return StateBefore(PartReader(storage), state_parts(committed(storage), adopted_pages, copies_since_us))


def cursors_in(storage: Storage) -> dict[str, FeedCursor]:
    """What the lake remembers of each feed, by the feed's address."""
    parts = committed(storage).parts(FEED_CURSORS)
    rows = PartReader(storage).rows(FEED_CURSORS, parts[-1]) if parts else ()
    return {cursor.feed_url: cursor for cursor in rows}


TIDY_AT = MOST_SMALL
"""When a state table has this many small parts they are merged, so that look-ups stay quick."""


def tidy_state(held: Committed, run_id: str, now_us: int | None = None, indexes: Indexes | None = None) -> None:
    """Merge the small state parts of a table when there are many (`levels`), and delete superseded snapshots.

    Call it under the lock, after the commit. If it is killed halfway, some rows stand twice, which no look-up minds.
    Merged parts are written with an index, if `indexes` has one for their table; one that has none yet gets it. Rows of
    `seen` and `revisits` are dropped only if `now_us` is given. Of `sites` all parts are merged, since the newest row
    of a site holds all that is known of it.
    """
    for table in SNAPSHOTS:
        for path in held.parts(table)[:-1]:
            delete_part(held.storage, path)
    for table in GROWN:
        _tidy(held, table, run_id, now_us, (indexes or {}).get(table.name))


def _tidy(held: Committed, table: Table[Any], run_id: str, now_us: int | None, index: MakeIndex | None) -> None:
    storage, parts = held.storage, held.parts(table)
    found = storage.stats(table_folder(table))
    sizes = {path: stat.size_bytes for path, stat in found.items()}
    merged = [path for path in parts if is_merged(path)]
    small = [path for path in parts if not is_merged(path)]
    if not is_due([sizes[path] for path in small], TIDY_AT):
        if index is not None:
            write_missing_index(storage, table, [path for path in merged if not _has_index(found, path)], index)
        return
    together = sum(sizes[path] for path in small)
    older = len(merged) - merged_with(together, [sizes[path] for path in merged], limits_of(table.name))
    some = sorted((*merged[0 if table is SITES else older :], *small), key=_in_time)
    reader, keep = PartReader(storage), None
    if table is SITES:
        keep = newest_of_sites(reader, some)
    elif table is SEEN and now_us is not None:
        cursors = held.parts(FEED_CURSORS)
        keep = still_listed(reader, some, cursors[-1] if cursors else None, now_us)
    elif table is REVISITS and now_us is not None:
        keep = still_awaited(reader, some, now_us)
    merge_parts(storage, table, some, run_id, keep, index)


def _has_index(found: Mapping[str, Stat], part: str) -> bool:
    """Whether the note beside a part was written after an index: then it tells of it."""
    index, note = found.get(index_path(part)), found.get(note_path(part))
    return index is not None and note is not None and index.written_at <= note.written_at


def _in_time(path: str) -> str:
    return run_of(path) or ""
