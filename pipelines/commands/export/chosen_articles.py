"""A lake's committed articles that a dataset holds, in the order of their days, some rows in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from schemas.article import ARTICLES
from transforms.dataset.chosen import SHORT, Chooser, Sums
from transforms.dataset.newest import COLUMNS as OF_REVISIONS
from transforms.dataset.newest import revisions_in
from transforms.dataset.one_of_copies import COLUMNS as OF_COPIES
from transforms.dataset.one_of_copies import OneOfCopies
from transforms.dataset.wanted import Wanted
from transforms.lake.committed import committed
from transforms.lake.editions.sorted_rows import sorted_rows
from transforms.lake.files.layout import day_of_part
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage


class ChosenArticles:
    """The articles of a lake that are `wanted`, as of now; `sums` says what became of the others once all are read.

    Newer revisions and withdrawals are found among all days of the lake, copies among the rows that are chosen.
    Raises StorageError, ManifestError and DamagedPartError.
    """

    def __init__(
        self,
        storage: Storage,
        wanted: Wanted,
        *,
        all_revisions: bool = False,
        keeps_withdrawn: bool = False,
        honours_objections: bool = True,
        without_copies: bool = False,
    ) -> None:
        self._reader = PartReader(storage)
        self._days: dict[date, list[str]] = {}
        parts = committed(storage).parts(ARTICLES)
        for path in parts:
            if (day := day_of_part(path)) is not None and wanted.has_day(day):
                self._days.setdefault(day, []).append(path)
        self._chooser = Chooser(
            wanted,
            revisions_in(lambda: self._columns(parts, OF_REVISIONS)),
            all_revisions=all_revisions,
            keeps_withdrawn=keeps_withdrawn,
            honours_objections=honours_objections,
        )
        if without_copies:
            self._chooser = replace(self._chooser, copies=OneOfCopies(self._short_rows))
        self.sums = Sums()

    def in_order(self) -> Iterator[tuple[date, pa.Table]]:
        """The chosen rows in the table's schema, with the day of their partition, by day and in the table's order."""
        for day in sorted(self._days):
            for rows in sorted_rows(self._reader, ARTICLES, sorted(self._days[day])):
                yield day, rows.filter(pa.array(self._chooser.among(rows, self.sums)))

    def _short_rows(self) -> Iterator[pa.Table]:
        """What is chosen before copies are looked at, in the columns that tell copies."""
        paths = [path for day in sorted(self._days) for path in self._days[day]]
        for rows in self._columns(paths, SHORT):
            yield rows.filter(pa.array(self._chooser.among(rows, Sums()))).select(list(OF_COPIES))

    def _columns(self, paths: Sequence[str], names: Sequence[str]) -> Iterator[pa.Table]:
        """These columns of files, row group by row group; what an older file lacks is null."""
        for path in paths:
            for rows in self._reader.groups(path, names):
                yield ARTICLES.conformed(rows).select(list(names))
