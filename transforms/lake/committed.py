"""What a lake holds: the files that committed runs and editions wrote and that no later edition has replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from schemas.page import PAGES
from schemas.run import ManifestError
from schemas.table import Table
from transforms.lake.files.layout import (
    EDITIONS,
    REPLACED,
    RUNS,
    day_of_part,
    replaced_path,
    run_ids,
    run_of,
    table_folder,
)
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage


def committed_runs(storage: Storage) -> list[str]:
    """The ids of all committed runs, in order of time."""
    return sorted(run_ids(storage.list(RUNS)))


@dataclass(frozen=True)
class Committed:
    """The committed runs and editions of a lake, in order of time, and the paths that editions have replaced.

    Replaced files stay for a while, for readers that have begun; here only those count that may still be there.
    """

    storage: Storage
    runs: tuple[str, ...]
    editions: tuple[str, ...] = ()
    replaced: frozenset[str] = frozenset()

    def parts(self, table: Table[Any]) -> tuple[str, ...]:
        """The paths of all committed files of a table, sorted: for tables of the state that is in order of time."""
        if table.partition is None:
            return self.among(self.storage.list(table_folder(table)))
        return self.among(path for path in self.storage.list(table.name) if day_of_part(path) is not None)

    def among(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of these paths that are committed files of tables, in the order given."""
        known = frozenset((*self.runs, *self.editions))
        found = [path for path in paths if run_of(path) is not None and path not in self.replaced]
        others = {run_of(path) or "" for path in found if path.startswith(f"{PAGES.name}/")} - known
        adopted = self._adopted(others) if others else frozenset()
        return tuple(path for path in found if run_of(path) in known or path in adopted)

    def of_run(
        self, table: Table[Any], run_id: str, names: Sequence[str] | None = None
    ) -> Iterator[tuple[str, pa.Table]]:
        """The rows of a table with this `run_id`, by file and in the named columns: those in the run's own files, and
        those that editions have taken from there. Raises DamagedPartError.
        """
        reader, switched = PartReader(self.storage), frozenset(self.editions)
        for path in self.parts(table):
            if run_of(path) == run_id or run_of(path) in switched:
                yield path, reader.columns(path, names or table.schema.names, [("run_id", "=", run_id)])

    def _adopted(self, dead: set[str]) -> frozenset[str]:
        """The page files of runs that died which a later run has taken over.

        The first run after one that died takes over what it left, unless it had taken over all before that.
        """
        found: set[str] = set()
        for run_id in self.runs:
            if not dead:
                break
            if any(run_id > one for one in dead):
                taken = {part.path for part in read_manifest(self.storage, run_id).adopted}
                found |= taken
                dead -= {run for path in taken if (run := run_of(path)) is not None}
        return frozenset(found)


def committed(storage: Storage) -> Committed:
    """What a lake holds now. Raises ManifestError if a list of replaced files is damaged."""
    runs = committed_runs(storage)
    editions = sorted(run_ids(storage.list(EDITIONS)))
    replaced = {path for edition in switching(storage, editions) for path in replaced_by(storage, edition)}
    return Committed(storage, tuple(runs), tuple(editions), frozenset(replaced))


def switching(storage: Storage, editions: Iterable[str]) -> list[str]:
    """Those of these editions of which replaced files may still be there."""
    marked = frozenset(run_ids(storage.list(REPLACED)))
    return [edition for edition in editions if edition in marked]


def write_replaced(storage: Storage, edition_id: str, paths: Iterable[str], at_once: bool = False) -> None:
    """Note which files an edition replaces; counts as soon as the edition is committed, until they are deleted.

    `at_once`: no reader may keep them for a while.
    """
    noted = {"at_once": at_once, "paths": sorted(paths)}
    storage.put(replaced_path(edition_id), json.dumps(noted).encode())


def replaced_by(storage: Storage, edition_id: str) -> list[str]:
    """The files that an edition has replaced, also where its manifest is damaged; none if they are deleted."""
    return _noted(storage, edition_id)[0]


def goes_at_once(storage: Storage, edition_id: str) -> bool:
    """Whether the files that an edition has replaced, and all replaced before, are to be deleted without grace."""
    return _noted(storage, edition_id)[1]


def _noted(storage: Storage, edition_id: str) -> tuple[list[str], bool]:
    try:
        noted = json.loads(storage.get(replaced_path(edition_id)))
        if isinstance(noted, list):
            return [str(path) for path in noted], False
        return [str(path) for path in noted["paths"]], noted["at_once"] is True
    except FileNotFoundError:
        return [], False
    except (ValueError, TypeError, KeyError) as error:
        raise ManifestError(f"{replaced_path(edition_id)} is damaged: {error}") from None
