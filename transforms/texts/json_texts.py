"""Files of JSON lines with texts, plain or packed by gzip or zstd."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any, Final

import pyarrow as pa

from transforms.common.batches import batches
from transforms.texts.row_of import row_of
from transforms.texts.text_row import ColumnError, MarksOf, Named, NotCompared, TextFileError, TextRow

_ROWS_AT_ONCE: Final = 1_000
_LOOKED_AT: Final = 100
_BOM: Final = b"\xef\xbb\xbf"
_PIECE_BYTES: Final = 1 << 20
_ZIP_LEVEL: Final = 6
_BAD_LINE: Final = "line"
"""Where the line of a row that is no object of JSON is kept, as text."""


class JsonTexts:
    """A file of JSON lines, read a thousand lines at a time. Lines without anything are no rows; they stay."""

    def __init__(self, path: str, packing: str | None) -> None:
        self.path = path
        self._packing = packing

    def columns(self) -> Sequence[str]:
        """See `TextFile`."""
        names: dict[str, None] = {}
        for line in islice(self._lines(), _LOOKED_AT):
            names.update(dict.fromkeys(_object(line) or ()))
        return list(names)

    def rows(self, named: Named, taken: frozenset[str]) -> Iterator[list[TextRow]]:
        """See `TextFile`."""
        for some in batches(filter(bytes.strip, self._lines()), _ROWS_AT_ONCE):
            found = []
            for line in some:
                row = _object(line)
                if row is None:
                    found.append(TextRow(None, problem=NotCompared.BAD_JSON))
                    continue
                if not taken.isdisjoint(row):
                    clash = min(taken.intersection(row))
                    raise ColumnError(f"{self.path} has a column {clash} already; give --prefix, such as dedupe_")
                found.append(row_of([_value(row, path) for path in named], named))
            yield found

    def copy(self, marks: MarksOf, names: Sequence[str], out: IO[bytes], packing: str | None) -> None:
        """See `TextFile`. Each line stays byte for byte; the marks are put before its last brace."""
        with _packed(out, packing) as packed:
            start = 0
            for some in batches(self._lines(), _ROWS_AT_ONCE):
                rows = sum(map(bool, map(bytes.strip, some)))
                columns = [one.to_pylist() for one in marks(start, rows).present()]
                added = zip(*columns, strict=True)
                for line in some:
                    packed.write(_marked(line, names, next(added)) if line.strip() else line)
                    packed.write(b"\n")
                start += rows

    def _lines(self) -> Iterator[bytes]:
        """The lines, without what ends them; beside a line one piece of the file is in memory."""
        rest, mark = list[bytes](), _BOM
        try:
            with pa.input_stream(self.path, compression=self._packing) as unpacked:
                while piece := unpacked.read(_PIECE_BYTES):
                    *whole, last = piece.split(b"\n")
                    for line in whole:
                        yield b"".join((*rest, line)).removeprefix(mark)
                        rest, mark = [], b""
                    rest.append(last)
        except (pa.ArrowException, OSError) as error:
            raise TextFileError(f"{self.path} cannot be read: {str(error).splitlines()[0]}") from error
        if any(rest):
            yield b"".join(rest).removeprefix(mark)


def _object(line: bytes) -> dict[str, Any] | None:
    """The object that a line holds; None if it holds none."""
    try:
        found = json.loads(line.decode("utf-8", "surrogatepass"))  # of bytes, `loads` would also guess UTF-16
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _value(row: dict[str, Any], path: str | None) -> Any:
    """The value at a path like ``metadata.date``."""
    if path is None or path in row:
        return row.get(path or "")
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _marked(line: bytes, names: Sequence[str], values: Sequence[Any]) -> bytes:
    added = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False, separators=(",", ":")).encode()
    row = _object(line)
    if row is None:
        kept = json.dumps({_BAD_LINE: line.rstrip(b"\r").decode("utf-8", "backslashreplace")}).encode()
        return kept[:-1] + b"," + added[1:]
    return line.rstrip()[:-1].rstrip() + (b"," if row else b"") + added[1:]


@contextmanager
def _packed(out: IO[bytes], packing: str | None) -> Iterator[Any]:
    """A stream that packs what is written to `out`, which stays open."""
    if packing is None:
        yield out
    elif packing == "gzip":
        with gzip.GzipFile("", "wb", _ZIP_LEVEL, out, mtime=0) as packed:
            yield packed
    else:
        with pa.CompressedOutputStream(pa.PythonFile(_StaysOpen(out), "w"), packing) as packed:
            yield packed


class _StaysOpen:
    """A file that Arrow cannot close."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.write, self.flush, self.tell = file.write, file.flush, file.tell

    def close(self) -> None:
        """Leave the file open."""
