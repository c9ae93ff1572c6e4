"""``newsbeam dedupe``: marks copies among texts in files of any origin, by the rules by which a run marks articles."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from pipelines.checks import LOOK, CommandError, UsageError
from pipelines.commands.dedupe.decided import Decided
from pipelines.commands.dedupe.fingerprint_texts import TextToMark, fingerprints
from pipelines.commands.dedupe.marked_files import marked_files, planned_files
from pipelines.commands.dedupe.rows_read import RowsRead
from pipelines.commands.dedupe.scratch_texts import ScratchTexts
from pipelines.printable import json_text, plain
from transforms.texts.named_columns import USUAL, named_columns
from transforms.texts.text_files import found_files, open_texts
from transforms.texts.text_row import ADDED, ColumnError, Marks, Named, TextFile, TextFileError


def dedupe(given: argparse.Namespace) -> int:
    """0 when all rows were compared, 3 when some could not be.

    Raises UsageError for files or columns that are not there, and for an output that is; CommandError for a file that
    cannot be read to its end.
    """
    with _reading(UsageError):
        planned = planned_files(list(found_files(given.files)), given.output)
        files = [open_texts(one.source) for one in planned]
        named = _named(files, given)
    has_ids = all(one.id is not None for one in named)
    names = [f"{given.prefix}{name}" for name in (ADDED[:-1] if has_ids else ADDED)]
    read = RowsRead(has_ids, given.url is not None)
    with marked_files(given.output) as target, ScratchTexts(target.folder) as texts:
        starts = [0]
        batches = _texts(files, named, frozenset(names), read, starts)
        with _reading(CommandError):
            for table in fingerprints(batches, given.workers or len(os.sched_getaffinity(0))):
                texts.add(table)
                wordless = np.flatnonzero(table.column("word_count").to_numpy() == 0)
                rows = np.array(table.column("page_id").take(wordless).to_pylist(), np.int64)
                read.has_no_words(rows)
                texts.drop(rows)
        texts.end()
        texts.drop(read.repeated())
        decided = Decided(read, texts)
        with _reading(CommandError):
            for start, end, file, plan in zip(starts[:-1], starts[1:], files, planned, strict=True):
                marks = partial(_marks, decided, file, start, end)
                file.copy(marks, names, target.begin(plan), plan.packing)
        paths = [str(path) for path in target.keep()]
    _show(given, read, decided, paths, named)
    return LOOK if read.by_reason() else 0


@contextmanager
def _reading(kind: type[Exception]) -> Iterator[None]:
    """Turns the trouble with a file into an error of one line; columns that do not fit are always a user's mistake."""
    try:
        yield
    except ColumnError as error:
        raise UsageError(str(error)) from error
    except TextFileError as error:
        raise kind(str(error)) from error


def _named(files: Sequence[TextFile], given: argparse.Namespace) -> list[Named]:
    """The columns to read of each file; those of all files where only some have ids: none have."""
    wanted = {name: getattr(given, name) for name in (*USUAL, "url")}
    return [named_columns(file.path, file.columns(), wanted) for file in files]


def _texts(
    files: Sequence[TextFile], named: Sequence[Named], taken: frozenset[str], read: RowsRead, starts: list[int]
) -> Iterator[list[TextToMark]]:
    """The texts that can be compared; the rows are noted in `read`, the number of each file's first one in `starts`."""
    for file, columns in zip(files, named, strict=True):
        for rows in file.rows(columns, taken):
            number, texts = read.count, []
            read.add(rows)
            for place, row in enumerate(rows, number):
                if row.text is not None:
                    article = read.article_of(place, row.url)
                    texts.append(
                        TextToMark(f"{place:012d}", f"{article:012d}", row.text, row.title, row.published_us, place)
                    )
            if texts:
                yield texts
        starts.append(read.count)


def _marks(decided: Decided, file: TextFile, first: int, end: int, start: int, rows: int) -> Marks:
    """The marks of rows of a file. Raises TextFileError for rows that were not there before."""
    if first + start + rows > end:
        raise TextFileError(f"{file.path} was changed while it was read")
    return decided.marks(first + start, rows)


def _show(
    given: argparse.Namespace, read: RowsRead, decided: Decided, paths: Sequence[str], named: Sequence[Named]
) -> None:
    relations, reasons = decided.by_relation(), read.by_reason()
    if given.json:
        told: dict[str, Any] = {"output": given.output, "files": paths, "rows": read.count, "relations": relations}
        told |= {"clusters": decided.clusters(), "not_compared": reasons, "dates_unread": read.dates_unread}
        print(json_text(told | {"columns": named[0]._asdict()}, sort_keys=True))
        return
    columns = ", ".join(f"{what} {name}" for what, name in named[0]._asdict().items() if name)
    print(plain(f"{read.count} row(s) in {len(paths)} file(s), by {columns}."))
    found = ", ".join(f"{name} {count}" for name, count in relations.items()) or "none was compared"
    print(f"{found}; {decided.clusters()} cluster(s).")
    for why, count in reasons.items():
        print(f"newsbeam dedupe: {count} row(s) were not compared: {why}", file=sys.stderr)
    if read.dates_unread:
        print(f"newsbeam dedupe: {read.dates_unread} date(s) could not be read", file=sys.stderr)
