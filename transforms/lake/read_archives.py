"""Which archives the committed runs of a lake have read."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.archive import ARCHIVES
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.state import committed_parts, committed_runs


def read_archives(storage: Storage) -> Mapping[str, frozenset[int | None]]:
    """By path or URI the archives that were read to their end, with the size that they had; None: any size."""
    reader = PartReader(storage)
    found: dict[str, set[int | None]] = {}
    for path in committed_parts(storage, ARCHIVES, committed_runs(storage)):
        rows = reader.columns(path, ["warc_file", "size_bytes"])
        for name, size in zip(rows.column("warc_file").to_pylist(), rows.column("size_bytes").to_pylist(), strict=True):
            found.setdefault(name, set()).add(size)
    return {name: frozenset(sizes) for name, sizes in found.items()}
