"""What a run or an edition did to the files and rows of each table, by its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.run import FilePart, RunManifest
from schemas.tables import DATA, STATE
from transforms.lake.files.layout import EDITIONS, RUNS, run_ids, run_of, table_folder
from transforms.lake.files.manifests import read_edition, read_manifest
from transforms.lake.files.storage import Storage


@dataclass(frozen=True, slots=True)
class TableChange:
    """Files of a table that no longer count, and those that do since; with their rows.

    Of the rows before, `kept` are still there and `dropped` are gone; `built` were not there before. A run replaces
    nothing. `rows_before` is None where `repair` had to make the manifest anew.
    """

    files_before: int = 0
    rows_before: int | None = 0
    files_after: int = 0
    rows_after: int = 0
    kept: int = 0
    dropped: int = 0
    built: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a lake's history: a committed run, or an edition."""

    manifest: RunManifest
    is_edition: bool
    tables: Mapping[str, TableChange]

    @property
    def kind(self) -> str:
        """``run`` or ``edition``."""
        return "edition" if self.is_edition else "run"


def history(storage: Storage, newest: int | None = None) -> list[Happened]:
    """The committed runs and the editions of a lake, or the newest of them, in order of time.

    Reads a manifest for each. Over all of it, what tables for readers gained (rows after less rows before) are the
    rows that they hold, unless files were lost. Raises ManifestError for a manifest that cannot be read.
    """
    editions = frozenset(run_ids(storage.list(EDITIONS)))
    ids = sorted({*run_ids(storage.list(RUNS)), *editions})
    return [happened(storage, one, one in editions) for one in (ids if newest is None else ids[-newest:])]


def happened(storage: Storage, run_id: str, is_edition: bool) -> Happened:
    """What one run or edition did. Raises ManifestError if its manifest cannot be read."""
    if not is_edition:
        manifest = read_manifest(storage, run_id)
        return Happened(manifest, is_edition, _added((*manifest.files, *manifest.adopted)))
    manifest = read_edition(storage, run_id)
    before = _files_by_table(_own_replaced(storage, manifest))
    after = _files_by_table(tuple(part.path for part in manifest.files))
    counts = manifest.counts
    names = {name.partition(".")[2] for name in counts if name.startswith(("replaced.", "built."))}
    return Happened(
        manifest,
        is_edition,
        {
            name: TableChange(
                before.get(name, 0),
                counts.get(f"replaced.{name}", None if name in before else 0),
                after.get(name, 0),
                manifest.tables.get(name, 0),
                *(counts.get(f"{kind}.{name}", 0) for kind in ("kept", "dropped", "built")),
            )
            for name in (table.name for table in (*DATA, *STATE))
            if name in before or name in after or name in names
        },
    )


def _added(parts: tuple[FilePart, ...]) -> dict[str, TableChange]:
    files, rows = dict[str, int](), dict[str, int]()
    for part in parts:
        files[part.table] = files.get(part.table, 0) + 1
        rows[part.table] = rows.get(part.table, 0) + part.rows
    return {name: TableChange(files_after=n, rows_after=rows[name], built=rows[name]) for name, n in files.items()}


def _own_replaced(storage: Storage, manifest: RunManifest) -> tuple[str, ...]:
    """The paths that an edition itself has replaced: its manifest also names what those editions had replaced whose
    parts it replaces."""
    known = frozenset(run_ids(storage.list(EDITIONS)))
    earlier = {run_of(path) or "" for path in manifest.replaced} & known
    before = {path for edition in earlier for path in read_edition(storage, edition).replaced}
    return tuple(path for path in manifest.replaced if path not in before)


def _files_by_table(paths: tuple[str, ...]) -> dict[str, int]:
    folders = {table.name if table.partition else table_folder(table): table.name for table in (*DATA, *STATE)}
    found: dict[str, int] = {}
    for path in paths:
        name = next((name for folder, name in folders.items() if path.startswith(f"{folder}/")), "")
        found[name] = found.get(name, 0) + 1
    return {name: n for name, n in found.items() if name}
