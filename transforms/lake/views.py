"""DuckDB views of a lake's tables, over exactly the committed files, and the file ``lake.duckdb`` that holds them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from schemas.table import Table
from schemas.tables import DATA
from transforms.lake.committed import Committed
from transforms.lake.files.layout import RUNS, VIEWS_FILE, VIEWS_SOURCE
from transforms.lake.files.storage import Storage

_READABLE_SINCE: Final = "v1.5.0"
"""The oldest DuckDB that reads the file: the first that knows views of which the files are looked at when they are
queried."""

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
    pa.date32(): "DATE",
}


def views_sql(held: Committed, lake: str) -> list[str]:
    """SQL statements that create the views `runs`, `pages`, `articles`, `failures` and `feed_polls`.

    The views of the tables read exactly the files that are committed now, and have all columns, also where a table has
    no file or an older file lacks a column. `lake` is DuckDB's path to the lake, or a URI.
    """
    return [_runs_view(held.runs, lake), *(_table_view(table, held.parts(table), lake) for table in DATA)]


def write_views(held: Committed) -> None:
    """Write ``lake.duckdb``, a DuckDB file with these views and no data, if it does not hold them yet.

    It is replaced as a whole, so a reader that has it open goes on with the files that it names; they stay for the
    grace of an edition. On a local disk the views name files by their whole path: a lake that was moved has views
    again after its next run.
    """
    storage, statements = held.storage, _statements(held)
    if not _holds(storage, statements):
        storage.put(VIEWS_FILE, _database(statements))
        storage.put(VIEWS_SOURCE, _source(statements))


def has_stale_views(held: Committed) -> bool:
    """Whether there is a ``lake.duckdb`` that names other files than are committed, or another place of the lake."""
    return held.storage.exists(VIEWS_FILE) and not _holds(held.storage, _statements(held))


def _statements(held: Committed) -> list[str]:
    storage = held.storage
    return views_sql(held, storage.root if storage.folder is None else str(storage.folder.absolute()))


def _source(statements: Sequence[str]) -> bytes:
    return "\n".join(statements).encode()


def _holds(storage: Storage, statements: Sequence[str]) -> bool:
    """Whether the file holds these views."""
    if not (storage.exists(VIEWS_FILE) and storage.exists(VIEWS_SOURCE)):
        return False
    return storage.get(VIEWS_SOURCE) == _source(statements)


def _database(statements: Sequence[str]) -> bytes:
    import duckdb  # here, because it costs every command a quarter of a second  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as connection:
        file = Path(folder) / "lake.duckdb"
        connection.execute(f"attach {quoted(str(file))} as lake (storage_version {quoted(_READABLE_SINCE)})")
        connection.execute("use lake")
        for statement in statements:  # whose files are not looked at: they may lie in a store that only readers reach
            connection.execute(statement.replace(" as ", " with (defer_binding) as ", 1))
        connection.execute("use memory; detach lake")
        return file.read_bytes()


def _runs_view(runs: Sequence[str], lake: str) -> str:
    if not runs:
        return f"create or replace view {RUNS} as {_nothing(_RUN_COLUMNS)};"
    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in _RUN_COLUMNS.items())
    files = _files(lake, f"{RUNS}/{_RUN_NAME}.json")
    return f"create or replace view {RUNS} as from read_json({files}, columns = {{{columns}}});"


def _table_view(table: Table[Any], paths: Sequence[str], lake: str) -> str:
    columns = {column.name: _sql_type(column.type) for column in table.schema} | {str(table.partition): "DATE"}
    empty = _nothing(columns)
    if not paths:
        return f"create or replace view {table.name} as {empty};"
    files = ", ".join(_files(lake, path) for path in paths)
    found = f"read_parquet([{files}], union_by_name = true, hive_partitioning = true)"
    return f"create or replace view {table.name} as {empty} union all by name from {found};"


def _nothing(columns: dict[str, str]) -> str:
    """A query that returns these columns and no rows."""
    return f"(select {', '.join(f'null::{kind} as {name}' for name, kind in columns.items())} where false)"


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ"
    if pa.types.is_map(kind):
        return f"MAP({_sql_type(kind.key_type)}, {_sql_type(kind.item_type)})"
    if pa.types.is_list(kind):
        return f"{_sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{_name(field.name)} {_sql_type(field.type)}' for field in kind)})"
    return _PLAIN_TYPES[kind]


def _name(field: str) -> str:
    """A field's name as SQL has it: some are words of the language, such as ``end``."""
    return f'"{field}"'


def _files(lake: str, pattern: str) -> str:
    """The quoted glob pattern of files below the lake; special characters in the lake's own name are escaped."""
    return quoted(re.sub(r"[\[*?]", r"[\g<0>]", lake.rstrip("/")) + f"/{pattern}")


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
