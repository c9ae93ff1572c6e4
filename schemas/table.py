"""A table of the lake: a row class whose fields declare its columns, with conversion to Arrow and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

import pyarrow as pa

from schemas.columns import INSTANT, Column, Mark, columns_of

Row = TypeVar("Row")


def day_of(instant_us: int) -> str:
    """The UTC day of an instant in microseconds, as ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).date().isoformat()


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A named table: its row class, partition and order. The fields of the row class declare its columns.

    In rows, instants are integer microseconds since 1970 in UTC, lists are tuples, structs named tuples, and maps are
    tuples of pairs.
    """

    name: str
    version: int
    row: type[Row]
    partition: str | None = None
    partition_of: Callable[[Row], str] | None = None
    sort_by: tuple[str, ...] = ()
    row_group_rows: int = 10_000

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of files and of the row's fields."""
        return columns_of(self.row)

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([column.field for column in self.columns])

    @cached_property
    def long(self) -> tuple[str, ...]:
        """The names of the columns marked `Long`."""
        return tuple(column.name for column in self.columns if Mark.LONG in column.marks)

    @cached_property
    def bloom(self) -> str | None:
        """The name of the column marked `Bloom`."""
        return next((column.name for column in self.columns if Mark.BLOOM in column.marks), None)

    @property
    def stamped_schema(self) -> pa.Schema:
        """The schema with the table's name and version in its metadata, as every file carries it."""
        return self.schema.with_metadata({"newsbeam.table": self.name, "newsbeam.schema_version": str(self.version)})

    def to_arrow(self, rows: Iterable[Row]) -> pa.Table:
        """Rows as one Arrow table in the table's order (`sort_by`, nulls last)."""
        return self.in_order(self.as_given(rows))

    def as_given(self, rows: Iterable[Row]) -> pa.Table:
        """Rows as one Arrow table, in the order given."""
        rows = list(rows)
        columns = [
            pa.array(list(map(attrgetter(column.attribute), rows)), type=column.field.type) for column in self.columns
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
        """Arrow data as rows; a column that the data lacks, because its file is older, is its `missing` value."""
        names = [column.attribute for column in self.columns]
        values = [_python_values(table, column) for column in self.columns]
        return [self.row(**dict(zip(names, row, strict=True))) for row in zip(*values, strict=True)]


def _python_values(table: pa.Table, column: Column) -> list[Any]:
    if column.name not in table.column_names:
        return [column.missing] * table.num_rows
    data = table.column(column.name)
    if column.is_instant:
        return list(data.cast(INSTANT).cast(pa.int64()).to_pylist())
    if column.item is not None:
        item = column.item
        return [_items(items, column, lambda one: item(**one)) for items in data.to_pylist()]
    if pa.types.is_list(column.field.type) or pa.types.is_map(column.field.type):
        return [_items(items, column, lambda one: one) for items in data.to_pylist()]
    return list(data.to_pylist())


def _items(items: list[Any] | None, column: Column, item: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    return column.missing if items is None else tuple(map(item, items))


def _is_read_as(stored: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a stored type can be read as the wanted one. List types may differ in the name of their items."""
    if pa.types.is_dictionary(stored):
        stored = stored.value_type
    return bool(stored.id == wanted.id)
