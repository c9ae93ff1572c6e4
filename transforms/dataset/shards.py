"""Writes the rows of a dataset as a series of files of about equal size, Parquet or lines of JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import IO, Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS: Final = 1_000
"""Rows of a row group: some 5 MB of news. Readers of datasets take a row group at a time."""

SUFFIXES: Final = {"parquet": ".parquet", "jsonl": ".jsonl.gz"}

_ZIP_LEVEL: Final = 6


class _File(Protocol):
    def write(self, rows: pa.Table) -> None: ...

    def close(self) -> None: ...


class Shards:
    """Takes rows in any pieces; what is written depends on the rows alone, not on the pieces.

    `begin` gives the file of a number, counted from 0, which is not closed here. A file that has `max_bytes` gets no
    further group of `GROUP_ROWS` rows; one group is in memory at a time. Without any row there is no file.
    """

    def __init__(self, form: str, schema: pa.Schema, begin: Callable[[int], IO[bytes]], max_bytes: int) -> None:
        self._make = _MAKE[form]
        self._schema, self._begin, self._max_bytes = schema, begin, max_bytes
        self._waiting = schema.empty_table()
        self._bytes: IO[bytes] | None = None
        self._file: _File | None = None
        self.rows: list[int] = []

    def write(self, rows: pa.Table) -> None:
        """Add rows of the dataset's schema."""
        self._waiting = pa.concat_tables([self._waiting, rows])
        while self._waiting.num_rows >= GROUP_ROWS:
            self._write_group(self._waiting.slice(0, GROUP_ROWS))
            self._waiting = self._waiting.slice(GROUP_ROWS)

    def finish(self) -> None:
        """Write what is left."""
        if self._waiting.num_rows:
            self._write_group(self._waiting)
        self._end_file()

    def _write_group(self, rows: pa.Table) -> None:
        file = self._file
        if file is None:
            self._bytes = self._begin(len(self.rows))
            file = self._file = self._make(self._bytes, self._schema)
            self.rows.append(0)
        file.write(rows.combine_chunks())
        self.rows[-1] += rows.num_rows
        if self._bytes is not None and self._bytes.tell() >= self._max_bytes:
            self._end_file()

    def _end_file(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


class _ParquetFile:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(file, schema, compression="zstd", write_page_index=True)

    def write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows, row_group_size=GROUP_ROWS)

    def close(self) -> None:
        self._writer.close()


class _JsonFile:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._zip = gzip.GzipFile("", "wb", _ZIP_LEVEL, file, mtime=0)

    def write(self, rows: pa.Table) -> None:
        for row in rows.to_pylist():
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_text)
            self._zip.write(f"{line}\n".encode())
        self._zip.flush()

    def close(self) -> None:
        self._zip.close()


_MAKE: Final[dict[str, Callable[[IO[bytes], pa.Schema], _File]]] = {"parquet": _ParquetFile, "jsonl": _JsonFile}


def _text(value: Any) -> str:
    """An instant as ``2026-03-02T08:00:00.000000Z``, a day as ``2026-03-02``."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S.%f}Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} is no value of a dataset")
