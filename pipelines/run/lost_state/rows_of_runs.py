"""What a lake's tables hold of each run, and of which runs a part of the state held rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.article import ARTICLES, Article
from schemas.page import PAGES
from schemas.run import ManifestError, RunManifest, started_us
from schemas.table import Table
from transforms.common.clock import DAY_US
from transforms.lake.check_state import Damage, StateCheck
from transforms.lake.committed import committed
from transforms.lake.files.layout import is_merged, run_of, table_folder
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import DamagedPartError, Storage

_LOG = logging.getLogger("newsbeam.lake")

_STILL = "~"
"""Later than all editions."""
_POLLED_RUNS = 64
_POLLED_US = 10 * DAY_US
"""Polls are read back for this long, and for 64 runs: every feed is polled within nine days."""


class RowsOfRuns:
    """The rows of a lake's tables by the run that wrote them, wherever editions have put them.

    `held` is what is committed, `runs` are its runs in order. Data parts that are damaged are left out, with a line in
    the log.
    """

    def __init__(self, storage: Storage, check: StateCheck) -> None:
        self.held = committed(storage)
        self.runs = list(self.held.runs)
        self.reader = PartReader(storage)
        self._storage = storage
        self._check = check
        self._parts: dict[str, dict[str, list[str]]] = {}

    def runs_in(self, damage: Damage) -> list[str]:
        """The runs whose rows a part held, in order."""
        folder = f"{table_folder(damage.table)}/"
        editions = frozenset(self.held.editions)
        merged = [(run_of(path) or "", _STILL) for path in self.held.parts(damage.table) if is_merged(path)]
        for edition, one in self._check.manifests.items():
            once = one.replaced if one is not None and edition in editions else ()
            merged += [(run_of(path) or "", edition) for path in once if path.startswith(folder) and is_merged(path)]

        def runs_in(path: str) -> list[str]:
            last = run_of(path) or ""
            if not is_merged(path):
                return [last]
            # What an edition has replaced before that went into this part, by way of the edition's own parts.
            first = max((run for run, until in merged if run < last < until), default="")
            return [run for run in self.runs if first < run <= last]

        if damage.run_id not in editions:
            return runs_in(damage.path)
        # An edition does not say which file went into which: any of its parts may hold any row of what it replaced.
        manifest = self._check.manifests.get(damage.run_id)
        replaced = [path for path in manifest.replaced if path.startswith(folder)] if manifest else []
        if not replaced:  # what a rebuild has learned of sites
            return [run for run in self.runs if run < damage.run_id]
        runs = {run for path in replaced if run_of(path) not in editions for run in runs_in(path)}
        return [run for run in self.runs if run in runs]

    def recent(self) -> list[str]:
        """The runs whose polls are read back."""
        last = started_us(self.runs[-1]) if self.runs else 0
        since = [run for run in self.runs if last - started_us(run) <= _POLLED_US]
        return max(since, self.runs[-_POLLED_RUNS:], key=len)

    def pages(self, runs: Sequence[str]) -> list[str]:
        """The paths of the page parts that these runs wrote or adopted."""
        wanted = frozenset((*runs, *self.held.editions))
        for run in runs:
            manifest = self._manifest(run)
            if manifest is not None:
                wanted |= {run_of(part.path) or "" for part in manifest.adopted}
        return [path for path in self.held.parts(PAGES) if run_of(path) in wanted]

    def _manifest(self, run: str) -> RunManifest | None:
        if run in self._check.manifests:
            return self._check.manifests[run]
        try:
            return read_manifest(self._storage, run)
        except ManifestError:
            return None

    def articles(self, run: str) -> Iterator[Article]:
        """The articles that a run wrote."""
        return self.of_run(ARTICLES, run)

    def of_run(self, table: Table[Any], run: str) -> Iterator[Any]:
        """The rows of a table that a run wrote, wherever editions have put them."""
        parts = self._parts_by_run(table)
        for path in parts.get(run, ()):
            yield from self.read(self.reader.rows(table, path), path)
        for edition in self.held.editions:
            for path in parts.get(edition, ()):
                yield from self.read(self._rows_with(table, path, run), path)

    def _rows_with(self, table: Table[Any], path: str, run: str) -> Iterator[Any]:
        yield from table.from_arrow(self.reader.columns(path, table.schema.names, [("run_id", "=", run)]))

    def _parts_by_run(self, table: Table[Any]) -> dict[str, list[str]]:
        if table.name not in self._parts:
            found = self._parts[table.name] = {}
            for path in self.held.parts(table):
                found.setdefault(run_of(path) or "", []).append(path)
        return self._parts[table.name]

    def read(self, rows: Iterator[Any], path: str) -> Iterator[Any]:
        """The rows of a part up to where it is damaged, which is logged."""
        try:
            yield from rows
        except DamagedPartError as error:
            _LOG.warning("left out of the rebuilding", extra={"path": path, "reason": str(error)})
