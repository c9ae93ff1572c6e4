"""The index entries of some stored fingerprints, in arrays that can be searched again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.common.arrays import by_value, short_hashes
from transforms.compare.copies.candidates import Postings
from transforms.compare.copies.stored.key_filter import Wanted
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

    def among(self, wanted: Wanted, since_us: int) -> Postings:
        """The entries whose keys are wanted, of pages fetched at `since_us` or later; with only their articles."""
        hits = wanted.places_in(self.keys)
        owners = np.searchsorted(self.bounds, hits, side="right") - 1
        recent = self.fetched_us[owners] >= since_us
        present, owners = np.unique(owners[recent], return_inverse=True)
        ids = tuple(self.article_ids[int(one)].as_py() for one in present)
        return Postings(self.keys[hits[recent]], owners, ids, self.word_counts[present])


def fingerprint_index(groups: Callable[[Sequence[str]], Iterator[pa.Table]]) -> dict[str, NDArray[Any]]:
    """The index of a part of fingerprints: its keys and the hashes of its article ids, each with the row it is in.

    Takes 20 bytes of memory for each key.
    """
    ids: list[NDArray[np.uint32]] = [np.empty(0, np.uint32)]
    keys: list[Hashes] = [np.empty(0, np.uint64)]
    sizes: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for group in groups(("article_id", "word_count", "keys", "fetched_at")):
        entries = entries_in(group)
        ids.append(short_hashes(entries.article_ids.to_pylist()))
        keys.append(entries.keys)
        sizes.append(np.diff(entries.bounds))
    article, article_row = by_value(np.concatenate(ids))
    owners = np.concatenate(sizes)
    rows = np.repeat(np.arange(owners.size, dtype=np.int32), owners)
    key, place = by_value(np.concatenate(keys))
    return {"article": article, "article_row": article_row, "key": key, "key_row": rows[place]}


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
