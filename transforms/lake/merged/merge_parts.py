"""Merges many small parts of the state into one, and decides which rows can be dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.run import FilePart, started_us
from schemas.table import Table
from transforms.common.clock import DAY_US
from transforms.lake.files.layout import MERGED, index_path, is_merged, part_path, run_of
from transforms.lake.files.manifests import delete_part, write_note
from transforms.lake.files.parts import PartReader, checksum_of_file, write_groups
from transforms.lake.files.storage import Storage
from transforms.lake.merged.part_index import MakeIndex, write_index

SEEN_FOR_DAYS = 400
"""An entry is remembered for this many days after a feed last listed it."""

_LISTED_BYTES = 4
Keep = Callable[[str, pa.Table], NDArray[np.bool_]]
"""Takes the path of a part and a piece of its rows; returns which of these rows are kept."""


def merge_parts(
    storage: Storage,
    table: Table[Any],
    parts: Sequence[str],
    run_id: str,
    keep: Keep | None = None,
    index: MakeIndex | None = None,
) -> FilePart:
    """The part that replaces `parts` (given in order of time), without the rows that `keep` rejects.

    Each row group is sorted in the table's order; one at a time is in memory. The merged part is whole, with its index,
    before any of `parts` is deleted. The newest goes first: so whenever this is killed, a part that is damaged later is
    rebuilt from all runs since the newest older part, and none of its rows is missing.
    """
    path = part_path(table, "", run_id, MERGED)
    merged = write_pieces(storage, table, path, _kept(PartReader(storage), table, parts, keep))
    if index is not None:
        write_index(storage, merged, index)
    for part in reversed(parts):
        if part != path:
            delete_part(storage, part)
    return merged


def write_pieces(storage: Storage, table: Table[Any], path: str, pieces: Iterator[pa.Table]) -> FilePart:
    """A state part that no manifest names, written from pieces of any size, with a note beside it."""
    with storage.scratch() as file:
        rows = write_groups(table, pieces, file)
        size = file.tell()
        checksum = checksum_of_file(file)
        if is_merged(path):
            storage.delete(index_path(path))  # that of a part which this one replaces
        storage.put_file(path, file)
    part = FilePart(table.name, path, rows, size, checksum)
    write_note(storage, part)
    return part


def _kept(reader: PartReader, table: Table[Any], parts: Sequence[str], keep: Keep | None) -> Iterator[pa.Table]:
    for path in parts:
        for piece in reader.batches(table, path):
            yield piece if keep is None else piece.filter(pa.array(keep(path, piece)))


def newest_of_sites(reader: PartReader, parts: Sequence[str]) -> Keep:
    """Keeps the newest row of each site, which holds all that is known of the site."""
    newest: dict[str, str] = {}
    for path in parts:
        for group in reader.groups(path, ("site",)):
            newest.update(dict.fromkeys(group.column("site").to_pylist(), path))

    def keep(path: str, piece: pa.Table) -> NDArray[np.bool_]:
        return np.array([newest[site] == path for site in piece.column("site").to_pylist()], dtype=np.bool_)

    return keep


def still_listed(reader: PartReader, parts: Sequence[str], cursors: str | None, now_us: int) -> Keep:
    """Keeps entries that a feed listed in the last `SEEN_FOR_DAYS` days, or that stand in a feed's cursor.

    A cursor holds what its feed last listed, even if the feed has since answered "not modified" or not at all. The
    days count back from now or from the oldest part to merge, whichever is earlier, so that a run with a wrong clock
    drops nothing.
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
    """The first 4 bytes, in hex, of the keys of all entries that feeds listed when they were last read."""
    found: set[str] = set()
    for group in reader.groups(cursors, ("listing",)) if cursors is not None else ():
        for listing in filter(None, group.column("listing").to_pylist()):
            found.update(listing[at : at + _LISTED_BYTES].hex() for at in range(0, len(listing), _LISTED_BYTES))
    return frozenset(found)
