"""Named arrays in one file, of which a reader takes what it needs: a few pages of a local file, ranges of an object.

The file is a header and the arrays' bytes as they are in memory (little-endian), one after another. The header is the
length of a JSON object as a little-endian uint64, and that object: for each array its NumPy type, where it begins and
how many values it has; and a digest of the rest of itself. Beside an array that ascends stands an array of its
*fences*, every `FENCE`-th value: a search reads the fences, and then only the stretches between two of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.common.arrays import Numbers, found_in, places_in, spans_of
from transforms.lake.files.storage import Storage

FENCE: Final = 1024
"""A search in an object reads 8 KiB of hashes for each value; the fences of 10 million are 80 KB."""

_ALIGNED: Final = 64
_HEAD: Final = 8
_NEAR_BYTES: Final = 1 << 17
"""Stretches of an object that are no further apart are read by one request."""


def write_arrays(arrays: Mapping[str, NDArray[Any]], file: IO[bytes]) -> None:
    """Write arrays to an empty file. Small ones come first, so that a reader gets them with the header."""
    everything = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in arrays.items():
        if array.size > FENCE and array.dtype.kind == "u" and bool((array[1:] >= array[:-1]).all()):
            everything[_fences(name)] = array[::FENCE].copy()
    names = sorted(everything, key=lambda name: (everything[name].nbytes, name))
    placed, at = {}, 0
    for name in names:
        array = everything[name]
        placed[name] = (array.dtype.newbyteorder("<").str, at, array.size)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    listed = json.dumps(placed)
    header = json.dumps({"arrays": listed, "digest": _digest(listed), "size": at}).encode()
    header += b" " * (-(_HEAD + len(header)) % _ALIGNED)
    file.write(len(header).to_bytes(_HEAD, "little"))
    file.write(header)
    for name in names:
        array = everything[name]
        file.write(array.astype(array.dtype.newbyteorder("<"), copy=False).data.cast("B") if array.size else b"")
        file.write(bytes(-array.nbytes % _ALIGNED))


@dataclass(slots=True)
class StoredArrays:
    """`transforms.common.arrays.Arrays` in a file of the lake. Holds the header and the fences that were needed."""

    storage: Storage
    path: str
    begin: int
    placed: Mapping[str, tuple[str, int, int]]
    _held: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """The size in memory: of the header, and of all fences of an object."""
        fences = sum(FENCE_BYTES * size for name, (_, _, size) in self.placed.items() if name.startswith(_FENCES))
        return 100 * len(self.placed) + fences

    def __contains__(self, name: str) -> bool:
        return name in self.placed

    def whole(self, name: str) -> NDArray[Any]:
        """All values of an array: those of a local file are read when they are looked at."""
        _, _, size = self.placed[name]
        return self._read(name, [(0, size)])[0]

    def spans(self, name: str, starts: Numbers, ends: Numbers) -> NDArray[Any]:
        """See `Arrays`."""
        if self.storage.folder is not None:
            return spans_of(self.whole(name), starts, ends)
        return np.concatenate([np.empty(0, self.placed[name][0]), *self._stretches(name, starts, ends)])

    def at(self, name: str, places: Numbers) -> NDArray[Any]:
        """See `Arrays`."""
        if places.size and not 0 <= int(places.min()) <= int(places.max()) < self.placed[name][2]:
            raise self.storage.damaged(self.path, "it names a row that is not there")
        if self.storage.folder is not None:
            return self.whole(name)[places]
        distinct, number = np.unique(places, return_inverse=True)
        return self.spans(name, distinct, distinct + 1)[number]

    def find(self, name: str, wanted: NDArray[Any]) -> tuple[Numbers, Numbers]:
        """See `Arrays`."""
        if self.storage.folder is not None or _fences(name) not in self.placed:
            return found_in(self.whole(name), wanted)
        if _fences(name) not in self._held:
            self._held[_fences(name)] = self.whole(_fences(name))
        fences, size = self._held[_fences(name)], self.placed[name][2]
        first = np.maximum(np.searchsorted(fences, wanted, side="left") - 1, 0)
        last = np.searchsorted(fences, wanted, side="right")
        blocks = np.unique(places_in(first, np.maximum(last, first + 1)))
        starts, ends = blocks * FENCE, np.minimum((blocks + 1) * FENCE, size)
        number, at = found_in(self.spans(name, starts, ends), wanted)
        return number, places_in(starts, ends)[at]

    def _stretches(self, name: str, starts: Numbers, ends: Numbers) -> list[NDArray[Any]]:
        """Spans of an object: those near one another are read together."""
        if not starts.size:
            return []
        near = _NEAR_BYTES // np.dtype(self.placed[name][0]).itemsize
        begins = np.flatnonzero(np.append(True, starts[1:] - ends[:-1] > near))
        lasts = np.append(begins[1:], starts.size) - 1
        reads = list(zip(starts[begins].tolist(), ends[lasts].tolist(), strict=True))
        groups = zip(self._read(name, reads), begins.tolist(), (lasts + 1).tolist(), strict=True)
        return [
            read[places_in(starts[one:end] - starts[one], ends[one:end] - starts[one])] for read, one, end in groups
        ]

    def _read(self, name: str, ranges: list[tuple[int, int]]) -> list[NDArray[Any]]:
        kind, at, _ = self.placed[name]
        item = np.dtype(kind).itemsize
        begin = self.begin + at
        wanted = [(begin + item * start, begin + item * end) for start, end in ranges]
        return [np.frombuffer(data, dtype=kind) for data in self.storage.ranges(self.path, wanted)]


def open_arrays(storage: Storage, path: str) -> StoredArrays:
    """The arrays in a file. Raises FileNotFoundError if there is none, DamagedPartError if its header is damaged."""
    try:
        with storage.open(path) as file:
            size = file.size()
            length = int.from_bytes(file.read(_HEAD), "little")
            header = json.loads(file.read(length) if length <= size else b"")
        listed = header["arrays"]
        if header["digest"] != _digest(listed) or _HEAD + length + header["size"] != size:
            raise storage.damaged(path, "its header is damaged, or its end is missing")
        placed = {name: (kind, at, count) for name, (kind, at, count) in json.loads(listed).items()}
    except FileNotFoundError:
        raise
    except (ValueError, TypeError, KeyError, pa.ArrowException, OSError) as error:
        raise storage.damaged(path, "its header is damaged") from error
    return StoredArrays(storage, path, _HEAD + length, placed)


_FENCES: Final = "fences of "
FENCE_BYTES: Final = 8


def _fences(name: str) -> str:
    return f"{_FENCES}{name}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
