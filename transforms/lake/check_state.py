"""Finds the parts of the state, and the manifests, that are damaged or missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.archive import ARCHIVES
from schemas.feed import FEED_CURSORS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS
from schemas.revisit import REVISITS
from schemas.run import FilePart, ManifestError, RunManifest
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from schemas.tables import SNAPSHOTS, STATE
from transforms.lake.committed import Committed
from transforms.lake.files.check_parts import trouble_with
from transforms.lake.files.layout import (
    EDITIONS,
    RUNS,
    edition_path,
    forgetting,
    index_path,
    is_merged,
    manifest_path,
    note_path,
    run_of,
    table_folder,
)
from transforms.lake.files.manifests import read_edition, read_manifest, read_note
from transforms.lake.files.storage import Stat, Storage
from transforms.lake.kept import KEPT
from transforms.lake.merged.part_index import trouble_with_index

_READ_WHOLE = frozenset({table.name for table in (FEED_CURSORS, HOSTS, PENDING, SEEN, SITES, FORGOTTEN, ARCHIVES)})
"""Small tables, which a run reads whole; so all of their bytes are checked each time."""

_ORDER = (FORGOTTEN, SEEN, FEED_CURSORS, PENDING, HOSTS, SITES, FINGERPRINTS, STORIES, ARCHIVES, REVISITS)
"""The order of rebuilding: `pending` comes after `seen`, because pending entries are those not seen."""

_NEWEST_RUNS: Final = 64
"""So many manifests are read to find parts that are missing: more than runs are likely to be before a merge."""

_AsFound = tuple[Stat, FilePart | None, Stat | None]
_SOUND: Final[dict[str, dict[str, _AsFound]]] = {}
"""By lake and path the parts that the latest check of this process found sound, and with which size and time."""


@dataclass(frozen=True)
class Damage:
    """A part of the state that cannot be used, or the index of a part, and why. `run_id` is the run that wrote it."""

    table: Table[Any]
    path: str
    run_id: str
    why: str


@dataclass(frozen=True)
class StateCheck:
    """The damaged parts, and the manifests that were read, by id of run or edition; None for a damaged manifest."""

    damaged: tuple[Damage, ...]
    manifests: Mapping[str, RunManifest | None]
    editions: frozenset[str] = frozenset()

    @property
    def damaged_manifests(self) -> list[str]:
        """The runs and editions whose manifests cannot be read."""
        return [run_id for run_id, manifest in self.manifests.items() if manifest is None]

    def manifest_path(self, run_id: str) -> str:
        """The path of the manifest of a run or an edition."""
        return edition_path(run_id) if run_id in self.editions else manifest_path(run_id)

    @property
    def replaced(self) -> frozenset[str]:
        """The files that the editions which were read have replaced, also those that are deleted by now."""
        return frozenset(path for one in self.manifests.values() if one is not None for path in one.replaced)


def check_state(held: Committed, thoroughly: bool = False) -> StateCheck:
    """The damage found by comparing the state's parts with their manifests and notes, of what the lake holds.

    A run checks once, before it reads the state. It reads the manifests of the newest runs, of all runs that have
    parts in the state, and of the editions that forgot something, so that the record of it cannot be lost unnoticed.
    Of small tables it reads all bytes. Of fingerprints and stories it reads all bytes of a part that was touched
    after its manifest was written, and of other parts the footer; likewise of indexes. What this process found sound
    is not read again until its size, its time or what was written of it is another; then nothing that was kept of it
    counts any more. `thoroughly` reads everything.
    """
    storage, runs, editions = held.storage, held.runs, frozenset(held.editions)
    stats = {table.name: storage.stats(table_folder(table)) for table in STATE}
    present = {name: held.among(sorted(found)) for name, found in stats.items()}
    owners = {run for paths in present.values() for path in paths if (run := run_of(path)) is not None}
    # A lake has thousands of runs, and only parts without a note need to know when their run was committed.
    first = min((run for name in present for run in _without_note(present[name], stats[name])), default=None)
    written_at = storage.stats(EDITIONS)
    if first is not None:
        written_at |= storage.stats(RUNS, after=f"{RUNS}/{first}")
    owners |= editions & frozenset(forgetting(written_at))
    read = sorted({*((*runs, *editions) if thoroughly else runs[-_NEWEST_RUNS:]), *owners})
    manifests = {run_id: _manifest(storage, run_id, run_id in editions) for run_id in read}
    replaced = StateCheck((), manifests).replaced
    damaged: list[Damage] = []
    sound, found = _SOUND.get(storage.address, {}), dict[str, _AsFound]()
    for table in _ORDER:
        parts = present[table.name][-1:] if table in SNAPSHOTS else present[table.name]
        described = _described(table, manifests)
        for path in parts:
            run_id = run_of(path) or ""
            stat, note = stats[table.name][path], stats[table.name].get(note_path(path))
            written = read_note(storage, path) if note is not None else described.get(path)
            since = note or written_at.get(manifest_path(run_id)) or written_at.get(edition_path(run_id))
            index = stats[table.name].get(index_path(path)) if is_merged(path) else None
            if not thoroughly and sound.get(path) == (stat, written, index):
                found[path] = stat, written, index
                continue
            KEPT.forget(storage.address, path)
            why = trouble_with(storage, table, path, stat, written, thoroughly or _is_read(table, stat, since))
            if why is not None:
                damaged.append(Damage(table, path, run_id, why))
                continue
            touched = thoroughly or _is_touched(index, note)
            why = trouble_with_index(storage, path, index, touched) if note is not None and is_merged(path) else None
            if why is None:
                found[path] = stat, written, index
            else:
                damaged.append(Damage(table, index_path(path), run_id, why))
        missing = _missing(table, parts, described, replaced)
        damaged += [damage for damage in missing if damage.path not in replaced]
    _SOUND[storage.address] = found
    return StateCheck(tuple(damaged), manifests, editions)


def _without_note(paths: Iterable[str], stats: Mapping[str, Stat]) -> Iterator[str]:
    """The runs and editions that wrote these parts, of those of which only a manifest says when they were written."""
    for path in paths:
        if note_path(path) not in stats and (run_id := run_of(path)) is not None:
            yield run_id


def _manifest(storage: Storage, run_id: str, is_edition: bool) -> RunManifest | None:
    try:
        return read_edition(storage, run_id) if is_edition else read_manifest(storage, run_id)
    except ManifestError:
        return None


def _described(table: Table[Any], manifests: Mapping[str, RunManifest | None]) -> dict[str, FilePart]:
    return {
        part.path: part
        for manifest in manifests.values()
        if manifest is not None
        for part in manifest.files
        if part.table == table.name and run_of(part.path) == manifest.run_id
    }


def _is_read(table: Table[Any], stat: Stat, since: Stat | None) -> bool:
    return table.name in _READ_WHOLE or since is None or _is_touched(stat, since)


def _is_touched(stat: Stat | None, since: Stat | None) -> bool:
    return stat is not None and since is not None and stat.written_at > since.written_at


def _missing(
    table: Table[Any],
    present: Sequence[str],
    described: Mapping[str, FilePart],
    replaced: Collection[str],
) -> list[Damage]:
    """Parts that a manifest names and that are not there, though neither superseded nor merged into a later part."""
    if table in SNAPSHOTS:
        newest = max((run_of(path) or "" for path in described), default="")  # a backfill writes none
        wanted = [path for path in described if run_of(path) == newest]
    else:
        folder = f"{table_folder(table)}/"
        once = (path for path in replaced if path.startswith(folder))  # what was merged stays merged in an edition
        merged = max((run_of(path) or "" for path in (*present, *once) if is_merged(path)), default="")
        wanted = [path for path in described if (run_of(path) or "") > merged]
    gone = sorted(set(wanted) - set(present))
    return [Damage(table, path, run_of(path) or "", "it is missing") for path in gone]
