"""Looks at the rows of one file: schema, number, partition, order, and the runs that they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.article import ARTICLES
from schemas.failure import FAILURES
from schemas.feed import FEED_POLLS
from schemas.page import PAGES
from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.files.storage import Storage
from transforms.lake.verify.trouble import Kind, Trouble

_DAY_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    PAGES.name: ("fetched_at",),
    ARTICLES.name: ("date_published", "fetched_at"),
    FAILURES.name: ("failed_at",),
    FEED_POLLS.name: ("polled_at",),
}
"""The column whose day is a row's partition: of several the first that is not null."""

_SHOWN: Final = 3


def row_troubles(
    storage: Storage, table: Table[Any], path: str, written: FilePart | None, runs: Collection[str] | None
) -> Iterator[Trouble]:
    """What is wrong with the rows of a file that can be read; a row group is in memory at a time.

    `written` is what a manifest or note says of the file. `runs` are those that rows may name; None: any.
    """
    with storage.open(path) as source, pq.ParquetFile(source) as file:
        if (why := stamp_trouble(table, file.schema_arrow)) is not None:
            yield Trouble(Kind.SCHEMA, path, why, table)
            return
        rows = file.metadata.num_rows
        if written is not None and written.rows != rows:
            yield Trouble(Kind.ROWS, path, f"it has {rows} rows, and {written.rows} were written", table, rows)
        stored = set(file.schema_arrow.names)
        day = path.split("/")[1].partition("=")[2] if table.partition else ""
        names = {*table.sort_by, *_DAY_FROM.get(table.name, ()), "run_id"} & stored
        strays = foreign = unsorted = 0
        of_runs: set[str] = set()
        for number in range(file.num_row_groups) if names else ():
            group = file.read_row_group(number, columns=sorted(names))
            strays += _strays(table, group, day) if day else 0
            unsorted += not _is_sorted(table, group)
            if runs is not None and "run_id" in stored:
                unknown = pc.filter(group.column("run_id"), pc.invert(_among(group.column("run_id"), runs)))
                foreign += len(unknown)
                of_runs.update(unknown.slice(0, _SHOWN).to_pylist())
        if strays:
            yield Trouble(Kind.PARTITION, path, f"{strays} of its rows are of another day than {day}", table, strays)
        if unsorted:
            order = ", ".join(table.sort_by)
            yield Trouble(Kind.ORDER, path, f"{unsorted} of its row groups are not in the order {order}", table)
        if foreign:
            named = ", ".join(sorted(of_runs)[:_SHOWN])
            what = f"{foreign} of its rows name runs that were not committed: {named}"
            yield Trouble(Kind.RUN, path, what, table, foreign)


def stamp_trouble(table: Table[Any], schema: pa.Schema) -> str | None:
    """Why a file's columns are not those of its table, by name and version in its metadata; None if they are."""
    stamped = {name.decode(): value.decode("utf-8", "replace") for name, value in (schema.metadata or {}).items()}
    if (name := stamped.get("newsbeam.table")) != table.name:
        return f"it is stamped as a file of {name or 'no table'}, and lies among those of {table.name}"
    version = stamped.get("newsbeam.schema_version", "")
    if not version.isdigit() or int(version) > table.version:
        return f"it is of version {version or 'none'} of the table, and this program knows {table.version}"
    if (misfit := table.misfit(schema)) is not None:
        return misfit
    lacking = [name for name in table.schema.names if name not in schema.names]
    if int(version) == table.version and lacking:
        return f"it lacks columns of its version {version}: {', '.join(lacking)}"
    return None


def _strays(table: Table[Any], group: pa.Table, day: str) -> int:
    instants = [group.column(name).cast(pa.timestamp("us", "UTC")) for name in _DAY_FROM[table.name]]
    days = pc.strftime(pc.coalesce(*instants), format="%Y-%m-%d")
    return int(pc.sum(pc.not_equal(days, day)).as_py() or 0)


def _is_sorted(table: Table[Any], group: pa.Table) -> bool:
    keys = group.select([name for name in table.sort_by if name in group.column_names])
    order = [(name, "ascending") for name in keys.column_names]
    return not order or bool(keys.sort_by(order).equals(keys))


def _among(column: pa.ChunkedArray, values: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(column, value_set=pa.array(sorted(values), pa.string()))
