"""Which rows of articles are older revisions: a newer one of the same article is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.common.arrays import short_hashes

COLUMNS: Final = ("article_id", "fetched_at", "run_id", "revision")


def row_keys(rows: pa.Table) -> pa.ChunkedArray:
    """What names each row of articles. A run over archives may write several revisions of an article."""
    instants = rows.column("fetched_at").cast(pa.int64()).cast(pa.string())
    revisions = rows.column("revision").cast(pa.string())
    return pc.binary_join_element_wise(rows.column("article_id"), instants, rows.column("run_id"), revisions, " ")


def older_revisions(pieces: Callable[[], Iterable[pa.Table]]) -> pa.Array:
    """The keys (`row_keys`) of all rows of which a newer one is there, by the instant of the fetch, sorted.

    `pieces` gives the rows of a whole lake in `COLUMNS`, piece by piece, and is called twice: of each row 4 bytes are
    in memory, and a few hundred of each revised article.
    """
    hashes = np.sort(np.concatenate([np.empty(0, np.uint32), *(_hashes(piece) for piece in pieces())]))
    repeated = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    newest: dict[str, tuple[int, str, str]] = {}
    older: list[str] = []
    for piece in pieces() if repeated.size else ():
        some = piece.filter(pa.array(np.isin(_hashes(piece), repeated)))
        ids, keys = some.column("article_id").to_pylist(), row_keys(some).to_pylist()
        instants = some.column("fetched_at").cast(pa.int64()).to_pylist()
        runs = some.column("run_id").to_pylist()
        for article_id, row in zip(ids, zip(instants, runs, keys, strict=True), strict=True):
            if article_id not in newest:
                newest[article_id] = row
                continue
            before, newest[article_id] = sorted((newest[article_id], row))
            older.append(before[2])
    return pa.array(sorted(older), type=pa.string())


def _hashes(piece: pa.Table) -> np.ndarray:
    return short_hashes(piece.column("article_id").to_pylist())
