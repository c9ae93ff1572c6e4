"""The history of copy detection, read from Parquet parts of fingerprints."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.compare.copies.candidates import Postings
from transforms.compare.copies.stored.history import KeyFilter, chosen

_SCANNED = ("article_id", "word_count", "keys", "fetched_at")
_SLIM = tuple(name for name in FINGERPRINTS.schema.names if name not in ("keys", "shingles"))


class FingerprintReader(Protocol):
    """Reads parts by columns. Can be pickled."""

    def groups(self, path: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """The named columns of a part, row group by row group."""
        ...

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """The named columns of the given rows of a part; rows must ascend."""
        ...


class _Rows(NamedTuple):
    """An index of stored articles: for each hash of an article id, in ascending order, its `part` and `row`."""

    hashes: NDArray[np.uint32]
    part: NDArray[np.int32]
    row: NDArray[np.int32]


class StoredHistory:
    """`History` over the fingerprint parts of committed runs. Pickled without what it has read.

    Scanning holds one row group in memory. Looking up by article holds 12 bytes for each stored row, and reads the row
    groups that hold a row with a wanted article's 32-bit hash; few other articles have the same hash. A part may hold
    rows of many runs; articles fetched before `since_us` are ignored.
    """

    def __init__(self, reader: FingerprintReader, parts: Sequence[str], since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us
        self._rows: _Rows | None = None

    def __reduce__(self) -> tuple[type[StoredHistory], tuple[FingerprintReader, tuple[str, ...], int]]:
        return StoredHistory, (self._reader, self._parts, self._since_us)

    def parts(self) -> Sequence[str]:
        """See `History`."""
        return self._parts

    def scan(self, part: str, key_filter: KeyFilter) -> Iterable[Postings]:
        """See `History`."""
        for whole in self._reader.groups(part, _SCANNED):
            recent = self._recent(whole)
            group = whole if recent.all() else whole.filter(pa.array(recent))
            if pa.types.is_binary(group.schema.field("keys").type) and group.num_rows:
                yield chosen(postings_in(group), key_filter)

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
        if self._rows is None:
            self._rows = self._read_rows()
        index = self._rows
        hashes = np.array([_hash(article_id) for article_id in article_ids], dtype=np.uint32)
        first = np.searchsorted(index.hashes, hashes, side="left")
        last = np.searchsorted(index.hashes, hashes, side="right")
        places = np.concatenate([np.arange(start, end) for start, end in zip(first, last, strict=True)] or [first])
        for part in np.unique(index.part[places]):
            yield self._parts[part], np.unique(index.row[places][index.part[places] == part]).tolist()

    def _read_rows(self) -> _Rows:
        hashes, part, row = [np.empty(0, np.uint32)], [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for number, path in enumerate(self._parts):
            start = 0
            for group in self._reader.groups(path, ("article_id", "fetched_at")):
                recent = np.flatnonzero(self._recent(group))
                ids = group.column("article_id").take(recent).to_pylist()
                hashes.append(np.fromiter(map(_hash, ids), dtype=np.uint32, count=len(ids)))
                part.append(np.full(len(ids), number, dtype=np.int32))
                row.append((recent + start).astype(np.int32))
                start += group.num_rows
        everything = np.concatenate(hashes)
        order = np.argsort(everything)
        return _Rows(everything[order], np.concatenate(part)[order], np.concatenate(row)[order])

    def _recent(self, group: pa.Table) -> NDArray[np.bool_]:
        """Which rows were fetched at `since_us` or later."""
        return np.asarray(group.column("fetched_at").cast(pa.int64()).to_numpy() >= self._since_us, dtype=np.bool_)


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
