"""The history that lies in Parquet parts of fingerprints, read once a worker and asked in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.dedupe.candidates import Postings
from transforms.text.shingles import Hashes

_INDEX_COLUMNS = ("article_id", "word_count", "keys")


class FingerprintReader(Protocol):
    """Reads columns of a part, of the rows that a filter lets pass. Pickles."""

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """The columns `names` of the part at `path`; `where` is a pyarrow filter."""
        ...


class StoredHistory:
    """`History` over the fingerprint parts of committed runs. Pickles without what it has read.

    The index keys of all parts are held in memory once asked for, 8 bytes a key and some 82 keys an article; the
    shingles stay in the files but for the articles that are compared.
    """

    def __init__(self, reader: FingerprintReader, parts: Sequence[str]) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._index: Postings | None = None

    def __reduce__(self) -> tuple[type[StoredHistory], tuple[FingerprintReader, tuple[str, ...]]]:
        return StoredHistory, (self._reader, self._parts)

    def by_article(self, article_ids: Sequence[str], with_shingles: bool = True) -> Iterable[Fingerprint]:
        """See `History`."""
        latest: dict[str, Fingerprint] = {}
        where = [("article_id", "in", set(article_ids))]
        for path in self._parts if article_ids else ():
            for found in FINGERPRINTS.from_arrow(self._reader.columns(path, FINGERPRINTS.schema.names, where)):
                known = latest.get(found.article_id)
                if known is None or known.revision < found.revision:
                    latest[found.article_id] = found
        return [latest[article_id] for article_id in sorted(latest)]

    def by_keys(self, keys: Hashes) -> Postings:
        """See `History`."""
        if self._index is None:
            self._index = self._read_index()
        index = self._index
        hits = np.isin(index.keys, keys)
        present, owners = np.unique(index.owners[hits], return_inverse=True)
        ids = [index.article_ids[owner] for owner in present]
        return Postings(index.keys[hits], owners.astype(np.int64), ids, index.word_counts[present])

    def _read_index(self) -> Postings:
        """The keys of the latest revision of each article: a later part's row replaces an earlier one's."""
        rows = {
            article_id: (word_count, keys)
            for path in self._parts
            for article_id, word_count, keys in zip(
                *self._reader.columns(path, _INDEX_COLUMNS).select(_INDEX_COLUMNS).to_pydict().values(), strict=True
            )
        }
        lengths = np.fromiter((len(keys) // 8 for _, keys in rows.values()), dtype=np.int64, count=len(rows))
        return Postings(
            keys=np.frombuffer(b"".join(keys for _, keys in rows.values()), dtype="<u8").astype(np.uint64),
            owners=np.repeat(np.arange(len(rows)), lengths),
            article_ids=tuple(rows),
            word_counts=np.fromiter((count for count, _ in rows.values()), dtype=np.int64, count=len(rows)),
        )
