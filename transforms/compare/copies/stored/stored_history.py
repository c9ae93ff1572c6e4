"""The history of copy detection, read from Parquet parts of fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.common.arrays import Arrays, HeldArrays, SizedValue, by_value, short_hashes
from transforms.common.batches import batches
from transforms.compare.copies.candidates import Postings, postings_of
from transforms.compare.copies.stored.index_entries import IndexEntries, entries_in
from transforms.compare.copies.stored.key_filter import Wanted

_SCANNED = ("article_id", "word_count", "keys", "fetched_at")
_GROUPS_AT_ONCE: Final = 16
"""About 4 MB of index entries."""
_SLIM = tuple(name for name in FINGERPRINTS.schema.names if name not in ("keys", "shingles"))


class FingerprintReader(Protocol):
    """Reads parts by columns. Can be pickled."""

    def index(self, path: str) -> Arrays | None:
        """The index of a part, as `fingerprint_index` made it; None if it has none."""
        ...

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


class StoredHistory:
    """`History` over the fingerprint parts of committed runs. Pickled without what it has read.

    Of a merged part its index tells the rows that hold a key or an article, and only the row groups of these are read.
    The parts of single runs, and those of earlier releases, have no index and are read: `_GROUPS_AT_ONCE` row groups
    are in memory, and 8 bytes for each row. What was read is kept if the reader keeps things. A part may hold rows of
    many runs; articles fetched before `since_us` are ignored.
    """

    def __init__(self, reader: FingerprintReader, parts: Sequence[str], since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us
        self._rows: dict[str, Arrays] = {}

    def __reduce__(self) -> tuple[type[StoredHistory], tuple[FingerprintReader, tuple[str, ...], int]]:
        return StoredHistory, (self._reader, self._parts, self._since_us)

    def parts(self) -> Sequence[str]:
        """See `History`."""
        return self._parts

    def sharing(self, part: str, wanted: Wanted) -> Iterable[Postings]:
        """See `History`."""
        index = self._reader.index(part)
        if index is not None:
            yield self._found(part, index, wanted)
            return
        for entries in self._reader.kept_pieces(part, "entries", partial(_read_entries, self._reader, part)):
            yield entries.among(wanted, self._since_us)

    def _found(self, part: str, index: Arrays, wanted: Wanted) -> Postings:
        number, places = index.find("key", wanted.keys)
        rows, owners = np.unique(index.at("key_row", places), return_inverse=True)
        if not rows.size:
            return postings_of([])
        table = self._reader.take(part, ("article_id", "word_count", "fetched_at"), rows.tolist())
        recent = _fetched_us(table) >= self._since_us
        kept = recent[owners]
        return Postings(
            keys=wanted.keys[number[kept]],
            owners=(np.cumsum(recent) - 1)[owners[kept]],
            article_ids=tuple(table.column("article_id").filter(pa.array(recent)).to_pylist()),
            word_counts=table.column("word_count").to_numpy().astype(np.int64)[recent],
        )

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
                if found.article_id not in wanted or found.fetched_at_us < self._since_us:
                    continue
                if known is None or known.revision < found.revision:
                    latest[found.article_id] = found
        return [latest[article_id] for article_id in sorted(latest)]

    def _where(self, article_ids: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        """For each part, the rows that may be of these articles."""
        hashes = np.unique(short_hashes(article_ids))
        for part in self._parts:
            if part not in self._rows:
                index = self._reader.index(part)
                read = partial(_read_rows, self._reader, part)
                self._rows[part] = self._reader.kept(part, "rows", read) if index is None else index
            _, places = self._rows[part].find("article", hashes)
            if places.size:
                yield part, np.unique(self._rows[part].at("article_row", places)).tolist()


def _read_rows(reader: FingerprintReader, part: str) -> HeldArrays:
    ids = (one for group in reader.groups(part, ("article_id",)) for one in group.column("article_id").to_pylist())
    hashes, rows = by_value(short_hashes(ids))
    return HeldArrays({"article": hashes, "article_row": rows})


def _read_entries(reader: FingerprintReader, part: str) -> Iterator[IndexEntries]:
    for groups in batches(reader.groups(part, _SCANNED), _GROUPS_AT_ONCE):
        yield entries_in(pa.concat_tables(groups))


def _fetched_us(table: pa.Table) -> NDArray[np.int64]:
    return np.asarray(table.column("fetched_at").cast(pa.int64()).to_numpy(), dtype=np.int64)


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
