"""What a process that makes many runs keeps of the state's files, which never change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from transforms.common.arrays import Sized, SizedValue


class Kept:
    """Values made from files, by file and kind; together at most `limit_bytes` large, of which 0 keeps nothing.

    When there is no room, the values that were not used for the longest time go first. Safe with threads; two that ask
    for one value at once may both make it. An error of `make` is raised, and nothing is kept. Lives in one process and
    is never pickled.
    """

    def __init__(self, limit_bytes: int = 0) -> None:
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._values: OrderedDict[tuple[str, str, str], Any] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """The size of all values."""
        return self._bytes

    def get(self, lake: str, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """The value of this kind for a file of a lake; made anew if it is not there."""
        key = lake, path, kind
        found: SizedValue | None = self._found(key)
        if found is None:
            found = make()
            self._keep(key, found)
        return found

    def pieces(self, lake: str, path: str, kind: str, make: Callable[[], Iterator[SizedValue]]) -> Iterator[SizedValue]:
        """The values of this kind for a file of a lake, one after another; only those that are kept are in memory
        together."""
        key = lake, path, kind
        found: _Pieces | None = self._found(key)
        if found is not None:
            yield from found.values
            return
        some: list[SizedValue] = []
        nbytes = 0
        for one in make():
            yield one
            nbytes += one.nbytes
            if nbytes <= self._limit_bytes:
                some.append(one)
            else:
                some.clear()
        self._keep(key, _Pieces(tuple(some), nbytes))

    def forget(self, lake: str, path: str) -> None:
        """Drop what is kept of a file that was written anew, or is damaged."""
        with self._lock:
            for key in [key for key in self._values if key[:2] == (lake, path)]:
                self._bytes -= self._values.pop(key).nbytes

    def resize(self, limit_bytes: int) -> None:
        """Set the limit; drops what has no room any more."""
        with self._lock:
            self._limit_bytes = limit_bytes
            self._shrink()

    def _found(self, key: tuple[str, str, str]) -> Any:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def _keep(self, key: tuple[str, str, str], value: Sized) -> None:
        with self._lock:
            if value.nbytes <= self._limit_bytes and key not in self._values:
                self._values[key] = value
                self._bytes += value.nbytes
                self._shrink()

    def _shrink(self) -> None:
        while self._bytes > self._limit_bytes:
            _, value = self._values.popitem(last=False)
            self._bytes -= value.nbytes


class _Pieces(NamedTuple):
    values: tuple[Any, ...]
    nbytes: int


KEPT: Final = Kept()
"""What this process keeps: nothing, until a stream gives it room."""

STREAM_BYTES: Final = 1 << 29
"""The room that a stream gives: what 10,000 articles a day leave in a month is 400 MB."""
