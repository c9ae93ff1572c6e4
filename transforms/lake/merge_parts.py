"""Many small parts of the state as one, a row group in memory at a time; and which rows it may forget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.run import FilePart, started_us
from schemas.table import Table
from transforms.lake.layout import MERGED, is_merged, part_path, run_of
from transforms.lake.manifests import delete_part, write_note
from transforms.lake.parts import PartReader, checksum_of_file, write_groups
from transforms.lake.storage import Storage
from transforms.text.clock import DAY_US

SEEN_FOR_DAYS = 400
"""An entry is remembered for this long after a feed last listed it."""

_LISTED_BYTES = 4
Keep = Callable[[str, pa.Table], NDArray[np.bool_]]
"""Which rows of a piece of the part at a path go on."""


def merge_parts(
    storage: Storage, table: Table[Any], parts: Sequence[str], run_id: str, keep: Keep | None = None
) -> FilePart:
    """One part in place of many, which are in order of time; the rows that `keep` does not want are left out.

    Each row group is in the table's order, and one at a time is in memory. The one part is whole before any of the
    many goes.
    """
    path = part_path(table, "", run_id, MERGED)
    merged = write_pieces(storage, table, path, _kept(PartReader(storage), table, parts, keep))
    for part in parts:
        if part != path:
            delete_part(storage, part)
    return merged


def write_pieces(storage: Storage, table: Table[Any], path: str, pieces: Iterator[pa.Table]) -> FilePart:
    """A part of the state that no manifest names, from pieces of any size, and the note that says what it is."""
    with storage.scratch() as file:
        rows = write_groups(table, pieces, file)
        size = file.tell()
        checksum = checksum_of_file(file)
        storage.put_file(path, file)
    part = FilePart(table.name, path, rows, size, checksum)
    write_note(storage, part)
    return part


def _kept(reader: PartReader, table: Table[Any], parts: Sequence[str], keep: Keep | None) -> Iterator[pa.Table]:
    for path in parts:
        for piece in reader.batches(table, path):
            yield piece if keep is None else piece.filter(pa.array(keep(path, piece)))


def newest_of_sites(reader: PartReader, parts: Sequence[str]) -> Keep:
    """The newest memory of a site says all."""
    newest: dict[str, str] = {}
    for path in parts:
        for group in reader.groups(path, ("site",)):
            newest.update(dict.fromkeys(group.column("site").to_pylist(), path))

    def keep(path: str, piece: pa.Table) -> NDArray[np.bool_]:
        return np.array([newest[site] == path for site in piece.column("site").to_pylist()], dtype=np.bool_)

    return keep


def still_listed(reader: PartReader, parts: Sequence[str], cursors: str | None, now_us: int) -> Keep:
    """Entries that a feed listed in the last `SEEN_FOR_DAYS`, or lists as far as we know.

    What a feed lists stands in its cursor, also where it has answered "not modified" or not at all since. The time is
    that of the oldest part to merge, if earlier: one run under a wrong clock makes us forget nothing.
    """
    runs = [run for path in parts if not is_merged(path) and (run := run_of(path)) is not None]
    until_us = min([now_us, *map(started_us, runs)]) - SEEN_FOR_DAYS * DAY_US
    listed = _listed(reader, cursors)

    def keep(_: str, piece: pa.Table) -> NDArray[np.bool_]:
        seen = piece.column("seen_at").cast(pa.int64())
        again = pc.fill_null(piece.column("listed_at").cast(pa.int64()), 0)
        is_recent = np.asarray(pc.greater_equal(pc.max_element_wise(seen, again), until_us))
        keys = piece.column("url_key").to_pylist()
        return is_recent | np.array([key[: 2 * _LISTED_BYTES] in listed for key in keys], dtype=np.bool_)

    return keep


def _listed(reader: PartReader, cursors: str | None) -> frozenset[str]:
    """The heads of the keys of all entries that feeds listed when they were last read."""
    found: set[str] = set()
    for group in reader.groups(cursors, ("listing",)) if cursors is not None else ():
        for listing in filter(None, group.column("listing").to_pylist()):
            found.update(listing[at : at + _LISTED_BYTES].hex() for at in range(0, len(listing), _LISTED_BYTES))
    return frozenset(found)
