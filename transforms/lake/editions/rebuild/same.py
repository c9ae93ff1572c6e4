"""Whether the state that a rebuild has made is the state that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from typing import Any

from schemas.run import FilePart
from schemas.site import SITES
from schemas.table import Table
from transforms.lake.committed import Committed
from transforms.lake.editions.rebuild.history import KeptHistory
from transforms.lake.files.parts import PartReader


def is_same_history(reader: PartReader, kept: KeptHistory, page_ids: Collection[str], made: Iterable[FilePart]) -> bool:
    """Whether the rows of these pages in the parts that a rebuild replaces are those of the parts that it has made, in
    any order."""
    before = _sum(row for row in _rows(reader, kept.table, kept.replaced) if row.page_id in page_ids)
    return before == _sum(_rows(reader, kept.table, _paths(kept.table, made)))


def are_same_sites(reader: PartReader, held: Committed, made: Iterable[FilePart]) -> bool:
    """Whether a rebuild has learned nothing of any site; the newest row of a site counts."""
    new = {row.site: row for row in _rows(reader, SITES, _paths(SITES, made))}
    old = {row.site: row for row in _rows(reader, SITES, held.parts(SITES)) if row.site in new}
    return new == old


def _paths(table: Table[Any], parts: Iterable[FilePart]) -> list[str]:
    return [part.path for part in parts if part.table == table.name]


def _rows(reader: PartReader, table: Table[Any], paths: Iterable[str]) -> Iterator[Any]:
    for path in paths:
        yield from reader.rows(table, path)


def _sum(rows: Iterable[object]) -> tuple[int, int]:
    """How many rows there are, and the sum of their hashes: equal for equal rows in any order, in little memory."""
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(blake2b(repr(row).encode(), digest_size=16).digest())
    return number, total & ((1 << 128) - 1)
