"""Writes records into WARC files, a new one when the last is large enough."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from schemas.page import Page
from transforms.archive.page_records import PageRecords, warcinfo_record


class Place(NamedTuple):
    """Where a record stands in its file: its first byte, and its length in bytes."""

    offset: int
    length: int


class Sink(Protocol):
    """What takes the bytes of a file, front to back."""

    def write(self, data: bytes, /) -> int: ...


@dataclass(slots=True)
class WarcFiles:
    """Files of records, each begun by a warcinfo record.

    `begin` opens the file of that number, counted from 0, and with that first page, once the one before is complete. A
    file that has reached `max_bytes` gets no further page; the records of one page are never parted. `software` is the
    name in the warcinfo records.
    """

    begin: Callable[[int, Page], Sink]
    max_bytes: int
    software: str
    _count: int = 0
    _file: Sink | None = field(default=None, repr=False)
    _offset: int = 0

    def add(self, page: Page, records: PageRecords) -> Place:
        """The place of the page's capture, after writing its records."""
        if self._file is None or self._offset >= self.max_bytes:
            self._file = self.begin(self._count, page)
            self._offset = 0
            self._count += 1
            self._write(self._file, warcinfo_record(self.software, self._count - 1, page))
        self._write(self._file, records.metadata)
        place = Place(self._offset, len(records.capture))
        self._write(self._file, records.capture)
        return place

    def _write(self, file: Sink, data: bytes) -> None:
        file.write(data)
        self._offset += len(data)


def record_digest(member: bytes) -> str:
    """The digest of a record's gzip member, as indexes in WACZ files have it."""
    return f"sha256:{hashlib.sha256(member).hexdigest()}"
