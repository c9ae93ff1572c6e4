"""The history of copy detection, read from Parquet parts of fingerprints."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.common.batches import batches
from transforms.common.sized import SizedValue
from transforms.compare.copies.candidates import Postings
from transforms.compare.copies.stored.history import KeyFilter
from transforms.compare.copies.stored.index_entries import IndexEntries, entries_in

_SCANNED = ("article_id", "word_count", "keys", "fetched_at")
_GROUPS_AT_ONCE: Final = 16
"""About 4 MB of index entries."""
_SLIM = tuple(name for name in FINGERPRINTS.schema.names if name not in ("keys", "shingles"))


class FingerprintReader(Protocol):
    """Reads parts by columns. Can be pickled."""

    def groups(self, path: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """The named columns of a part, row group by row group."""
        ...

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """The named columns of the given rows of a part; rows must ascend."""
        ...

    def kept(self, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """What `make` gives of a part, or gave before; parts never change."""
        ...

    def kept_pieces(self, path: str, kind: str, make: Callable[[], Iterator[SizedValue]]) -> Iterator[SizedValue]:
        """As `kept`, for a part that is read piece by piece."""
        ...


class _Rows(NamedTuple):
    """An index of a part: for each hash of an article id, in ascending order, its `row` and when it was fetched."""

    hashes: NDArray[np.uint32]
    row: NDArray[np.int32]
    fetched_us: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        return int(self.hashes.nbytes + self.row.nbytes + self.fetched_us.nbytes)


class StoredHistory:
    """`History` over the fingerprint parts of committed runs. Pickled without what it has read.

    Scanning holds `_GROUPS_AT_ONCE` row groups in memory, looking up by article 16 bytes for each stored row and the
    row groups that hold a row with a wanted article's 32-bit hash; few other articles have the same hash. Index entries
    and hashes are kept if the reader keeps things. A part may hold rows of many runs; articles fetched before
    `since_us` are ignored.
    """

    def __init__(self, reader: FingerprintReader, parts: Sequence[str], since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us
        self._rows: dict[str, _Rows] = {}

    def __reduce__(self) -> tuple[type[StoredHistory], tuple[FingerprintReader, tuple[str, ...], int]]:
        return StoredHistory, (self._reader, self._parts, self._since_us)

    def parts(self) -> Sequence[str]:
        """See `History`."""
        return self._parts

    def scan(self, part: str, key_filter: KeyFilter) -> Iterable[Postings]:
        """See `History`."""
        for entries in self._reader.kept_pieces(part, "entries", partial(_read_entries, self._reader, part)):
            yield entries.passing(key_filter, self._since_us)

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """See `History`."""
        latest: dict[str, Fingerprint] = {}
        wanted = frozenset(article_ids)
        for part, rows in self._where(article_ids):
            names = FINGERPRINTS.schema.names if with_shingles else _SLIM
            table = self._reader.take(part, names, rows)
            for name in () if with_shingles else ("keys", "shingles"):
                table = table.append_column(name, pa.array([b""] * table.num_rows, type=pa.binary()))
            for found in FINGERPRINTS.from_arrow(table):
                known = latest.get(found.article_id)
                if found.article_id in wanted and (known is None or known.revision < found.revision):
                    latest[found.article_id] = found
        return [latest[article_id] for article_id in sorted(latest)]

    def _where(self, article_ids: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        """For each part, the rows that may be of these articles."""
        hashes = np.array([_hash(article_id) for article_id in article_ids], dtype=np.uint32)
        for part in self._parts:
            if part not in self._rows:
                self._rows[part] = self._reader.kept(part, "rows", partial(_read_rows, self._reader, part))
            index = self._rows[part]
            first = np.searchsorted(index.hashes, hashes, side="left")
            last = np.searchsorted(index.hashes, hashes, side="right")
            met = np.flatnonzero(first < last)
            if met.size:
                places = np.concatenate([np.arange(first[one], last[one]) for one in met])
                places = places[index.fetched_us[places] >= self._since_us]
                if places.size:
                    yield part, np.unique(index.row[places]).tolist()


def _read_rows(reader: FingerprintReader, part: str) -> _Rows:
    groups = list(reader.groups(part, ("article_id", "fetched_at")))
    ids = [article_id for group in groups for article_id in group.column("article_id").to_pylist()]
    hashes = np.fromiter(map(_hash, ids), dtype=np.uint32, count=len(ids))
    order = np.argsort(hashes, kind="stable")
    fetched_us = np.concatenate([np.empty(0, np.int64), *map(_fetched_us, groups)])
    return _Rows(hashes[order], order.astype(np.int32), fetched_us[order])


def _read_entries(reader: FingerprintReader, part: str) -> Iterator[IndexEntries]:
    for groups in batches(reader.groups(part, _SCANNED), _GROUPS_AT_ONCE):
        yield entries_in(pa.concat_tables(groups))


def _fetched_us(group: pa.Table) -> NDArray[np.int64]:
    return np.asarray(group.column("fetched_at").cast(pa.int64()).to_numpy(), dtype=np.int64)


def _hash(article_id: str) -> int:
    return zlib.crc32(article_id.encode())


def postings_in(group: pa.Table) -> Postings:
    """The index entries in a table of fingerprints, without a copy of their bytes."""
    stored = group.column("keys").combine_chunks()
    _, offsets, data = stored.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32, count=len(stored) + 1, offset=4 * stored.offset)
    size = int(bounds[-1] - bounds[0])
    keys = np.frombuffer(data, dtype="<u8", count=size // 8, offset=int(bounds[0])) if size else np.empty(0, np.uint64)
    return Postings(
        keys=keys,
        owners=np.repeat(np.arange(len(stored)), np.diff(bounds) // 8),
        article_ids=_Lazy(group.column("article_id")),
        word_counts=group.column("word_count").to_numpy().astype(np.int64),
    )


class _Lazy(Sequence[str]):
    """The ids in an Arrow column, each made a Python string only when it is asked for."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __getitem__(self, place: Any) -> Any:
        return self._column[int(place)].as_py()

    def __len__(self) -> int:
        return len(self._column)
