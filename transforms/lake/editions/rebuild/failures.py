"""The failures of a rebuild's pages: those that were mended go, the others say why they fail today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from schemas.failure import FAILURES, Failure, Stage
from schemas.run import FilePart
from transforms.lake.committed import Committed
from transforms.lake.editions.edition import Edition
from transforms.lake.files.layout import edition_shard
from transforms.lake.files.parts import PartReader

PageKey = tuple[str, str]
"""The run that built a page first, and the key of its entry (`url_key`): of one run, each entry has one page."""


def failed_pages(held: Committed, reader: PartReader, reason: str | None = None, since: str = "") -> set[PageKey]:
    """The pages that gave no article, of all reasons or of one, by failures of the days from `since` on."""
    names = ("stage", "reason", "run_id", "url_key")
    found: set[PageKey] = set()
    for path in held.parts(FAILURES):
        if _day(path) < since:
            continue
        columns = (reader.columns(path, names).column(name).to_pylist() for name in names)
        for stage, why, run_id, url_key in zip(*columns, strict=True):
            if stage == Stage.EXTRACT and url_key is not None and (reason is None or why == reason):
                found.add((run_id, url_key))
    return found


def write_failures(
    edition: Edition, held: Committed, mended: Collection[PageKey], failing: Mapping[PageKey, Failure]
) -> tuple[list[FilePart], list[str]]:
    """The new files of `failures`, and the files that they replace.

    Rows of `mended` pages go. A page that fails again keeps its row with today's reason; one that did not fail before
    gets a row.
    """
    reader = PartReader(edition.storage)
    left = dict(failing)
    rows: defaultdict[str, list[Failure]] = defaultdict(list)
    replaced: list[str] = []
    counts = edition.counts
    for path in held.parts(FAILURES):
        if not _touches(reader, path, mended, failing):
            continue
        replaced.append(path)
        for row in reader.rows(FAILURES, path):
            counts["replaced.failures"] += 1
            key = _key(row)
            if key is None or (key not in mended and key not in failing):
                counts["kept.failures"] += 1
                rows[_day(path)].append(row)
                continue
            counts["dropped.failures"] += 1
            if key in failing and (now := left.pop(key, None)) is not None:
                counts["built.failures"] += 1
                rows[_day(path)].append(replace(now, failed_at_us=row.failed_at_us, run_id=row.run_id))
    for failure in left.values():
        counts["built.failures"] += 1
        rows[str(FAILURES.partition_of(failure)) if FAILURES.partition_of else ""].append(failure)
    return list(_written(edition, rows)), replaced


def failures_stay(
    held: Committed, reader: PartReader, mended: Collection[PageKey], failing: Mapping[PageKey, Failure]
) -> bool:
    """Whether `write_failures` would write the rows that are there: none is mended, and each failing page has one row,
    which says what it says today."""
    left = dict(failing)
    for path in held.parts(FAILURES):
        if not _touches(reader, path, mended, failing):
            continue
        for row in reader.rows(FAILURES, path):
            key = _key(row)
            if key is None or (key not in mended and key not in failing):
                continue
            now = left.pop(key, None)
            if now is None or replace(now, failed_at_us=row.failed_at_us, run_id=row.run_id) != row:
                return False
    return not left


def _written(edition: Edition, rows: Mapping[str, Sequence[Failure]]) -> Iterator[FilePart]:
    for number, day in enumerate(sorted(rows)):
        some = sorted(rows[day], key=repr)  # equal keys of `sort_by` keep this order
        yield edition.writer.write(FAILURES, some, edition_shard(number), day)


def _touches(reader: PartReader, path: str, mended: Collection[PageKey], failing: Mapping[PageKey, Failure]) -> bool:
    names = ("stage", "run_id", "url_key")
    columns = (reader.columns(path, names).column(name).to_pylist() for name in names)
    return any(
        stage == Stage.EXTRACT and ((run_id, url_key) in mended or (run_id, url_key) in failing)
        for stage, run_id, url_key in zip(*columns, strict=True)
    )


def _key(row: Failure) -> PageKey | None:
    return (row.run_id, row.url_key) if row.stage == Stage.EXTRACT and row.url_key is not None else None


def _day(path: str) -> str:
    return path.split("/")[1].partition("=")[2]
