"""The columns of a dataset of articles: those of the table, in types that every reader of datasets has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import pyarrow as pa

from schemas.article import ARTICLES

LEFT_OUT: Final = ("removed", "recovered")
"""What is no text of the article's, or there already; only where it is asked for by name."""

_DAY: Final = pa.field(str(ARTICLES.partition), pa.date32())
_PAIR: Final = pa.struct([("column", pa.string()), ("source", pa.string())])
_SOURCES: Final = pa.field("facts_sources", pa.list_(_PAIR))
"""A list in place of the lake's map: Hugging Face's datasets have none."""

COLUMNS: Final = {field.name: _SOURCES if pa.types.is_map(field.type) else field for field in (*ARTICLES.schema, _DAY)}
"""All columns that a dataset may have, by name: those of `articles`, and its partition as a date."""

DEFAULT: Final = tuple(name for name in COLUMNS if name not in LEFT_OUT)


def schema_of(names: Sequence[str]) -> pa.Schema:
    """The schema of a dataset with these columns, in this order."""
    return pa.schema([COLUMNS[name] for name in names])


def dataset_rows(rows: pa.Table, day: date, schema: pa.Schema) -> pa.Table:
    """Rows of the table `articles`, of one partition, as rows of a dataset."""
    return pa.Table.from_arrays([_column(rows, field, day) for field in schema], schema=schema)


def _column(rows: pa.Table, field: pa.Field, day: date) -> pa.Array | pa.ChunkedArray:
    if field.name == _DAY.name:
        return pa.repeat(pa.scalar(day, _DAY.type), rows.num_rows)
    values = rows.column(field.name)
    if field.name != _SOURCES.name:
        return values
    pairs = (
        None if one is None else [{"column": name, "source": source} for name, source in one]
        for one in values.to_pylist()
    )
    return pa.array(pairs, type=_SOURCES.type)


def feature_lines(schema: pa.Schema) -> Iterator[str]:
    """The schema as Hugging Face's features in YAML, a line each, as ``dataset_info`` of a data card has them.

    They are stated so that a file of JSON lines whose first rows have only nulls in a column is read rightly.
    """
    yield from _fields(schema, "")


def _fields(fields: Sequence[pa.Field] | pa.Schema, indent: str) -> Iterator[str]:
    for field in fields:
        yield f"{indent}- name: {json.dumps(field.name)}"
        yield from _type(field.type, f"{indent}  ")


def _type(kind: pa.DataType, indent: str) -> Iterator[str]:
    if not pa.types.is_list(kind):
        yield f"{indent}dtype: {_dtype(kind)}"
    elif pa.types.is_struct(kind.value_type):
        yield f"{indent}list:"
        yield from _fields(kind.value_type.fields, indent)
    else:
        yield f"{indent}list: {_dtype(kind.value_type)}"


def _dtype(kind: pa.DataType) -> str:
    if pa.types.is_date32(kind):
        return "date32"
    return "float64" if pa.types.is_float64(kind) else str(kind)
