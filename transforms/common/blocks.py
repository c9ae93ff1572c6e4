"""Groups rows into blocks, so that few elements pass between steps and none is too large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Row = TypeVar("Row")

BLOCK_ROWS = 1_000
BLOCK_BYTES = 4 * 1024 * 1024


def weightless(_: object) -> int:
    """The size of rows too small to count."""
    return 0


class Block(tuple[Row, ...]):
    """Rows that Beam pickles at once: of a plain tuple or list it pickles each row for itself, at every step."""

    __slots__ = ()


class Blocks(Generic[Row]):
    """Gathers rows by key into blocks; rows of a key keep their order.

    A block is given out when it is full: `BLOCK_ROWS` rows, or `BLOCK_BYTES` as measured by `size_bytes`. The others
    are given out at the end (`rest`).
    """

    def __init__(self, size_bytes: Callable[[Row], int] = weightless) -> None:
        self._size_bytes = size_bytes
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._bytes: defaultdict[str, int] = defaultdict(int)

    def add(self, key: str, row: Row) -> list[tuple[str, tuple[Row, ...]]]:
        """Add a row. Returns its key and block if the block is full now, else []."""
        rows = self._rows[key]
        rows.append(row)
        self._bytes[key] += self._size_bytes(row)
        if len(rows) < BLOCK_ROWS and self._bytes[key] < BLOCK_BYTES:
            return []
        del self._rows[key], self._bytes[key]
        return [(key, Block(rows))]

    def rest(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """The blocks that are not full, by key."""
        for key in sorted(self._rows):
            yield key, Block(self._rows[key])
        self._rows.clear()
        self._bytes.clear()
