"""Writes the index of a merged part, and checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.files.layout import index_path
from transforms.lake.files.manifests import read_index_note, read_note, write_note
from transforms.lake.files.parts import PartReader, checksum_of, checksum_of_file
from transforms.lake.files.storage import DamagedPartError, Stat, Storage
from transforms.lake.merged.stored_arrays import open_arrays, write_arrays

ReadGroups = Callable[[Sequence[str]], Iterator[pa.Table]]
"""Those of the named columns that a part has, row group by row group."""

MakeIndex = Callable[[ReadGroups], Mapping[str, NDArray[Any]]]
"""Makes the arrays of a part's index. Parts with equal rows have equal indexes."""

Indexes = Mapping[str, MakeIndex]
"""How the indexes of tables are made, by the table's name; other tables have none."""


def write_index(storage: Storage, part: FilePart, make: MakeIndex) -> FilePart:
    """The index of a merged part; the part's note tells of it from now on."""
    arrays = make(partial(PartReader(storage).groups, part.path))
    path = index_path(part.path)
    with storage.scratch() as file:
        write_arrays(arrays, file)
        size, checksum = file.tell(), checksum_of_file(file)
        storage.put_file(path, file)
    index = FilePart(part.table, path, part.rows, size, checksum)
    write_note(storage, part, index)
    return index


def write_missing_index(storage: Storage, table: Table[Any], parts: Sequence[str], make: MakeIndex) -> None:
    """Write the index of the newest of these merged parts that has none. One part at a time: it takes a second or two,
    and a lake of an earlier release has many."""
    for path in reversed(parts):
        if read_index_note(storage, path) is None:
            write_index(storage, measured(storage, table, path), make)
            return


def trouble_with_index(storage: Storage, part: str, stat: Stat | None, thoroughly: bool) -> str | None:
    """What is wrong with the index that a part's note tells of, in a few words; None if nothing is.

    `stat` is that of the index as it is now. With `thoroughly` all bytes are read, without it only the header.
    """
    written = read_index_note(storage, part)
    if written is None:
        return None
    if stat is None:
        return "it is missing"
    if written.size_bytes != stat.size_bytes:
        return f"it has {stat.size_bytes} bytes and was written with {written.size_bytes}"
    if thoroughly:
        with storage.open(written.path) as source:
            return None if checksum_of(source.read_buffer()) == written.checksum else "its checksum is another"
    try:
        open_arrays(storage, written.path)
    except (FileNotFoundError, DamagedPartError):
        return "its header is damaged"
    return None


def measured(storage: Storage, table: Table[Any], path: str) -> FilePart:
    """What a merged part's note says of it, or, where it has none, what the part is."""
    noted = read_note(storage, path)
    if noted is not None:
        return noted
    with storage.open(path) as source:
        data = source.read_buffer()
        rows = PartReader(storage).row_count(path)
        return FilePart(table.name, path, rows, data.size, checksum_of(data))
