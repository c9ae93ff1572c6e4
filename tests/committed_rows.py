"""The committed rows of a lake, as those readers see them who know what is committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from schemas.tables import DATA
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

_TABLES = {table.name: table for table in DATA}


def committed_rows(lake: Path, table: str) -> list[dict[str, Any]]:
    """All committed rows of a table of readers with their partition, as a text."""
    paths = [f"{lake}/{path}" for path in committed(Storage(str(lake))).parts(_TABLES[table])]
    if not paths:
        return []
    dataset = ds.dataset(paths, partitioning="hive", partition_base_dir=str(lake / table))
    return list(dataset.to_table().to_pylist())
