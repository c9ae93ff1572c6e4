"""Finds rows of tables by keys: in files of some days, or by the index of a merged part; many files at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from schemas.table import Table
from transforms.common.arrays import short_hashes
from transforms.common.clock import SECOND_US
from transforms.lake.committed import Committed
from transforms.lake.files.layout import day_of_part
from transforms.lake.files.parts import PartReader, stored_names

_THREADS: Final = 8
Row = dict[str, Any]
"""A row by the names of its columns; instants are microseconds since 1970. A column that its file lacks is missing."""


class Finder:
    """Finds rows of a lake. The files of each table are listed once."""

    def __init__(self, reader: PartReader, held: Committed) -> None:
        self._reader = reader
        self._held = held
        self._parts: dict[str, tuple[str, ...]] = {}

    def parts(self, table: Table[Any], days: Collection[date] | None = None) -> list[str]:
        """The files of a table, of all days or of some."""
        if table.name not in self._parts:
            self._parts[table.name] = self._held.parts(table)
        paths = self._parts[table.name]
        return [path for path in paths if days is None or day_of_part(path) in days]

    def rows(
        self,
        table: Table[Any],
        wanted: Mapping[str, Collection[str]],
        names: Sequence[str],
        days: Collection[date] | None = None,
    ) -> list[Row]:
        """The rows in which one of the `wanted` columns has a wanted value. Raises DamagedPartError."""
        keys = {name: frozenset(values) for name, values in wanted.items()}
        paths = self.parts(table, days)
        if not paths or not any(keys.values()):
            return []

        def read(path: str) -> pa.Table:
            return self._reader.matching(path, keys, names)

        with ThreadPoolExecutor(min(_THREADS, len(paths))) as threads:
            return [row for found in threads.map(read, paths) for row in as_rows(found)]

    def of_articles(self, table: Table[Any], article_ids: Collection[str], names: Sequence[str]) -> list[Row]:
        """The rows of these articles in a table of the state: of a merged part by its index."""
        found: list[Row] = []
        hashes = np.unique(short_hashes(article_ids))
        wanted = frozenset(article_ids)
        for path in self.parts(table) if wanted else ():
            index = self._reader.index(path)
            if index is None or "article" not in index:
                rows = self._reader.matching(path, {"article_id": wanted}, names)
            else:
                _, places = index.find("article", hashes)
                numbers = np.unique(index.at("article_row", places)).tolist()
                if not numbers:
                    continue
                rows = self._reader.take(path, stored_names(self._reader.footer(path), names), numbers)
            found += [row for row in as_rows(rows) if row["article_id"] in wanted]
        return found


def as_rows(table: pa.Table) -> list[Row]:
    """Arrow data as rows, instants as microseconds since 1970."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.int64()))
    rows: list[Row] = table.to_pylist()
    return rows


def days_between(instants_us: Iterable[int]) -> set[date]:
    """All UTC days from the first of these instants to the last, and one more on each side; none without an instant."""
    days = [datetime.fromtimestamp(instant_us / SECOND_US, UTC).date() for instant_us in instants_us]
    if not days:
        return set()
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}
