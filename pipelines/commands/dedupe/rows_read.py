"""What is kept of all rows of the files, beside their fingerprints: a few bytes each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.texts.text_row import NotCompared, TextRow
from transforms.web.urls import BadUrl, url_key

_PROBLEMS: Final = tuple(NotCompared)
_INT64: Final = range(-(1 << 63), 1 << 63)


class RowsRead:
    """The rows of all files in order: why each is not compared, its id, and when it was published.

    `has_ids`: rows have ids, by which copies name their originals; else they do by the number of the row.
    """

    def __init__(self, has_ids: bool, has_urls: bool) -> None:
        self.count = 0
        self.dates_unread = 0
        self._has_ids, self._has_urls = has_ids, has_urls
        self._problems: list[NDArray[np.uint8]] = [np.empty(0, np.uint8)]
        self._ids: list[pa.Array] = []
        self._are_numbers = True
        self._hashes: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
        self._at_us: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        self._first_of_url: dict[str, int] = {}
        self.has_repeated_urls = False

    def add(self, rows: Sequence[TextRow]) -> None:
        """Add the next rows."""
        self.count += len(rows)
        self.dates_unread += sum(row.date_unread for row in rows)
        problems = [0 if row.problem is None else 1 + _PROBLEMS.index(row.problem) for row in rows]
        self._problems.append(np.array(problems, np.uint8))
        if self._has_urls:
            self._at_us.append(np.array([row.published_us or 0 for row in rows], np.int64))
        if self._has_ids:
            ids = [row.id for row in rows]
            self._are_numbers &= all(one is None or (isinstance(one, int) and one in _INT64) for one in ids)
            texts = [None if one is None else str(one) for one in ids]
            self._ids.append(pa.array(map(_storable, texts), pa.string(), size=len(texts)))
            self._hashes.append(np.fromiter(map(_hash, texts), np.uint64))

    def article_of(self, number: int, url: str | None) -> int:
        """The row that stands for a row's address: the first with it; without an address it stands for itself."""
        if not url:
            return number
        try:
            key = url_key(url)
        except BadUrl:
            key = url
        first = self._first_of_url.setdefault(key, number)
        self.has_repeated_urls |= first != number
        return first

    def repeated(self) -> NDArray[np.int64]:
        """The rows whose id is that of an earlier row; they are not compared from now on."""
        if not self._has_ids:
            return np.empty(0, np.int64)
        hashes = np.concatenate(self._hashes)
        order = np.argsort(hashes, kind="stable")
        again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1]) + 1
        problems, rows = self.problems(), np.sort(order[again])
        rows = np.asarray(rows[problems[rows] == 0], np.int64)
        problems[rows] = 1 + _PROBLEMS.index(NotCompared.ID_REPEATED)
        return rows

    def has_no_words(self, rows: NDArray[np.int64]) -> None:
        """Note that these rows have texts without any word."""
        problems = self.problems()
        problems[rows] = np.where(problems[rows], problems[rows], 1 + _PROBLEMS.index(NotCompared.NO_WORDS))

    def problems(self) -> NDArray[np.uint8]:
        """Why each row is not compared: 0, or 1 and more in the order of `NotCompared`."""
        if len(self._problems) > 1:
            self._problems = [np.concatenate(self._problems)]
        return self._problems[0]

    def reasons(self, start: int, rows: int) -> pa.Array:
        """Why rows were not compared, as texts; null where they were."""
        names = pa.array([None, *map(str, _PROBLEMS)], pa.string())
        return names.take(pa.array(self.problems()[start : start + rows]))

    def by_reason(self) -> Counter[str]:
        """How many rows were not compared, by the reason."""
        counts = np.bincount(self.problems(), minlength=len(_PROBLEMS) + 1)[1:]
        return Counter({str(why): int(count) for why, count in zip(_PROBLEMS, counts, strict=True) if count})

    def in_order_of_time(self) -> NDArray[np.int64]:
        """The rank of each row by its date, then by its place; rows without a date come first."""
        at_us = np.concatenate(self._at_us)
        ranks = np.empty(at_us.size, np.int64)
        ranks[np.argsort(at_us, kind="stable")] = np.arange(at_us.size)
        return ranks

    def names(self) -> pa.ChunkedArray | None:
        """The ids of all rows: as numbers, if all of them are; None if rows have none."""
        if not self._has_ids:
            return None
        ids = pa.chunked_array(self._ids, pa.string())
        return ids.cast(pa.int64()) if self._are_numbers else ids


def _storable(text: str | None) -> str | None:
    """A text that Arrow takes: JSON can hold halves of characters."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def _hash(text: Any) -> int:
    """64 bits: among a hundred million ids two share one with a chance of one in three thousand."""
    if text is None:
        return 0
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
