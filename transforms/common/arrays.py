"""Values that know their size; named arrays that are searched, in memory or in a file (`lake/merged`)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Sized(Protocol):
    """A value with a size in bytes, like an Arrow table or a NumPy array."""

    @property
    def nbytes(self) -> int: ...


SizedValue = TypeVar("SizedValue", bound=Sized)


class Arrays(Protocol):
    """One-dimensional arrays by name. Those that are searched are in ascending order."""

    @property
    def nbytes(self) -> int:
        """The size in memory."""
        ...

    def __contains__(self, name: str) -> bool: ...

    def whole(self, name: str) -> NDArray[Any]:
        """All values of an array."""
        ...

    def spans(self, name: str, starts: Numbers, ends: Numbers) -> NDArray[Any]:
        """The values from each start to its end (not included), one span after another. Spans ascend and are apart."""
        ...

    def at(self, name: str, places: Numbers) -> NDArray[Any]:
        """The values at these places, in any order."""
        ...

    def find(self, name: str, wanted: NDArray[Any]) -> tuple[Numbers, Numbers]:
        """Where an ascending array holds one of the wanted values, which ascend and are distinct.

        Gives two arrays with one element for each place: the number of the wanted value, and the place.
        """
        ...


class HeldArrays:
    """`Arrays` in memory."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = dict(arrays)

    @property
    def nbytes(self) -> int:
        """See `Arrays`."""
        return sum(int(array.nbytes) for array in self._arrays.values())

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def whole(self, name: str) -> NDArray[Any]:
        """See `Arrays`."""
        return self._arrays[name]

    def spans(self, name: str, starts: Numbers, ends: Numbers) -> NDArray[Any]:
        """See `Arrays`."""
        return spans_of(self._arrays[name], starts, ends)

    def at(self, name: str, places: Numbers) -> NDArray[Any]:
        """See `Arrays`."""
        return self._arrays[name][places]

    def find(self, name: str, wanted: NDArray[Any]) -> tuple[Numbers, Numbers]:
        """See `Arrays`."""
        return found_in(self._arrays[name], wanted)


def spans_of(array: NDArray[Any], starts: Numbers, ends: Numbers) -> NDArray[Any]:
    """The spans of an array, one after another; without a copy if there is one span."""
    if starts.size == 1:
        return array[int(starts[0]) : int(ends[0])]
    # Arrow takes the even ones of binary values that lie end to end: NumPy has nothing for it, and slices in a loop
    # take five times as long.
    bounds = np.stack((starts, ends), axis=1, dtype=np.int64).ravel() * array.dtype.itemsize
    if not bounds.size:
        return array[:0]
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(array)]
    values = pa.LargeBinaryArray.from_buffers(pa.large_binary(), bounds.size - 1, buffers)
    taken = values.take(pa.array(np.arange(0, bounds.size - 1, 2))).buffers()[2]
    return np.frombuffer(taken or b"", dtype=array.dtype)


def places_in(starts: Numbers, ends: Numbers) -> Numbers:
    """The numbers from each start to its end (not included), one span after another."""
    sizes = ends - starts
    firsts = np.cumsum(sizes) - sizes
    places: Numbers = np.arange(int(sizes.sum())) + np.repeat(starts - firsts, sizes)
    return places


def found_in(ascending: NDArray[Any], wanted: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """`Arrays.find` in one array."""
    first = np.searchsorted(ascending, wanted, side="left")
    met = np.flatnonzero(first < ascending.size)
    met = met[ascending[first[met]] == wanted[met]]
    ends = np.searchsorted(ascending, wanted[met], side="right")
    return np.repeat(met, ends - first[met]), places_in(first[met], ends)


def short_hashes(texts: Iterable[str]) -> NDArray[np.uint32]:
    """A hash of 32 bits for each text, by which rows are found. Who finds a row compares the text: a few others in a
    million have the same hash."""
    return np.fromiter((zlib.crc32(text.encode()) for text in texts), dtype=np.uint32)


def by_value(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The values in ascending order, and the place of each before."""
    order = np.argsort(values, kind="stable")
    return values[order], order.astype(np.int32)
