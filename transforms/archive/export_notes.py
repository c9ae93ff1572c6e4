"""What an export must remember of all its pages, on the disk: memory does not grow with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType

from transforms.archive.page_records import Original

_TABLES = """
create table payloads (digest text primary key, target_uri text, fetched_at_us integer) without rowid;
create table lines (line text);
create table headlines (url text, fetched_at_us integer, headline text, primary key (url, fetched_at_us)) without rowid;
"""


class ExportNotes:
    """Payloads, index lines and headlines, in a temporary SQLite database that vanishes with the process.

    SQLite keeps some 2 MB of it in memory, and the rest in a file without a name in the system's temporary folder. Use
    it as a context manager.
    """

    def __init__(self) -> None:
        self._notes = sqlite3.connect("", isolation_level=None)  # "": on the disk, for this connection alone
        self._notes.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)

    def __enter__(self) -> ExportNotes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._notes.close()

    def original_of(self, digest: str, target_uri: str, fetched_at_us: int) -> Original | None:
        """The first capture with this payload that was asked about; None for the first, which is remembered."""
        found = self._notes.execute("select target_uri, fetched_at_us from payloads where digest = ?", [digest])
        row = found.fetchone()
        if row is not None:
            return Original(*row)
        self._notes.execute("insert into payloads values (?, ?, ?)", [digest, target_uri, fetched_at_us])
        return None

    def add_line(self, line: str) -> None:
        """Keep an index line."""
        self._notes.execute("insert into lines values (?)", [line])

    def sorted_lines(self) -> Iterator[str]:
        """The index lines in the order of their bytes."""
        for (line,) in self._notes.execute("select line from lines order by line"):
            yield line

    def add_headlines(self, rows: Iterable[tuple[str, int, str | None]]) -> None:
        """Keep the headlines of articles, each with the `url` and the instant of the fetch of its page."""
        self._notes.executemany("insert or replace into headlines values (?, ?, ?)", rows)

    def headline_of(self, url: str, fetched_at_us: int) -> str | None:
        """The headline of the article that was made of the page fetched then; None if there is none."""
        key = [url, fetched_at_us]
        row = self._notes.execute("select headline from headlines where url = ? and fetched_at_us = ?", key).fetchone()
        return None if row is None else row[0]
