"""A row of a file of texts, and what is said of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import IO, Final, NamedTuple, Protocol

import pyarrow as pa


class NotCompared(StrEnum):
    """Why a row was not compared: a closed list, with a row each in docs/export.md."""

    BAD_JSON = "bad_json"
    NO_TEXT = "no_text"
    NOT_TEXT = "not_text"
    NO_WORDS = "no_words"
    NO_ID = "no_id"
    ID_REPEATED = "id_repeated"


class TextRow(NamedTuple):
    """What comparing needs of a row. `text` is None where there is a `problem`. `published_us` is None where the row
    has no date that could be read; `date_unread`: it has one."""

    text: str | None
    id: str | int | None = None
    url: str | None = None
    title: str | None = None
    published_us: int | None = None
    date_unread: bool = False
    problem: NotCompared | None = None


class Named(NamedTuple):
    """The columns of a file that are read; None: not read. Paths like ``metadata.date`` lead into structs."""

    text: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    date: str | None = None


class Marks(NamedTuple):
    """The columns that rows get, one array each, in the order of the rows."""

    cluster_id: pa.Array
    relation: pa.Array
    duplicate_of: pa.Array
    similarity: pa.Array
    not_compared: pa.Array
    row_number: pa.Array | None = None

    def present(self) -> list[pa.Array]:
        """The arrays that are there."""
        last = () if self.row_number is None else (self.row_number,)
        return [self.cluster_id, self.relation, self.duplicate_of, self.similarity, self.not_compared, *last]


MarksOf = Callable[[int, int], Marks]
"""Gives the marks of some rows of a file: from which row on, and of how many."""

ADDED: Final = Marks._fields
"""The names of the columns that are added; the last one only where rows have no ids of their own."""


class TextFile(Protocol):
    """A file of texts. Raises TextFileError where it cannot be read as what its name says."""

    path: str

    def columns(self) -> Sequence[str]:
        """The names of its columns; of JSON lines those of the first rows."""
        ...

    def rows(self, named: Named, taken: frozenset[str]) -> Iterator[list[TextRow]]:
        """All rows, some at a time. Raises ColumnError if it has a column whose name is in `taken`."""
        ...

    def copy(self, marks: MarksOf, names: Sequence[str], out: IO[bytes], packing: str | None) -> None:
        """Write all rows again, with their marks under these names; JSON lines packed by ``gzip`` or ``zstd``."""
        ...


class TextFileError(Exception):
    """A file cannot be read; the message says which and why, in one line."""


class ColumnError(TextFileError):
    """A file has not the columns that were asked for, or has one already that is to be added."""
