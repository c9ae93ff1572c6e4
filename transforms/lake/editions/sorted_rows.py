"""The rows of several files of a partition in one order, a bounded piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.table import Table
from transforms.lake.files.parts import PartReader, stored_names

_PIECE_BYTES: Final = 32 << 20
"""The rows in memory at a time, as they are without compression; while they are put in order, three times as much. Each
piece may read all files anew, which costs a tenth more than with pieces of twice the size."""

Keep = Callable[[pa.Table], pa.Array]
"""Takes rows in the columns that it was announced with; returns which of them are kept, as booleans."""


def sorted_rows(reader: PartReader, table: Table[Any], paths: Sequence[str]) -> Iterator[pa.Table]:
    """All rows of these files in the table's present schema and order; equal ones in the order of `paths`.

    The keys of all rows are sorted first, then the rows are read from where they are.
    """
    footers = [reader.footer(path) for path in paths]  # once: to open a file of so many columns takes milliseconds
    order = _order(reader, table, paths, footers)
    files, rows = order.column("file").to_numpy(), order.column("row").to_numpy()
    stored = [stored_names(footer, table.schema.names) for footer in footers]
    at_once = _rows_of_a_piece(table, footers)
    for first in range(0, len(rows), at_once):
        piece = slice(first, first + at_once)
        yield _taken(reader, table, list(zip(paths, stored, strict=True)), files[piece], rows[piece])


def _order(reader: PartReader, table: Table[Any], paths: Sequence[str], footers: Sequence[pq.FileMetaData]) -> pa.Table:
    keys = []
    for number, (path, footer) in enumerate(zip(paths, footers, strict=True)):
        stored = reader.columns(path, table.sort_by)
        key = {
            name: stored.column(name)
            if name in stored.column_names
            else pa.nulls(footer.num_rows, table.schema.field(name).type)
            for name in table.sort_by
        }
        place = {
            "file": np.full(footer.num_rows, number, np.int32),
            "row": np.arange(footer.num_rows, dtype=np.int32),
        }
        keys.append(pa.table(key | place))
    order = [(name, "ascending") for name in (*table.sort_by, "file", "row")]
    return pa.concat_tables(keys, promote_options="permissive").sort_by(order).select(["file", "row"])


def _rows_of_a_piece(table: Table[Any], footers: Sequence[pq.FileMetaData]) -> int:
    size = sum(one.row_group(group).total_byte_size for one in footers for group in range(one.num_row_groups))
    rows = sum(one.num_rows for one in footers)
    return max(table.row_group_rows if table.row_group_rows < 1_000 else 1, int(rows * _PIECE_BYTES / max(size, 1)))


def _taken(
    reader: PartReader,
    table: Table[Any],
    parts: Sequence[tuple[str, list[str]]],
    files: np.ndarray[Any, Any],
    rows: np.ndarray[Any, Any],
) -> pa.Table:
    """The given rows in the given order; each of `files` and `rows` says where the next one is. `parts` are the files
    with their columns."""
    pieces, places = [], []
    for number in np.unique(files):
        here = np.flatnonzero(files == number)
        here = here[np.argsort(rows[here])]
        path, stored = parts[number]
        pieces.append(table.conformed(reader.take(path, stored, rows[here].tolist())))
        places.append(here)
    back = np.empty(len(rows), dtype=np.int64)
    back[np.concatenate(places)] = np.arange(len(rows))
    return pa.concat_tables(pieces).take(pa.array(back)).combine_chunks()
