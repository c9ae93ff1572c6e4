"""Which copies are left out, so that of texts that are copies of one another one stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import pyarrow as pa

from transforms.dataset.wanted import Mask

COLUMNS: Final = ("article_id", "cluster_id", "duplicate_of", "relation", "date_published", "fetched_at")
_COPIES: Final = ("exact", "near", "abridged")


class OneOfCopies:
    """Of each cluster of copies the original stays where it is among the rows, else the earliest copy.

    `pieces` gives the rows among which one stays, piece by piece, in `COLUMNS`, and is called twice. In memory are the
    clusters that have a copy among the rows, some 200 bytes each.
    """

    def __init__(self, pieces: Callable[[], Iterable[pa.Table]]) -> None:
        clusters = {row[0] for piece in pieces() for row in _rows(piece) if row[1]}
        stays: dict[str, tuple[bool, int, str]] = {}
        for piece in pieces() if clusters else ():
            for cluster_id, is_copy, at_us, article_id in _rows(piece):
                if cluster_id in clusters:
                    rank = is_copy, at_us, article_id
                    stays[cluster_id] = min(stays.get(cluster_id, rank), rank)
        self._stays = {cluster_id: article_id for cluster_id, (_, _, article_id) in stays.items()}

    def are_left_out(self, rows: pa.Table) -> Mask:
        """Which of the rows are copies of another that stays. All revisions of what stays do."""
        return np.array(
            [
                is_copy and self._stays.get(cluster_id, article_id) != article_id
                for cluster_id, is_copy, _, article_id in _rows(rows)
            ],
            dtype=np.bool_,
        )


def _rows(rows: pa.Table) -> Iterable[tuple[str, bool, int, str]]:
    """Of each row its cluster, whether it is a copy, when it was published, and its article. A revision of a copy is
    one too: it stays in the cluster that is named after the original."""
    instants = (rows.column(name).cast(pa.int64()).to_pylist() for name in ("date_published", "fetched_at"))
    columns = (rows.column(name).to_pylist() for name in ("article_id", "cluster_id", "duplicate_of", "relation"))
    for published_us, fetched_us, article_id, cluster, of, relation in zip(*instants, *columns, strict=True):
        cluster_id = cluster or (of if relation in _COPIES else None) or article_id
        is_copy = relation in _COPIES or (relation == "revision" and cluster_id != article_id)
        yield cluster_id, is_copy, fetched_us if published_us is None else published_us, article_id
