"""Writes rows to Parquet parts and reads them back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.run import FilePart, Run
from schemas.table import Table
from transforms.common.arrays import SizedValue
from transforms.common.this_code import check_version
from transforms.lake.files.layout import index_path, is_merged, part_path
from transforms.lake.files.lock import check_lock
from transforms.lake.files.storage import DamagedPartError, Storage, storage_of
from transforms.lake.kept import KEPT
from transforms.lake.merged.stored_arrays import StoredArrays, open_arrays

Row = TypeVar("Row")

_BLOOM_FALSE_POSITIVES = 0.01
_FEW_ROWS = 128
"""Up to so many rows in a row group, a file is smaller and written a quarter faster without dictionaries."""


def checksum_of(data: Any) -> str:
    """The checksum of a part's bytes, as in manifests: hex blake2b-128."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def checksum_of_file(file: IO[bytes]) -> str:
    """The checksum of a whole file, read in pieces of 1 MiB."""
    file.seek(0)
    checksum = hashlib.blake2b(digest_size=16)
    while piece := file.read(1 << 20):
        checksum.update(piece)
    return checksum.hexdigest()


def write_options(table: Table[Any], rows: int) -> dict[str, Any]:
    """The pyarrow options for a table's files: zstd, statistics, page index, sort order, bloom filter on `bloom`.

    Dictionaries only where row groups have many rows.
    """
    schema = table.schema
    plain = [column.name for column in schema if column.name not in table.long]
    order = [(name, "ascending") for name in table.sort_by]
    distinct = max(1, min(rows, table.row_group_rows))
    repeating = [name for name in plain if name != table.bloom] if distinct > _FEW_ROWS else []
    return {
        "compression": "zstd",
        "use_dictionary": repeating or False,
        "write_statistics": [name for name in plain if not pa.types.is_nested(schema.field(name).type)],
        "write_page_index": True,
        "sorting_columns": pq.SortingColumn.from_ordering(schema, order) if order else None,
        "bloom_filter_options": {table.bloom: {"ndv": distinct, "fpp": _BLOOM_FALSE_POSITIVES}}
        if table.bloom
        else None,
    }


def encode(table: Table[Any], rows: Sequence[Any]) -> bytes:
    """The bytes of a Parquet file with these rows, sorted in the table's order."""
    return encode_arrow(table, table.to_arrow(rows))


def encode_arrow(table: Table[Any], rows: pa.Table) -> bytes:
    """The bytes of a Parquet file with these rows, which are in the table's order already."""
    sink = pa.BufferOutputStream()
    options = write_options(table, rows.num_rows)
    pq.write_table(rows, sink, row_group_size=table.row_group_rows, **options)
    return bytes(sink.getvalue())


def write_groups(table: Table[Any], pieces: Iterable[pa.Table], file: IO[bytes]) -> int:
    """The number of rows written to `file`: pieces of any size become row groups of the table's size."""
    written = waiting_rows = 0
    waiting: list[pa.Table] = []
    options = write_options(table, table.row_group_rows)
    with pq.ParquetWriter(file, table.stamped_schema, **options) as writer:

        def flush(rows: int) -> pa.Table:
            everything = pa.concat_tables([table.stamped_schema.empty_table(), *waiting])
            group = everything.slice(0, rows).combine_chunks()
            writer.write_table(table.in_order(group), row_group_size=table.row_group_rows)
            return everything.slice(rows)

        for piece in pieces:
            waiting.append(piece)
            waiting_rows += piece.num_rows
            while waiting_rows >= table.row_group_rows:
                waiting = [flush(table.row_group_rows)]
                waiting_rows -= table.row_group_rows
                written += table.row_group_rows
        if waiting_rows:
            flush(waiting_rows)
        return written + waiting_rows


def _write_in_order(table: Table[Any], pieces: Iterable[pa.Table], file: IO[bytes]) -> int:
    options = write_options(table, table.row_group_rows) | {"use_content_defined_chunking": True}
    rows = 0
    with pq.ParquetWriter(file, table.stamped_schema, **options) as writer:
        for piece in pieces:
            writer.write_table(piece, row_group_size=table.row_group_rows)
            rows += piece.num_rows
    return rows


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes a run's parts. Can be pickled. Each write is atomic; a second write of the same name replaces the first.

    With the run's lock `generation`, writing raises LockLostError once another run holds the lake, so that a worker
    that outlives its run leaves nothing behind.
    """

    storage: Storage
    run_id: str
    generation: int | None = None

    def write(self, table: Table[Any], rows: Sequence[Any], shard: str, partition: str = "") -> FilePart:
        """The part written from rows of one partition."""
        return self.put(table, encode(table, rows), len(rows), shard, partition)

    def write_pieces(self, table: Table[Any], pieces: Iterable[pa.Table], shard: str) -> FilePart:
        """The part written from any number of rows: one row group is in memory at a time, each in the table's order."""
        return self._write(table, partial(write_groups, table, pieces), shard, "")

    def write_sorted(self, table: Table[Any], pieces: Iterable[pa.Table], shard: str, partition: str) -> FilePart:
        """The part of one partition written from rows in the table's order; one piece is in memory at a time.

        Its pages are cut by content, so that stores which keep equal chunks once keep little of a file written anew.
        """
        return self._write(table, partial(_write_in_order, table, pieces), shard, partition)

    def _write(self, table: Table[Any], write: Callable[[IO[bytes]], int], shard: str, partition: str) -> FilePart:
        with self.storage.scratch() as file:
            rows = write(file)
            size, checksum = file.tell(), checksum_of_file(file)
            self.check_lock()
            path = part_path(table, partition, self.run_id, shard)
            self.storage.put_file(path, file)
        return FilePart(table.name, path, rows, size, checksum)

    def put(self, table: Table[Any], data: bytes, rows: int, shard: str, partition: str = "") -> FilePart:
        """The part written from a Parquet file's bytes."""
        self.check_lock()
        path = part_path(table, partition, self.run_id, shard)
        self.storage.put(path, data)
        return FilePart(table.name, path, rows, len(data), checksum_of(data))

    def check_lock(self) -> None:
        """Raise LockLostError or LakeGoneError unless the run still holds the lake."""
        if self.generation is not None:
            check_lock(self.storage, self.generation)


def writer_of(run: Run) -> PartWriter:
    """The writer of a run's parts, for any of its workers. Raises OtherVersionError in a worker of another version."""
    if run.version:
        check_version(run.version)
    return PartWriter(storage_of(run), run.run_id, run.generation)


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads parts. Can be pickled. Raises DamagedPartError for a part that is missing or not a whole file."""

    storage: Storage

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """Those of the named columns that a part has, in the rows that pass `where`, a filter as pyarrow takes it."""
        with self._opened(path) as file:
            stored = _names_in(file, names)
            if where is None:
                return file.read(columns=stored).select(stored)
            with self.storage.open(path) as source:
                return pq.read_table(source, columns=stored, filters=where)

    def rows(self, table: Table[Row], path: str) -> Iterator[Row]:
        """A part's rows; one row group is in memory at a time."""
        with self._opened(path) as file:
            self._check(path, table.misfit(file.schema_arrow))
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group)
                self._check(path, table.lacking(rows))
                yield from table.from_arrow(rows)

    def groups(self, path: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """Those of the named columns that a part has, row group by row group."""
        with self._opened(path) as file:
            stored = set(file.schema_arrow.names)
            here = [name for name in names if name in stored]
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=here).select(here)

    def batches(self, table: Table[Any], path: str) -> Iterator[pa.Table]:
        """A part in the table's present schema, in batches of at most the table's row group size."""
        with self._opened(path) as file:
            for batch in file.iter_batches(batch_size=table.row_group_rows):
                yield table.conformed(pa.Table.from_batches([batch]))

    def metadata(self, path: str) -> dict[str, str]:
        """The key-value metadata of a part's footer, without Arrow's own entry."""
        with self._opened(path) as file:
            stored = file.metadata.metadata or {}
            return {name.decode(): value.decode() for name, value in stored.items() if name != b"ARROW:schema"}

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """The named columns of the given rows, which must ascend; only row groups that hold one of them are read."""
        wanted = np.asarray(rows, dtype=np.int64)
        with self._opened(path) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
            firsts = np.cumsum([0, *sizes])
            self._check(path, None if not wanted.size or wanted[-1] < firsts[-1] else "it lacks rows of its index")
            ends = np.searchsorted(wanted, firsts[1:])
            here = np.flatnonzero(np.diff(ends, prepend=0))
            found = [
                file.read_row_group(group, columns=list(names)).take(
                    wanted[np.searchsorted(wanted, firsts[group]) : ends[group]] - firsts[group]
                )
                for group in here.tolist()
            ]
            return pa.concat_tables(found) if found else file.schema_arrow.empty_table().select(list(names))

    def matching(self, path: str, wanted: Mapping[str, frozenset[str]], names: Sequence[str]) -> pa.Table:
        """Those of the named columns that a part has, in the rows with a wanted value in one of the `wanted` columns,
        which are texts. A table without columns if there is no such row.

        Only row groups whose statistics allow it are looked at, and only those with a hit are read.
        """
        with self._opened(path) as file:
            footer = file.metadata
            leaves = list(enumerate(footer.schema.names if footer.num_row_groups else ()))  # also within lists
            keys = {
                name: place
                for place, name in leaves
                if wanted.get(name) and footer.row_group(0).column(place).path_in_schema == name
            }
            values = {name: pa.array(sorted(wanted[name]), pa.string()) for name in keys}
            found = []
            for number in range(footer.num_row_groups):
                group = footer.row_group(number)
                looked_at = [name for name, place in keys.items() if _may_hold(group.column(place), wanted[name])]
                if not looked_at:
                    continue
                columns = file.read_row_group(number, columns=looked_at)
                hits = pc.is_in(columns.column(looked_at[0]), value_set=values[looked_at[0]])
                for name in looked_at[1:]:
                    hits = pc.or_(hits, pc.is_in(columns.column(name), value_set=values[name]))
                if pc.any(hits).as_py():
                    found.append(file.read_row_group(number, columns=_names_in(file, names)).filter(hits))
            return pa.concat_tables(found) if found else pa.table({})

    def index(self, path: str) -> StoredArrays | None:
        """The index of a part; None if it has none."""
        if not is_merged(path):
            return None
        try:
            return self.kept(path, "index", lambda: open_arrays(self.storage, index_path(path)))
        except FileNotFoundError:
            return None

    def kept(self, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """What `make` gives of a part, from an earlier call with this `kind` if this process keeps it (`KEPT`)."""
        return KEPT.get(self.storage.address, path, kind, make)

    def kept_pieces(self, path: str, kind: str, make: Callable[[], Iterator[SizedValue]]) -> Iterator[SizedValue]:
        """As `kept`, for a part that is read piece by piece."""
        return KEPT.pieces(self.storage.address, path, kind, make)

    def row_count(self, path: str) -> int:
        """The number of rows, as a part's footer states it."""
        return int(self.footer(path).num_rows)

    def footer(self, path: str) -> pq.FileMetaData:
        """A part's footer: its rows, row groups and their sizes."""
        with self._opened(path) as file:
            return file.metadata

    @contextmanager
    def _opened(self, path: str) -> Iterator[pq.ParquetFile]:
        try:
            with self.storage.open(path) as source, pq.ParquetFile(source) as file:
                yield file
        except FileNotFoundError:
            raise DamagedPartError(f"{path} is missing; run: newsbeam repair --output {self.storage.root}") from None
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self.damaged(path, str(error).partition("\n")[0]) from error

    def _check(self, path: str, why: str | None) -> None:
        if why is not None:
            raise self.damaged(path, why)

    def damaged(self, path: str, why: str) -> DamagedPartError:
        """The error for a part that cannot be read: its path, `why`, and the remedy."""
        return self.storage.damaged(path, why)


def stored_names(footer: pq.FileMetaData, names: Iterable[str]) -> list[str]:
    """Those of these columns that the file of a footer has."""
    stored = set(footer.schema.to_arrow_schema().names)
    return [name for name in names if name in stored]


def _may_hold(column: pq.ColumnChunkMetaData, wanted: frozenset[str]) -> bool:
    """Whether a column of a row group can hold one of these texts, by its statistics."""
    known = column.statistics
    if known is None or not known.has_min_max or not isinstance(known.min, str):
        return True
    return any(known.min <= value <= known.max for value in wanted)


def _names_in(file: pq.ParquetFile, names: Sequence[str]) -> list[str]:
    """Those of these columns that a file has."""
    stored = set(file.schema_arrow.names)
    return [name for name in names if name in stored]
