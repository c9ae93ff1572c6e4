"""Edits feed lists in CSV. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from itertools import pairwise

from schemas.feed import FeedSpec
from transforms.feeds.editing.edit_lines import end_of_line, newline_of
from transforms.feeds.lists.csv_guard import guarded, unguarded
from transforms.feeds.lists.csv_list import Header
from transforms.feeds.lists.feed_list import CSV_COLUMNS, column_in
from transforms.feeds.lists.folders import path_of


def rows_with(text: str, header: Header, specs: Sequence[FeedSpec]) -> str:
    """The list with a row for each of these feeds at its end; what the header has no column for is left out."""
    places = [column_in(header.names, names) for names in CSV_COLUMNS]
    added = StringIO(newline="")
    writer = csv.writer(added, delimiter=header.delimiter, lineterminator=newline_of(text))
    for spec in specs:
        row = [""] * len(header.names)
        values = (spec.url, spec.title, spec.language, spec.country, path_of(spec.folders))
        for place, value in zip(places, values, strict=True):
            if place is not None:
                row[place] = guarded(value) or ""
        writer.writerow(row)
    return end_of_line(text) + added.getvalue()


def rows_without(text: str, header: Header, is_gone: Callable[[str], bool]) -> str:
    """The list without the rows whose address `is_gone`; a row may take several lines."""
    lines = list(StringIO(text, newline=""))
    place = column_in(header.names, CSV_COLUMNS[0]) or 0
    reader = csv.reader(iter(lines[header.lines :]), delimiter=header.delimiter)
    ends, cells = [header.lines], []
    for row in reader:
        ends.append(header.lines + reader.line_num)
        cells.append(unguarded(row[place].strip()) if place < len(row) else "")
    kept = lines[: header.lines]
    for (start, end), cell in zip(pairwise(ends), cells, strict=True):
        if not is_gone(cell):
            kept += lines[start:end]
    return "".join(kept)
