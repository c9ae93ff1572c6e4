"""The `archives` table: the WARC files that backfills have read to their end."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.columns import InstantUs, Int64
from schemas.table import Table


@dataclass(frozen=True, slots=True)
class Archive:
    """A WARC file that was read to its end by a committed run."""

    warc_file: str
    """Its absolute path or its URI, as in `pages`."""
    size_bytes: Int64 | None
    """Its size then: a file of another size is read anew. Null in rows that were rebuilt, which hold for any size."""
    read_at_us: InstantUs
    """The start of the run that read it."""
    run_id: str
    """That run."""
    records: Int64 | None = None
    """How many records of any kind it holds, broken ones too."""
    pages: Int64 | None = None
    """How many of its pages were new to the lake."""


ARCHIVES = Table(name="archives", version=1, row=Archive, sort_by=("warc_file",))
