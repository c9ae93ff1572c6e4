"""The rows of a table's files as a `pyarrow.dataset.Dataset`, wherever the lake lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

from schemas.table import Table
from transforms.lake.files.lake_files import LakeFiles
from transforms.lake.files.layout import day_of_part
from transforms.lake.files.storage import Storage


def dataset_of(storage: Storage, table: Table[Any], files: Sequence[str]) -> ds.Dataset:
    """The rows of these files, with all columns of the table (null where a file lacks one) and its partition's day.

    No file is looked at before rows are asked for.
    """
    partition = str(table.partition)
    schema = table.schema.append(pa.field(partition, pa.date32()))
    if not files:
        return ds.dataset(schema.empty_table())
    if storage.folder is None:
        root, system = "", fs.PyFileSystem(LakeFiles(storage))
    else:
        root, system = f"{storage.folder}/", fs.LocalFileSystem()
    days = [ds.field(partition) == pa.scalar(day_of_part(path), pa.date32()) for path in files]
    paths = [root + path for path in files]
    return ds.FileSystemDataset.from_paths(paths, schema, ds.ParquetFileFormat(), system, days)
