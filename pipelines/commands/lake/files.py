"""``newsbeam files``: prints the committed files of a table, for readers that take a list of paths."""

from __future__ import annotations

import argparse

from pipelines.given.lakes import lake_at, reading_lake, runs_of
from pipelines.printable import json_text
from schemas.table import Table
from schemas.tables import DATA
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

_TABLES = {table.name: table for table in DATA}


def files(given: argparse.Namespace) -> int:
    """0, after printing the paths of a table's committed files, one a line; nothing if it has none yet."""
    table = _TABLES[given.table]
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)  # else a mistyped folder would look like an empty lake
        paths = committed_files(storage, table, given.output)
    if given.json:
        shown = {"output": given.output, "table": table.name, "partition": table.partition, "files": paths}
        print(json_text(shown, sort_keys=True))
        return 0
    for path in paths:
        print(path)
    return 0


def committed_files(storage: Storage, table: Table[object], lake: str) -> list[str]:
    """The paths of a table's committed files, in the order of their partitions; `lake` is how each of them begins."""
    return [f"{lake.rstrip('/')}/{path}" for path in committed(storage).parts(table)]
