"""A lake's committed pages in the order of their fetches, one in memory at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from schemas.article import ARTICLES
from schemas.columns import INSTANT
from schemas.page import PAGES, Page
from transforms.lake.committed import committed
from transforms.lake.files.layout import day_of_part
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.web.urls import BadUrl, host_of, name_of, registrable_domain

_SCRATCH = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which pages are wanted: fetched from the day `since` on, before the day `until`, from one of `hosts`, which are
    hosts, or registrable domains with all their hosts. Empty or None: all."""

    since: date | None = None
    until: date | None = None
    hosts: frozenset[str] = frozenset()

    def has_day(self, day: date) -> bool:
        """Whether pages of that day are wanted."""
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)

    def has_page(self, page: Page) -> bool:
        """Whether a page of one of these days is wanted."""
        if not self.hosts:
            return True
        try:
            return name_of(host_of(page.final_url)) in self.hosts or registrable_domain(page.final_url) in self.hosts
        except BadUrl:
            return False


@dataclass(frozen=True, slots=True)
class SelectedPages:
    """The committed pages of a lake that are selected.

    Raises StorageError, ManifestError and DamagedPartError.
    """

    storage: Storage
    selection: Selection

    def in_order(self, folder: Path) -> Iterator[Page]:
        """The pages by day, and within each by the instants of their fetches.

        Files are read once, one row group in memory; a day's pages go through a temporary file in `folder`, from which
        they are taken one by one.
        """
        days: dict[date, list[str]] = {}
        for path in committed(self.storage).parts(PAGES):
            day = day_of_part(path)
            if day is not None and self.selection.has_day(day):
                days.setdefault(day, []).append(path)
        for day in sorted(days):
            yield from self._of_day(sorted(days[day]), folder)

    def _of_day(self, paths: list[str], folder: Path) -> Iterator[Page]:
        reader, order = PartReader(self.storage), list[tuple[int, str, int]]()
        with tempfile.TemporaryFile(dir=folder) as scratch:
            with pa.ipc.new_file(scratch, PAGES.stamped_schema, options=_SCRATCH) as pages:
                for path in paths:
                    for page in filter(self.selection.has_page, reader.rows(PAGES, path)):
                        order.append((page.fetched_at_us, page.url_key, len(order)))
                        pages.write_table(PAGES.as_given([page]))
            scratch.flush()
            with pa.ipc.open_file(scratch) as stored:
                for _, _, number in sorted(order):
                    [page] = PAGES.from_arrow(pa.Table.from_batches([stored.get_batch(number)]))
                    yield page

    def headlines(self) -> Iterator[tuple[str, int, str | None]]:
        """Of each article of these days: the `url` and the instant of the fetch of its page, and its headline."""
        reader = PartReader(self.storage)
        for path in committed(self.storage).parts(ARTICLES):
            rows = reader.columns(path, ["url", "fetched_at", "headline"])
            instants = rows.column("fetched_at").cast(INSTANT).cast(pa.int64()).to_pylist()
            yield from zip(rows.column("url").to_pylist(), instants, rows.column("headline").to_pylist(), strict=True)
