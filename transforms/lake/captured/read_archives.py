"""Which archives the committed runs of a lake have read."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from schemas.archive import ARCHIVES
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import DamagedPartError, Storage

_LOG = logging.getLogger("newsbeam.lake")


def read_archives(storage: Storage) -> Mapping[str, frozenset[int | None]]:
    """By path or URI the archives that were read to their end, with the size that they had; None: any size.

    Of a damaged part nothing is known: its archives are read again, by a run that first rebuilds the part.
    """
    reader = PartReader(storage)
    found: dict[str, set[int | None]] = {}
    for path in committed(storage).parts(ARCHIVES):
        try:
            rows = reader.columns(path, ["warc_file", "size_bytes"])
        except DamagedPartError as error:
            _LOG.warning("archives may be read again", extra={"path": path, "reason": str(error)})
            continue
        for name, size in zip(rows.column("warc_file").to_pylist(), rows.column("size_bytes").to_pylist(), strict=True):
            found.setdefault(name, set()).add(size)
    return {name: frozenset(sizes) for name, sizes in found.items()}
