"""Writes each table's full schema beside its partitions, for readers of empty tables and of files that lack columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.table import Table
from transforms.lake.files.layout import SCHEMA_FILE
from transforms.lake.files.storage import Storage


def write_table_schemas(storage: Storage, tables: Sequence[Table[Any]]) -> None:
    """Write ``<table>/_common_metadata`` if it is missing or differs.

    It is a Parquet file without rows: all columns and, last, the partition column as text.
    """
    for table in tables:
        path = f"{table.name}/{SCHEMA_FILE}"
        data = _schema_file(table)
        if not storage.exists(path) or storage.get(path) != data:
            storage.put(path, data)


def _schema_file(table: Table[Any]) -> bytes:
    schema = table.stamped_schema.append(pa.field(str(table.partition), pa.string(), nullable=False))
    sink = pa.BufferOutputStream()
    pq.write_metadata(schema, sink)
    return bytes(sink.getvalue())
