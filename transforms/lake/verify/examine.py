"""Walks over all files of a lake and compares them with what its manifests say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from schemas.page import PAGES
from schemas.run import FilePart, RunManifest
from schemas.table import Table
from schemas.tables import DATA, STATE
from transforms.common.progress import Progress
from transforms.lake.accounts import discrepancies
from transforms.lake.check_state import StateCheck, check_state
from transforms.lake.committed import Committed, committed
from transforms.lake.editions.edition import unequal_sums
from transforms.lake.feed_orders import trouble_with_orders
from transforms.lake.files.check_parts import trouble_reading, trouble_with
from transforms.lake.files.layout import (
    DAMAGED,
    OPEN_RUNS,
    VIEWS_FILE,
    is_merged,
    note_path,
    run_ids,
    run_of,
    table_folder,
)
from transforms.lake.files.manifests import read_note
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import DamagedPartError, Stat, Storage
from transforms.lake.forget.find import Found, goes
from transforms.lake.forget.naming import NAMING
from transforms.lake.forget.record import forgotten_in
from transforms.lake.verify.check_rows import row_troubles
from transforms.lake.verify.trouble import Kind, Trouble
from transforms.lake.views import has_stale_views

MENDED = "repair"
"""The command in a manifest that repair has made anew; what its run counted and took over is not known."""


@dataclass(frozen=True)
class Examination:
    """A lake as it was when its state was checked (`check`), and what is wrong with its files (`troubles`)."""

    storage: Storage
    check: StateCheck
    held: Committed
    rows: Counter[str] = field(default_factory=Counter)
    """The rows of the files that were read, by table; complete when `troubles` has come to its end."""

    def troubles(self) -> Iterator[Trouble]:
        """Everything that is wrong: the tables first, then manifests, other files, and last the state.

        Reads all bytes of all committed files, one row group in memory at a time, and changes nothing.
        """
        stats = {table.name: self.storage.stats(_folder(table)) for table in (*DATA, *STATE)}
        described = {part.path: part for part in self._described() if part.path not in self.check.replaced}
        yield from self._data(stats, described)
        yield from self._manifests()
        yield from self._others(stats, described)
        if has_stale_views(committed(self.storage)):
            yield Trouble(Kind.VIEWS, VIEWS_FILE, "its views name other files than are committed, or another place")
        for damage in self.check.damaged:
            yield Trouble(Kind.STATE, damage.path, damage.why, damage.table)
        if (wrong := trouble_with_orders(self.storage)) is not None:
            yield Trouble(Kind.STATE, *wrong)
        yield from self._state(described)

    def waiting(self) -> int:
        """How many replaced files are still there for readers that have begun."""
        return len(self.held.replaced)

    def _described(self) -> Iterator[FilePart]:
        for manifest in self._manifests_read():
            yield from manifest.files
            yield from manifest.adopted

    def _manifests_read(self) -> list[RunManifest]:
        return [manifest for manifest in self.check.manifests.values() if manifest is not None]

    def _data(self, stats: Mapping[str, Mapping[str, Stat]], described: Mapping[str, FilePart]) -> Iterator[Trouble]:
        unknown = frozenset(self.check.damaged_manifests)
        runs = self._named_runs()
        by_name = {table.name: table for table in DATA}
        parts = {path: part for path, part in described.items() if part.table in by_name and run_of(path) is not None}
        loose = sorted(path for table in DATA for path in stats[table.name] if run_of(path) in unknown)
        progress, holds = Progress("files", "tables", len(parts) + len(loose)), self._looks_for_forgotten()
        for path in sorted(parts):
            table, part = by_name[parts[path].table], parts[path]
            stat = stats[table.name].get(path)
            progress.step()
            if stat is None:
                if not self.storage.exists(f"{DAMAGED}/{path}"):  # which an earlier repair has reported
                    yield Trouble(Kind.MISSING, path, "it is missing", table, part.rows)
            elif (why := trouble_with(self.storage, table, path, stat, part, thoroughly=True)) is not None:
                yield Trouble(Kind.DAMAGED, path, why, table, part.rows)
            else:
                yield from self._rows(table, path, part, runs, holds)
        for path in loose:
            table = by_name[path.split("/", 1)[0]]
            progress.step()
            if (why := trouble_reading(self.storage, table, path)) is not None:
                yield Trouble(Kind.DAMAGED, path, why, table)

    def _named_runs(self) -> frozenset[str] | None:
        """The runs that rows may name; None if a manifest that may name adopted pages cannot be read or was mended."""
        read = self._manifests_read()
        if self.check.damaged_manifests or any(manifest.command == MENDED for manifest in read):
            return None
        adopted = {run_of(part.path) or "" for manifest in read for part in manifest.adopted}
        return frozenset({*self.held.runs, *self.held.editions, *adopted})

    def _looks_for_forgotten(self) -> Found | None:
        try:
            forgotten = forgotten_in(self.storage)
        except DamagedPartError:  # which is a trouble of the state
            return None
        return Found(forgotten) if forgotten else None

    def _rows(
        self, table: Table[Any], path: str, part: FilePart | None, runs: frozenset[str] | None, holds: Found | None
    ) -> Iterator[Trouble]:
        try:
            yield from row_troubles(self.storage, table, path, part, runs)
            self.rows[table.name] += PartReader(self.storage).row_count(path)
            if holds is not None and table.name in NAMING:
                rows = PartReader(self.storage).columns(path, NAMING[table.name].columns(table))
                if found := sum(goes(holds, table, rows).to_pylist()):
                    what = f"{found} of its rows are of what was forgotten; newsbeam forget takes them out"
                    yield Trouble(Kind.FORGOTTEN, path, what, table, found)
        except (DamagedPartError, pa.ArrowException, OSError, UnicodeDecodeError) as error:
            yield Trouble(Kind.DAMAGED, path, str(error).partition("\n")[0], table, part.rows if part else None)

    def _manifests(self) -> Iterator[Trouble]:
        for run_id, manifest in self.check.manifests.items():
            path = self.check.manifest_path(run_id)
            if manifest is None:
                yield Trouble(Kind.MANIFEST, path, "it cannot be read")
            else:
                for wrong in _sums_of(manifest, run_id in self.check.editions):
                    yield Trouble(Kind.SUM, path, wrong)

    def _others(self, stats: Mapping[str, Mapping[str, Stat]], described: Mapping[str, FilePart]) -> Iterator[Trouble]:
        """Files with names of ours that count and should not, or that nobody has written."""
        begun = frozenset(run_ids(self.storage.list(OPEN_RUNS)))
        unknown = frozenset(self.check.damaged_manifests)
        runs = frozenset((*self.held.runs, *self.held.editions))
        replaced = self.check.replaced
        for table in (*DATA, *STATE):
            for path in sorted(stats[table.name]):
                run_id = run_of(path)
                if run_id is None or path in described or run_id in begun or run_id in unknown:
                    continue
                if path in self.held.replaced:
                    continue
                if path in replaced:
                    yield Trouble(Kind.REPLACED, path, "an edition has replaced it; its rows are there twice", table)
                elif table in STATE and run_id in runs and (is_merged(path) or note_path(path) in stats[table.name]):
                    continue
                elif table is not PAGES or run_id in runs or self._named_runs() is not None:
                    yield Trouble(Kind.ORPHAN, path, "no run and no edition has written it", table)

    def _state(self, described: Mapping[str, FilePart]) -> Iterator[Trouble]:
        damaged = {damage.path for damage in self.check.damaged}
        parts = [(table, path) for table in STATE for path in self.held.parts(table) if path not in damaged]
        progress, holds = Progress("files", "state", len(parts)), self._looks_for_forgotten()
        for table, path in parts:
            progress.step()
            part = read_note(self.storage, path) or described.get(path)
            if self.storage.exists(path):
                yield from self._rows(table, path, part, None, holds)


def examine(storage: Storage) -> Examination:
    """The examination of a lake as it is now. Takes no lock: what is found while a run is under way may be gone after
    it, so whoever holds no lock looks twice."""
    held = committed(storage)
    return Examination(storage, check_state(held, thoroughly=True), held)


def _folder(table: Table[Any]) -> str:
    return table.name if table.partition else table_folder(table)


def _sums_of(manifest: RunManifest, is_edition: bool) -> Iterator[str]:
    rows: Counter[str] = Counter()
    for part in manifest.files:
        rows[part.table] += part.rows
    if manifest.tables and {name: n for name, n in manifest.tables.items() if n} != +rows:
        yield f"its files have other rows ({dict(+rows)}) than it says ({dict(manifest.tables)})"
    if manifest.command == MENDED:
        return
    if is_edition:
        yield from unequal_sums(manifest.counts, rows)
        return
    yield from discrepancies(manifest.counts, of_old=True)
    adopted = sum(part.rows for part in manifest.adopted)
    if manifest.counts.get("pages.adopted", 0) != adopted:
        yield f"it took over {manifest.counts.get('pages.adopted', 0)} pages, and names files with {adopted}"
