"""The index entries of some stored fingerprints, in arrays that can be searched again and again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.compare.copies.candidates import Postings
from transforms.compare.copies.stored.history import KeyFilter
from transforms.compare.copies.stored.key_filter import passing
from transforms.text.shingles import Hashes


class IndexEntries(NamedTuple):
    """The keys of fingerprints, one after another: those of number `n` are from `bounds[n]` to `bounds[n + 1]`."""

    keys: Hashes
    bounds: NDArray[np.int64]
    article_ids: pa.Array
    word_counts: NDArray[np.int64]
    fetched_us: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """The size in memory."""
        return int(sum(column.nbytes for column in self))

    def passing(self, key_filter: KeyFilter, since_us: int) -> Postings:
        """The entries whose keys pass the filter, of pages fetched at `since_us` or later; with only their articles."""
        hits = np.flatnonzero(passing(self.keys, key_filter))
        owners = np.searchsorted(self.bounds, hits, side="right") - 1
        recent = self.fetched_us[owners] >= since_us
        present, owners = np.unique(owners[recent], return_inverse=True)
        ids = tuple(self.article_ids[int(one)].as_py() for one in present)
        return Postings(self.keys[hits[recent]], owners, ids, self.word_counts[present])


def entries_in(table: pa.Table) -> IndexEntries:
    """The index entries in a table of fingerprints."""
    stored = table.column("keys").combine_chunks()
    bounds = np.zeros(1, np.int64)
    keys = np.empty(0, np.uint64)
    if pa.types.is_binary(stored.type) and len(stored):
        _, offsets, data = stored.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32, count=len(stored) + 1, offset=4 * stored.offset).astype(np.int64)
        size = int(ends[-1] - ends[0]) // 8
        keys = np.frombuffer(data, dtype="<u8", count=size, offset=int(ends[0])) if size else keys
        bounds = (ends - ends[0]) // 8
    return IndexEntries(
        keys=keys,
        bounds=bounds,
        article_ids=table.column("article_id").combine_chunks(),
        word_counts=table.column("word_count").to_numpy().astype(np.int64),
        fetched_us=np.asarray(table.column("fetched_at").cast(pa.int64()).to_numpy(), dtype=np.int64),
    )
