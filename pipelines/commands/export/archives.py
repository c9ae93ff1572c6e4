"""What an export writes its records into: a series of WARC files, or one WACZ file."""

from __future__ import annotations

import tempfile
from importlib import metadata
from typing import IO, Protocol

from pipelines.commands.export.new_files import NewFiles
from schemas.page import Page
from schemas.run import from_us
from schemas.table import day_of
from transforms.archive.cdxj import index_line
from transforms.archive.export_notes import ExportNotes
from transforms.archive.page_records import PageRecords
from transforms.archive.wacz import WaczFile, page_line, pages_header
from transforms.archive.warc_files import Sink, WarcFiles, record_digest

_MB = 1_000_000


class Archive(Protocol):
    """Takes the records of pages in the order of time."""

    def add(self, page: Page, digest: str, records: PageRecords) -> None:
        """Write a page's records; `digest` is its payload's."""
        ...

    def finish(self) -> None:
        """Complete the archive, which has a page."""
        ...

    def close(self) -> None:
        """Let go of it, whether it is complete or not."""
        ...


class WarcArchive:
    """WARC files, each in a file of its own."""

    def __init__(self, files: NewFiles, max_file_mb: int) -> None:
        self._records = WarcFiles(lambda number, _: files.begin(number), max_file_mb * _MB, software())

    def add(self, page: Page, digest: str, records: PageRecords) -> None:
        """Write a page's records."""
        self._records.add(page, records)

    def finish(self) -> None:
        """Nothing is left to do."""

    def close(self) -> None:
        """Nothing is held."""


class WaczArchive:
    """One WACZ file, with as many WARC files inside; titles of pages are the `notes`' headlines, else their feeds'."""

    def __init__(self, files: NewFiles, max_file_mb: int, notes: ExportNotes) -> None:
        self._notes = notes
        self._wacz = WaczFile(files.begin(0), software())
        self._records = WarcFiles(self._begin, max_file_mb * _MB, software())
        self._pages: IO[bytes] = tempfile.TemporaryFile(dir=files.folder)  # noqa: SIM115  # see `close`
        self._pages.write(pages_header())
        self._name = ""
        self._days: list[str] = []

    def add(self, page: Page, digest: str, records: PageRecords) -> None:
        """Write a page's records, its index line and its line in the list of pages."""
        place = self._records.add(page, records)
        record = record_digest(records.capture)
        line = index_line(page, digest, records.is_revisit, self._name, place.offset, place.length, record)
        self._notes.add_line(line)
        title = self._notes.headline_of(page.url, page.fetched_at_us) or page.entry_title
        self._pages.write(page_line(page, title))
        self._days = [*self._days[:1], day_of(page.fetched_at_us)]

    def finish(self) -> None:
        """Write the index, the list of pages and the description."""
        title = f"News pages, {' to '.join(dict.fromkeys(self._days))}"
        self._wacz.finish(title, self._notes.sorted_lines(), self._pages)

    def close(self) -> None:
        """Let go of the file and of the list of pages."""
        self._wacz.close()
        self._pages.close()

    def _begin(self, number: int, page: Page) -> Sink:
        """The next WARC file, its name as crawlers give them: who, when it begins, which one."""
        self._name = f"newsbeam-{from_us(page.fetched_at_us):%Y%m%d%H%M%S}-{number:05d}.warc.gz"
        return self._wacz.begin_warc(self._name)


def software() -> str:
    """The name and version of this program."""
    return f"newsbeam/{metadata.version('newsbeam')}"
