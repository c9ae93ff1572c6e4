"""Rows to Parquet parts and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.layout import part_path
from transforms.lake.lock import check_lock
from transforms.lake.storage import Storage

Row = TypeVar("Row")

_PROSE = frozenset({"body", "article_body", "content_html", "entry_content_html", "removed"})
_HASHES = frozenset({"keys", "shingles", "terms", "counts", "passages", "figures"})
_LONG = _PROSE | _HASHES
"""Columns whose values never repeat and are never searched by order: neither dictionary nor statistics."""

_BLOOM_FALSE_POSITIVES = 0.01


def encode(table: Table[Any], rows: Sequence[Any]) -> bytes:
    """A Parquet file: zstd, statistics, page index, the table's order stated, a bloom filter on its identity."""
    data = table.to_arrow(rows)
    plain = [column.name for column in data.schema if column.name not in _LONG]
    flat = [name for name in plain if not pa.types.is_nested(data.schema.field(name).type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        data,
        sink,
        compression="zstd",
        use_dictionary=[name for name in plain if name != table.bloom] or False,
        write_statistics=flat,
        write_page_index=True,
        row_group_size=table.row_group_rows,
        sorting_columns=pq.SortingColumn.from_ordering(data.schema, [(name, "ascending") for name in table.sort_by])
        if table.sort_by
        else None,
        bloom_filter_options={table.bloom: {"ndv": max(1, len(rows)), "fpp": _BLOOM_FALSE_POSITIVES}}
        if table.bloom
        else None,
    )
    return bytes(sink.getvalue())


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes a run's parts. Pickles; each write is atomic, and the same name written again replaces.

    With the run's lock `generation` it refuses to write once another run holds the lake (LockLostError): a worker
    that outlives its run leaves nothing behind.
    """

    storage: Storage
    run_id: str
    generation: int | None = None

    def write(self, table: Table[Any], rows: Sequence[Any], shard: str, partition: str = "") -> FilePart:
        """Rows of one partition as one part."""
        if self.generation is not None:
            check_lock(self.storage, self.generation)
        data = encode(table, rows)
        path = part_path(table, partition, self.run_id, shard)
        self.storage.put(path, data)
        return FilePart(table.name, path, len(rows), len(data))


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads parts back as rows. Pickles."""

    storage: Storage

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """Some columns of a part, of the rows that an expression of pyarrow.compute lets pass.

        A column that the part lacks, because it is older than the column, is left out.
        """
        with self.storage.open(path) as source:
            known = pq.read_schema(source).names
            source.seek(0)
            return pq.read_table(source, columns=[name for name in names if name in known], filters=where)

    def rows(self, table: Table[Row], path: str) -> Iterator[Row]:
        """A part's rows, one row group in memory at a time."""
        with self.storage.open(path) as source, pq.ParquetFile(source) as file:
            for group in range(file.num_row_groups):
                yield from table.from_arrow(file.read_row_group(group))

    def groups(self, path: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """Some columns of a part, one row group in memory at a time."""
        with self.storage.open(path) as source, pq.ParquetFile(source) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=list(names)).select(list(names))

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """Some columns of some rows of a part, the rows ascending; only the row groups that hold one are read."""
        found, first = [], 0
        wanted = list(rows)
        with self.storage.open(path) as source, pq.ParquetFile(source) as file:
            for group in range(file.num_row_groups):
                size = file.metadata.row_group(group).num_rows
                here = [row - first for row in wanted if first <= row < first + size]
                if here:
                    found.append(file.read_row_group(group, columns=list(names)).take(here))
                first += size
        return pa.concat_tables(found)

    def whole(self, table: str, path: str) -> FilePart | None:
        """The part as its own footer states it, or None where it is not a whole Parquet file."""
        try:
            with self.storage.open(path) as source:
                footer = pq.read_metadata(source)
                return FilePart(table, path, footer.num_rows, source.size())
        except (pa.ArrowInvalid, OSError):
            return None
