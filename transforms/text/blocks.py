"""Rows that travel together: few elements between steps, and none too large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Row = TypeVar("Row")

BLOCK_ROWS = 1_000
BLOCK_BYTES = 4 * 1024 * 1024


def weightless(_: object) -> int:
    """The size of rows that are small."""
    return 0


class Blocks(Generic[Row]):
    """Gathers rows under keys. A block is given out when it is full: `BLOCK_ROWS` rows, or `BLOCK_BYTES` of them by
    `size_bytes`; the others at the end. Rows of a key keep their order.
    """

    def __init__(self, size_bytes: Callable[[Row], int] = weightless) -> None:
        self._size_bytes = size_bytes
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._bytes: defaultdict[str, int] = defaultdict(int)

    def add(self, key: str, row: Row) -> list[tuple[str, tuple[Row, ...]]]:
        """Take a row; gives the key and its block where that is full now."""
        rows = self._rows[key]
        rows.append(row)
        self._bytes[key] += self._size_bytes(row)
        if len(rows) < BLOCK_ROWS and self._bytes[key] < BLOCK_BYTES:
            return []
        del self._rows[key], self._bytes[key]
        return [(key, tuple(rows))]

    def rest(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """The blocks that are not full, by key."""
        for key in sorted(self._rows):
            yield key, tuple(self._rows[key])
        self._rows.clear()
        self._bytes.clear()
