"""What can be wrong with a file of the lake."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.table import Table


class Kind(StrEnum):
    """The closed list of troubles."""

    MANIFEST = "manifest"
    """A manifest cannot be read."""
    SUM = "sum"
    """The counts of a manifest do not add up, or not to the rows of its files."""
    MISSING = "missing"
    """A manifest names a file of a table that is not there."""
    DAMAGED = "damaged"
    """A file of a table has another size or checksum, or cannot be read."""
    STATE = "state"
    """A file of the state is missing or damaged."""
    SCHEMA = "schema"
    """A file's columns are not those of the table and version that it is stamped with."""
    ROWS = "rows"
    """A file has more or fewer rows than its manifest says."""
    PARTITION = "partition"
    """A row stands in the folder of another day."""
    ORDER = "order"
    """The rows of a row group are not in the table's order."""
    RUN = "run"
    """A row names a run that was neither committed nor taken over."""
    ORPHAN = "orphan"
    """A file has the name of one of ours, and nobody has written it."""
    REPLACED = "replaced"
    """A file that an edition has replaced counts again: its rows are there twice."""
    VIEWS = "views"
    """The DuckDB views name other files than are committed, or the place where the lake was."""
    FORGOTTEN = "forgotten"
    """A row names what was forgotten."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble with one file. `rows` is the number of rows at stake, None if it is not known."""

    kind: Kind
    path: str
    what: str
    table: Table[Any] | None = None
    rows: int | None = None
