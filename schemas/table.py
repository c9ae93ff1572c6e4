"""A table of the lake: a row class and its Arrow schema, with conversion both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import pyarrow as pa

Row = TypeVar("Row")

INSTANT = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.string())


def day_of(instant_us: int) -> str:
    """The UTC day of an instant in microseconds, as ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).date().isoformat()


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A named table: its row class, Arrow schema, partition and order.

    A column of Arrow type timestamp is the row's attribute of the same name with ``_us`` appended: integer
    microseconds since 1970 in UTC. Every other column is the attribute of the same name. Lists are tuples in rows,
    structs are the named tuples given in `structs`. Columns in `long` hold prose or hashes: their values never repeat
    and are never searched by order, so files carry neither a dictionary nor statistics for them.
    """

    name: str
    version: int
    row: type[Row]
    schema: pa.Schema
    partition: str | None = None
    partition_of: Callable[[Row], str] | None = None
    sort_by: tuple[str, ...] = ()
    bloom: str | None = None
    row_group_rows: int = 10_000
    long: tuple[str, ...] = ()
    structs: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    @property
    def stamped_schema(self) -> pa.Schema:
        """The schema with the table's name and version in its metadata, as every file carries it."""
        return self.schema.with_metadata({"newsbeam.table": self.name, "newsbeam.schema_version": str(self.version)})

    def attribute(self, column: pa.Field) -> str:
        """The row attribute that holds a column's value."""
        return f"{column.name}_us" if pa.types.is_timestamp(column.type) else str(column.name)

    def to_arrow(self, rows: Iterable[Row]) -> pa.Table:
        """Rows as one Arrow table in the table's order (`sort_by`, nulls last)."""
        return self.in_order(self.as_given(rows))

    def as_given(self, rows: Iterable[Row]) -> pa.Table:
        """Rows as one Arrow table, in the order given."""
        rows = list(rows)
        columns = [
            pa.array([getattr(row, self.attribute(column)) for row in rows], type=column.type) for column in self.schema
        ]
        return pa.Table.from_arrays(columns, schema=self.stamped_schema)

    def in_order(self, table: pa.Table) -> pa.Table:
        """An Arrow table of this schema in the table's order."""
        if self.sort_by and table.num_rows > 1:
            table = table.sort_by([(name, "ascending") for name in self.sort_by])
        return table

    def conformed(self, table: pa.Table) -> pa.Table:
        """Stored data in today's schema: columns that an old file lacks are null, unknown columns are left out."""
        stored = table.schema.names
        columns = [
            table.column(column.name).cast(column.type)
            if column.name in stored
            else pa.chunked_array([pa.nulls(table.num_rows, column.type)])
            for column in self.schema
        ]
        return pa.Table.from_arrays(columns, schema=self.stamped_schema)

    def misfit(self, schema: pa.Schema) -> str | None:
        """Why a file with this schema cannot hold rows of the table, in a few words; None if it can."""
        for column in self.schema:
            at = schema.get_field_index(column.name)
            if at < 0 and not column.nullable:
                return f"it has no column {column.name}"
            if at >= 0 and not _is_read_as(schema.field(at).type, column.type):
                return f"its column {column.name} is {schema.field(at).type}"
        return None

    def lacking(self, table: pa.Table) -> str | None:
        """Which required column has missing values in stored data, in a few words; None if none has."""
        required = (column.name for column in self.schema if not column.nullable)
        gaps = (name for name in required if name in table.column_names and table.column(name).null_count)
        return next((f"values of its column {name} are missing" for name in gaps), None)

    def from_arrow(self, table: pa.Table) -> list[Row]:
        """Arrow data as rows; a column that the data lacks, because its file is older, is None or ``()``."""
        names = [self.attribute(column) for column in self.schema]
        values = [self._python_values(table, column) for column in self.schema]
        return [self.row(**dict(zip(names, row, strict=True))) for row in zip(*values, strict=True)]

    def _python_values(self, table: pa.Table, column: pa.Field) -> list[Any]:
        if column.name not in table.column_names:
            return [() if pa.types.is_list(column.type) else None] * table.num_rows
        data = table.column(column.name)
        if pa.types.is_timestamp(column.type):
            return list(data.cast(INSTANT).cast(pa.int64()).to_pylist())
        struct = self.structs.get(column.name)
        if struct is not None:
            return [tuple(struct(**item) for item in items or ()) for items in data.to_pylist()]
        if pa.types.is_list(column.type):
            return [tuple(items) if items is not None else () for items in data.to_pylist()]
        return list(data.to_pylist())


def _is_read_as(stored: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a stored type can be read as the wanted one. List types may differ in the name of their items."""
    if pa.types.is_dictionary(stored):
        stored = stored.value_type
    return bool(stored.id == wanted.id)
