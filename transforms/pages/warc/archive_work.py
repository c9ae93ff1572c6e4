"""The work of a backfill run: which archives are read, and what is wanted of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.run import FilePart, Run
from transforms.pages.warc.filters import Filters


class GivenArchive(NamedTuple):
    """A WARC file to read, its absolute path or URI, and its size; None if that could not be told."""

    warc_file: str
    size_bytes: int | None


MAX_RUN_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class ArchivesAsked:
    """The archives that a run reads, in order, and what is wanted of them.

    No archive is begun after `max_pages` pages were found, new or known: those left are deferred. With `store_pages`
    the bytes of pages are kept in the lake, else they stay in the archives.
    """

    archives: tuple[GivenArchive, ...]
    filters: Filters = field(default_factory=Filters)
    store_pages: bool = False
    max_pages: int = MAX_RUN_PAGES


@dataclass(frozen=True, slots=True)
class ArchiveWork:
    """A run with its archives; `adopted` are page files of runs that died."""

    run: Run
    asked: ArchivesAsked
    adopted: tuple[FilePart, ...] = ()
