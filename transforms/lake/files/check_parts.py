"""Checks that a part still has the size and checksum with which it was written, and can be read."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.files.parts import checksum_of
from transforms.lake.files.storage import Stat, Storage


def trouble_with(
    storage: Storage, table: Table[Any], path: str, stat: Stat, written: FilePart | None, thoroughly: bool
) -> str | None:
    """What is wrong with a part, in a few words; None if nothing is.

    `written` is what the manifest or a note says of the part, None if neither does. With `thoroughly` all bytes are
    read; without it only size and footer are checked.
    """
    if written is not None and written.size_bytes != stat.size_bytes:
        return f"it has {stat.size_bytes} bytes and was written with {written.size_bytes}"
    if written is not None and written.checksum and thoroughly:
        with storage.open(path) as source:
            return None if checksum_of(source.read_buffer()) == written.checksum else "its checksum is another"
    return trouble_reading(storage, table, path, thoroughly)


def trouble_reading(storage: Storage, table: Table[Any], path: str, thoroughly: bool = True) -> str | None:
    """Why a file cannot be read as a part of a table; None if it can. `thoroughly` reads all rows, else the footer."""
    try:
        with storage.open(path) as source, pq.ParquetFile(source) as file:
            misfit = table.misfit(file.schema_arrow)
            if misfit is not None:
                return misfit
            for batch in file.iter_batches(batch_size=table.row_group_rows) if thoroughly else ():
                batch.validate(full=True)
                rows = table.conformed(pa.Table.from_batches([batch]))
                if (lacking := table.lacking(rows)) is not None:
                    return lacking
    except FileNotFoundError:
        return "it is missing"
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return None
