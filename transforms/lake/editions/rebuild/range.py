"""The stored pages of a range of days, and the rounds in which runs built them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from schemas.page import PAGES, page_id_of
from transforms.common.clock import DAY_US
from transforms.lake.committed import Committed
from transforms.lake.files.parts import PartReader

_FACTS: Final = ("url_key", "fetched_at", "run_id", "warc_file")


class StoredPage(NamedTuple):
    """What a rebuild knows of a page before it is built: the run that built it first (its round), and its entry."""

    round: str
    url_key: str


class FilePages(NamedTuple):
    """A file of pages, and the ids of those of its pages that are built anew, in the order of the file."""

    path: str
    page_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RebuildRange:
    """The pages to build anew, by page id and by file. `elsewhere` counts pages whose bytes neither the lake nor a
    known place of an archive holds. `captures` are the instants of those that a backfill read from archives."""

    files: tuple[FilePages, ...] = ()
    pages: Mapping[str, StoredPage] = field(default_factory=dict)
    captures: Mapping[str, int] = field(default_factory=dict)
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """A range of UTC days, both included, as ``2026-03-02``; "" leaves a side open."""

    since: str = ""
    until: str = ""

    def __contains__(self, day: str) -> bool:
        return self.since <= day and (not self.until or day <= self.until)

    @property
    def since_us(self) -> int | None:
        """The first instant of the first day."""
        return _midnight_us(self.since) if self.since else None

    @property
    def until_us(self) -> int | None:
        """The last instant of the last day."""
        return _midnight_us(self.until) + DAY_US - 1 if self.until else None


def _midnight_us(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * DAY_US


def range_of(
    held: Committed, reader: PartReader, days: Days, only: Collection[tuple[str, str]] | None = None
) -> RebuildRange:
    """The stored pages fetched on these days; with `only`, those of these rounds and entries (`url_key`)."""
    files: list[FilePages] = []
    pages: dict[str, StoredPage] = {}
    captures: dict[str, int] = {}
    elsewhere = 0
    for path in held.parts(PAGES):
        if path.split("/")[1].partition("=")[2] not in days:
            continue
        here = []
        for page_id, page, is_here, captured_us in _pages_in(held.runs, reader, path):
            if only is not None and page not in only:
                continue
            if not is_here:
                elsewhere += 1
            elif page_id not in pages:
                pages[page_id] = page
                here.append(page_id)
                captures.update({} if captured_us is None else {page_id: captured_us})
        if here:
            files.append(FilePages(path, tuple(here)))
    return RebuildRange(tuple(files), pages, captures, elsewhere)


def _pages_in(runs: Sequence[str], reader: PartReader, path: str) -> Iterator[tuple[str, StoredPage, bool, int | None]]:
    facts = reader.columns(path, _FACTS)
    instants = facts.column("fetched_at").cast(pa.int64()).to_pylist()
    keys, run_ids = (facts.column(name).to_pylist() for name in ("url_key", "run_id"))
    has_bytes = _have_bytes(reader, path, facts)
    files = facts.column("warc_file").to_pylist() if "warc_file" in facts.column_names else [None] * len(keys)
    for key, at_us, run_id, is_here, file in zip(keys, instants, run_ids, has_bytes, files, strict=True):
        page = StoredPage(built_by(runs, run_id), key)
        yield page_id_of(key, at_us), page, is_here, None if file is None else at_us


def _have_bytes(reader: PartReader, path: str, facts: pa.Table) -> list[bool]:
    """Whether the bytes of each page are in the lake, or at a known place of an archive."""
    if "warc_file" not in facts.column_names or facts.column("warc_file").null_count == facts.num_rows:
        return [True] * facts.num_rows
    groups = reader.groups(path, ("body", "warc_length"))
    return [
        size > 0 or length is not None
        for group in groups
        for size, length in zip(
            pc.binary_length(group.column("body")).to_pylist(), group.column("warc_length").to_pylist(), strict=True
        )
    ]


def built_by(runs: Sequence[str], run_id: str) -> str:
    """The committed run that built the pages of a run: itself or, where it died, the first one after it."""
    at = bisect_left(runs, run_id)
    return runs[at] if at < len(runs) else run_id
