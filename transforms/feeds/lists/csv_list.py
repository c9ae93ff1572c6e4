"""Reads CSV: finds the header and the delimiter, and gives each row with its line number."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)
_MAX_HEADER_CHARS = 10_000


class CsvError(ValueError):
    """Text that is not CSV, and the line in which the faulty row begins."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message


class Header(NamedTuple):
    """The column names in lower case, the delimiter, and the number of lines before the first row."""

    names: list[str]
    delimiter: str
    lines: int


class CsvRow(NamedTuple):
    """A row and the line in which it begins."""

    line: int
    cells: list[str]


def find_header(content: str, wanted: tuple[str, ...]) -> Header | None:
    r"""The header of a text whose lines end in ``\n``; None if its first line names none of the `wanted` columns.

    Blank lines, lines that start with ``#``, and the line ``sep=;`` that spreadsheets write may come before it. Of the
    delimiters that give a wanted column, the one with the most columns is chosen.
    """
    delimiters = _DELIMITERS
    for number, line in enumerate(StringIO(content, newline="\n"), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        separator = _SEPARATOR.fullmatch(text)
        if separator is not None:
            delimiters = separator[1]
            continue
        headers = [Header(_names(line, delimiter), delimiter, number) for delimiter in delimiters]
        fitting = [header for header in headers if not set(wanted).isdisjoint(header.names)]
        return max(fitting, key=lambda header: len(header.names), default=None)
    return None


def rows_below(content: str, header: Header) -> Iterator[CsvRow]:
    """The rows after the header that are not blank. Raises CsvError, for example for a quote that is never closed."""
    text = StringIO(content, newline="\n")
    for _ in range(header.lines):
        text.readline()
    rows = csv.reader(text, delimiter=header.delimiter, strict=True)
    line = header.lines + 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield CsvRow(line, cells)
            line = header.lines + rows.line_num + 1
    except csv.Error as error:
        raise CsvError(line, str(error)) from error


def _names(line: str, delimiter: str) -> list[str]:
    try:
        row = next(csv.reader([line.rstrip("\n")[:_MAX_HEADER_CHARS]], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in row]
