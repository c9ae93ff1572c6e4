"""Parts the fingerprints and stories of a lake: those of a rebuild's pages go, the others stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.committed import Committed
from transforms.lake.editions.edition import Edition
from transforms.lake.files.layout import edition_shard
from transforms.lake.files.parts import PartReader

_BEFORE: Final = 10_000
_AFTER: Final = 20_000
_AGAIN: Final = 30_000
"""Numbers in the names of an edition's parts of rows that stay; the parts of windows have the ones before."""


@dataclass(frozen=True, slots=True)
class KeptHistory:
    """What stays of a table of the state. `history` are the paths whose rows are not later than the range; `files` and
    `replaced` are for the edition."""

    table: Table[Any]
    history: tuple[str, ...]
    files: tuple[FilePart, ...]
    replaced: tuple[str, ...]


def kept_history(
    edition: Edition, held: Committed, table: Table[Any], page_ids: pa.Array, until_us: int | None
) -> KeptHistory:
    """Write the rows of a table that are not of these pages, as far as their parts hold rows that are.

    Each part that goes leaves at most two: one with the rows that may be history of the range, and one with those
    fetched after `until_us`. One part is always there, by which the edition is known to have replaced the others.
    """
    reader = PartReader(edition.storage)
    history: list[str] = []
    files: list[FilePart] = []
    replaced: list[str] = []
    counts = edition.counts
    for path in held.parts(table):
        facts = reader.columns(path, ("page_id", "fetched_at"))
        stays, is_before = _stays(facts, page_ids), _is_before(facts, until_us)
        kept = _count(stays)
        if kept == facts.num_rows:
            history += [path] if _count(is_before) else []
            continue
        counts.update({f"replaced.{table.name}": facts.num_rows, f"kept.{table.name}": kept})
        counts[f"dropped.{table.name}"] += facts.num_rows - kept
        before = _count(pc.and_(stays, is_before))
        for first, some in ((_BEFORE, before), (_AFTER, kept - before)):
            if some:
                shard = edition_shard(first + len(replaced))
                rows = _kept_rows(reader, table, path, page_ids, until_us, first == _BEFORE)
                files.append(edition.writer.write_pieces(table, rows, shard))
                history += [files[-1].path] if first == _BEFORE else []
        replaced.append(path)
    if replaced and not files:
        files.append(edition.writer.write_pieces(table, (), edition_shard(_BEFORE)))
    return KeptHistory(table, tuple(history), tuple(files), tuple(replaced))


def _kept_rows(
    reader: PartReader, table: Table[Any], path: str, page_ids: pa.Array, until_us: int | None, before: bool
) -> Iterator[pa.Table]:
    for piece in reader.batches(table, path):
        is_before = _is_before(piece, until_us)
        yield piece.filter(pc.and_(_stays(piece, page_ids), is_before if before else pc.invert(is_before)))


def _stays(rows: pa.Table, page_ids: pa.Array) -> Any:
    return pc.invert(pc.is_in(rows.column("page_id"), value_set=page_ids))


def _count(flags: Any) -> int:
    return int(pc.sum(flags).as_py() or 0)


def write_again(edition: Edition, table: Table[Any], replaced: Sequence[str], page_ids: pa.Array) -> FilePart:
    """The part with the rows of these pages, which stay after all: their articles could not be made anew."""
    reader = PartReader(edition.storage)
    pieces = (
        piece.filter(pc.is_in(piece.column("page_id"), value_set=page_ids))
        for path in replaced
        for piece in reader.batches(table, path)
    )
    part = edition.writer.write_pieces(table, pieces, edition_shard(_AGAIN))
    edition.counts[f"dropped.{table.name}"] -= part.rows
    edition.counts[f"kept.{table.name}"] += part.rows
    return part


def _is_before(rows: pa.Table, until_us: int | None) -> Any:
    """Which rows were fetched until an instant. Rows of earlier releases that do not tell when are."""
    if until_us is None or "fetched_at" not in rows.column_names:
        return pa.chunked_array([pa.array([True] * rows.num_rows, pa.bool_())])
    fetched = pc.fill_null(rows.column("fetched_at").cast(pa.int64()), until_us)
    return pc.less_equal(fetched, until_us)
