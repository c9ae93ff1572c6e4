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

_BEFORE: Final = edition_shard(0)
_AFTER: Final = edition_shard(1)
_AGAIN: Final = edition_shard(2)


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

    Rows fetched after `until_us` are in a part of their own, which is no history of the pages in the range.
    """
    reader = PartReader(edition.storage)
    untouched: list[str] = []
    replaced: list[str] = []
    for path in held.parts(table):
        facts = reader.columns(path, ("page_id", "fetched_at"))
        gone = int(pc.sum(pc.is_in(facts.column("page_id"), value_set=page_ids)).as_py() or 0)
        if gone:
            replaced.append(path)
            edition.counts[f"replaced.{table.name}"] += facts.num_rows
            edition.counts[f"dropped.{table.name}"] += gone
            edition.counts[f"kept.{table.name}"] += facts.num_rows - gone
        elif pc.any(_is_before(facts, until_us)).as_py():
            untouched.append(path)
    if not replaced:
        return KeptHistory(table, tuple(untouched), (), ())

    def rows(*, before: bool) -> Iterator[pa.Table]:
        for path in replaced:
            for piece in reader.batches(table, path):
                kept = pc.invert(pc.is_in(piece.column("page_id"), value_set=page_ids))
                is_before = _is_before(piece, until_us)
                yield piece.filter(pc.and_(kept, is_before if before else pc.invert(is_before)))

    files = [edition.writer.write_pieces(table, rows(before=True), _BEFORE)]
    if until_us is not None:
        files.append(edition.writer.write_pieces(table, rows(before=False), _AFTER))
    history = (*untouched, files[0].path)
    return KeptHistory(table, history, tuple(files), tuple(replaced))


def write_again(edition: Edition, table: Table[Any], replaced: Sequence[str], page_ids: pa.Array) -> FilePart:
    """The part with the rows of these pages, which stay after all: their articles could not be made anew."""
    reader = PartReader(edition.storage)
    pieces = (piece for path in replaced for piece in reader.batches(table, path))
    part = edition.writer.write_pieces(
        table, (piece.filter(pc.is_in(piece.column("page_id"), value_set=page_ids)) for piece in pieces), _AGAIN
    )
    edition.counts[f"dropped.{table.name}"] -= part.rows
    edition.counts[f"kept.{table.name}"] += part.rows
    return part


def _is_before(rows: pa.Table, until_us: int | None) -> Any:
    """Which rows were fetched until an instant. Rows of earlier releases that do not tell when are."""
    if until_us is None or "fetched_at" not in rows.column_names:
        return pa.chunked_array([pa.array([True] * rows.num_rows, pa.bool_())])
    fetched = pc.fill_null(rows.column("fetched_at").cast(pa.int64()), until_us)
    return pc.less_equal(fetched, until_us)
