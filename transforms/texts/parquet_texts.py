"""Parquet files of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.texts.instants import moment
from transforms.texts.row_of import row_of
from transforms.texts.text_row import ColumnError, MarksOf, Named, TextFileError, TextRow

_ROWS_AT_ONCE: Final = 1_000


class ParquetTexts:
    """A Parquet file, read a thousand rows at a time."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            with pq.ParquetFile(path) as file:
                self._schema = file.schema_arrow
                groups = file.metadata.num_row_groups
                self._packed = file.metadata.row_group(0).column(0).compression if groups else "ZSTD"
        except (pa.ArrowException, OSError) as error:
            raise self._trouble(error) from error

    def columns(self) -> Sequence[str]:
        """See `TextFile`."""
        return list(self._schema.names)

    def rows(self, named: Named, taken: frozenset[str]) -> Iterator[list[TextRow]]:
        """See `TextFile`."""
        if clash := sorted(taken & {*self._schema.names}):
            raise ColumnError(f"{self.path} has a column {clash[0]} already; give --prefix, such as dedupe_")
        paths = list(dict.fromkeys(filter(None, named)))
        kinds = {path: self._type_at(path) for path in paths}
        if not _is_text(kinds[named.text]):
            raise ColumnError(f"{self.path}: its column {named.text} is {kinds[named.text]}, no text")
        for batch in self._batches(paths):
            values = {path: _values(batch, path) for path in paths}
            nothing = [None] * batch.num_rows
            some = (nothing if path is None else values[path] for path in named)
            yield [row_of(row, named) for row in zip(*some, strict=True)]

    def copy(self, marks: MarksOf, names: Sequence[str], out: IO[bytes], packing: str | None) -> None:
        """See `TextFile`. Row groups have a thousand rows; compression is that of the file's first column."""
        fields = [pa.field(name, one.type) for name, one in zip(names, marks(0, 0).present(), strict=True)]
        schema = pa.schema([*self._schema, *fields], metadata=self._schema.metadata)
        start = 0
        with pq.ParquetWriter(out, schema, compression=self._packed.replace("UNCOMPRESSED", "NONE")) as writer:
            for batch in self._batches(None):
                added = marks(start, batch.num_rows).present()
                writer.write_table(pa.Table.from_arrays([*batch.columns, *added], schema=schema))
                start += batch.num_rows

    def _batches(self, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
        try:
            with pq.ParquetFile(self.path) as file:
                yield from file.iter_batches(_ROWS_AT_ONCE, columns=columns)
        except (pa.ArrowException, OSError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> TextFileError:
        said = str(error).partition("\n")[0]
        return TextFileError(f"{self.path} cannot be read as Parquet: {said}")

    def _type_at(self, path: str) -> Any:
        try:
            kind = self._schema.field(path.partition(".")[0] if path not in self._schema.names else path).type
            for name in path.split(".")[1:] if path not in self._schema.names else ():
                kind = kind.field(name).type
        except (KeyError, AttributeError):
            raise ColumnError(f"{self.path} has no column {path}") from None
        return kind


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _values(batch: pa.RecordBatch, path: str) -> list[Any]:
    """The values at a path like ``metadata.date``. Bytes that are no UTF-8 are replaced."""
    first, *rest = [path] if path in batch.schema.names else path.split(".")
    values = batch.column(first)
    if rest:
        values = pc.struct_field(values, rest)
    if pa.types.is_timestamp(values.type):
        instants = values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.int64()).to_pylist()
        return [None if one is None else moment(one) for one in instants]
    try:
        return list(values.to_pylist())
    except UnicodeDecodeError:
        kept = values.cast(pa.large_binary()).to_pylist()
        return [None if one is None else one.decode("utf-8", "replace") for one in kept]
