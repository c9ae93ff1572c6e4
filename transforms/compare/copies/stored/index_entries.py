"""The index entries of some stored fingerprints, in arrays that can be searched again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.common.arrays import by_value, short_hashes
from transforms.compare.copies.candidates import Postings, range_of
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


KEYS_AT_ONCE: Final = 1 << 22
"""Keys that are sorted at a time: about 150 MB."""


def fingerprint_index(groups: Callable[[Sequence[str]], Iterator[pa.Table]]) -> dict[str, NDArray[Any]]:
    """The index of a part of fingerprints: its keys and the hashes of its article ids, each with the row it is in.

    The part's keys are read once for each `KEYS_AT_ONCE`. In memory are 12 bytes a key, and these.
    """
    ids, keys = [np.empty(0, np.uint32)], 0
    for group in groups(("article_id", "keys")):
        ids.append(short_hashes(group.column("article_id").to_pylist()))
        keys += keys_in(group)[0].size
    article, article_row = by_value(np.concatenate(ids))
    key, key_row, filled = np.empty(keys, np.uint64), np.empty(keys, np.int32), 0
    ranges = 1 + keys // KEYS_AT_ONCE
    for number in range(ranges):
        found, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int32)]
        first = 0
        for group in groups(("keys",)):
            some, bounds = keys_in(group)
            mine = np.flatnonzero(range_of(some, ranges) == number)
            found.append(some[mine])
            rows.append((first + np.searchsorted(bounds, mine, side="right") - 1).astype(np.int32))
            first += group.num_rows
        ascending, place = by_value(np.concatenate(found))
        here = slice(filled, filled + place.size)
        key[here], key_row[here] = ascending, np.concatenate(rows)[place]
        filled += place.size
    return {"article": article, "article_row": article_row, "key": key, "key_row": key_row}


def entries_in(table: pa.Table) -> IndexEntries:
    """The index entries in a table of fingerprints."""
    keys, bounds = keys_in(table)
    return IndexEntries(
        keys=keys,
        bounds=bounds,
        article_ids=table.column("article_id").combine_chunks(),
        word_counts=table.column("word_count").to_numpy().astype(np.int64),
        fetched_us=np.asarray(table.column("fetched_at").cast(pa.int64()).to_numpy(), dtype=np.int64),
    )


def keys_in(table: pa.Table) -> tuple[Hashes, NDArray[np.int64]]:
    """The keys of all fingerprints in a table, one after another, and where those of each begin; without a copy."""
    stored = table.column("keys").combine_chunks()
    bounds = np.zeros(1, np.int64)
    keys = np.empty(0, np.uint64)
    if pa.types.is_binary(stored.type) and len(stored):
        _, offsets, data = stored.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32, count=len(stored) + 1, offset=4 * stored.offset).astype(np.int64)
        size = int(ends[-1] - ends[0]) // 8
        keys = np.frombuffer(data, dtype="<u8", count=size, offset=int(ends[0])) if size else keys
        bounds = (ends - ends[0]) // 8
    return keys, bounds
