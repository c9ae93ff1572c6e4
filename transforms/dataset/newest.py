"""Which rows of articles are older revisions, and which articles are withdrawn, as their newest revisions say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.common.arrays import short_hashes

COLUMNS: Final = ("article_id", "fetched_at", "run_id", "revision", "withdrawn_at")


class Revisions(NamedTuple):
    """The keys (`row_keys`) of all rows of which a newer one is there, and the ids of all articles whose newest row
    says that they are withdrawn. Both are sorted."""

    older: pa.Array
    withdrawn: pa.Array


def row_keys(column: Callable[[str], Any]) -> Any:
    """What names each row of articles. A run over archives may write several revisions of an article.

    `column` gives a column by its name: of a table (``rows.column``) or in an expression (`pc.field`), and so is what
    comes of it.
    """
    instants = column("fetched_at").cast(pa.int64()).cast(pa.string())
    revisions = column("revision").cast(pa.string())
    return pc.binary_join_element_wise(column("article_id"), instants, column("run_id"), revisions, " ")


def revisions_in(pieces: Callable[[], Iterable[pa.Table]]) -> Revisions:
    """What the rows of a whole lake say; the newest of an article is told by its fetch, then by its run.

    `pieces` gives the rows in `COLUMNS`, piece by piece, and is called twice: of each row 4 bytes are in memory, and a
    few hundred of each article that was revised or withdrawn.
    """
    hashes, told = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
    for piece in pieces():
        hashes.append(_hashes(piece))
        told.append(hashes[-1][_are_withdrawn(piece)])
    ordered = np.sort(np.concatenate(hashes))
    looked_at = np.unique(np.concatenate([ordered[1:][ordered[1:] == ordered[:-1]], *told]))
    newest: dict[str, tuple[int, str, int, str, bool]] = {}
    older: list[str] = []
    for piece in pieces() if looked_at.size else ():
        some = piece.filter(pa.array(np.isin(_hashes(piece), looked_at)))
        facts = (some.column("run_id"), some.column("revision"), row_keys(some.column))
        instants = some.column("fetched_at").cast(pa.int64()).to_pylist()
        are_withdrawn = _are_withdrawn(some).tolist()
        rows = zip(instants, *(column.to_pylist() for column in facts), are_withdrawn, strict=True)
        for article_id, row in zip(some.column("article_id").to_pylist(), rows, strict=True):
            if article_id not in newest:
                newest[article_id] = row
                continue
            before, newest[article_id] = sorted((newest[article_id], row))
            older.append(before[3])
    withdrawn = sorted(article_id for article_id, (*_, is_withdrawn) in newest.items() if is_withdrawn)
    return Revisions(pa.array(sorted(older), type=pa.string()), pa.array(withdrawn, type=pa.string()))


def _are_withdrawn(piece: pa.Table) -> np.ndarray:
    return np.asarray(piece.column("withdrawn_at").is_valid(), dtype=np.bool_)


def _hashes(piece: pa.Table) -> np.ndarray:
    return short_hashes(piece.column("article_id").to_pylist())
