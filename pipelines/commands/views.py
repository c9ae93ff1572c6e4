"""``newsbeam views``: prints DuckDB views of the lake's tables, with all columns and only committed rows."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pyarrow as pa

from pipelines.commands.report.report import lake_at, reading_lake
from schemas.table import Table
from schemas.tables import DATA
from transforms.lake.files.layout import RUNS, run_ids, run_of
from transforms.lake.files.storage import Storage

_COUNTS = "MAP(VARCHAR, BIGINT)"
_RUN_COLUMNS = {
    "run_id": "VARCHAR",
    "command": "VARCHAR",
    "started_at": "TIMESTAMPTZ",
    "finished_at": "TIMESTAMPTZ",
    "counts": _COUNTS,
    "reasons": _COUNTS,
    "tables": _COUNTS,
    "adopted": "STRUCT(path VARCHAR)[]",
}
_DIGIT = "[0-9]"
_RUN_NAME = f"{8 * _DIGIT}T{6 * _DIGIT}.{6 * _DIGIT}Z"
"""DuckDB's pattern for a run id in a file name; files that others put beside ours do not match. A question mark would
begin options where the lake is a URI."""

_PLAIN_TYPES = {
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
}


def views(given: argparse.Namespace) -> int:
    """0, after printing the views as SQL statements."""
    with reading_lake():
        print(views_sql(lake_at(given.output), given.output))
    return 0


def views_sql(storage: Storage, lake: str) -> str:
    """SQL statements that create the views `runs`, `pages`, `articles`, `failures` and `feed_polls`.

    `lake` is DuckDB's path to the lake, from its working folder, or a URI. A table without files becomes an empty view
    with all columns, so the views must be created again when the table gets its first file.
    """
    statements = [_runs_view(storage, lake), *(_table_view(table, storage, lake) for table in DATA)]
    return "\n".join(statements)


def _runs_view(storage: Storage, lake: str) -> str:
    if not run_ids(storage.list(RUNS)):
        return f"create or replace view {RUNS} as {_nothing(_RUN_COLUMNS)};"
    columns = ", ".join(f"{name}: {_quoted(kind)}" for name, kind in _RUN_COLUMNS.items())
    files = _files(lake, f"{RUNS}/{_RUN_NAME}.json")
    return f"create or replace view {RUNS} as from read_json({files}, columns = {{{columns}}});"


def _table_view(table: Table[Any], storage: Storage, lake: str) -> str:
    columns = {column.name: _sql_type(column.type) for column in table.schema} | {str(table.partition): "DATE"}
    empty = _nothing(columns)
    if not any(map(run_of, storage.list(table.name))):
        return f"create or replace view {table.name} as {empty};"
    found = _files(lake, f"{table.name}/{table.partition}=*/part-{_RUN_NAME}-*.parquet")
    files = f"read_parquet({found}, union_by_name = true, hive_partitioning = true)"
    return (
        f"create or replace view {table.name} as {empty} union all by name from {files} where run_id in "
        f"(select run_id from {RUNS} union all "
        f"select regexp_extract(unnest(adopted).path, 'part-([^-]+)-', 1) from {RUNS});"
    )


def _nothing(columns: dict[str, str]) -> str:
    """A query that returns these columns and no rows."""
    return f"(select {', '.join(f'null::{kind} as {name}' for name, kind in columns.items())} where false)"


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ"
    if pa.types.is_list(kind):
        return f"{_sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{field.name} {_sql_type(field.type)}' for field in kind)})"
    return _PLAIN_TYPES[kind]


def _files(lake: str, pattern: str) -> str:
    """The quoted glob pattern of files below the lake; special characters in the lake's own name are escaped."""
    return _quoted(re.sub(r"[\[*?]", r"[\g<0>]", lake.rstrip("/")) + f"/{pattern}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
