"""The report's part on facts: how many of the run's articles are in each language, on each country and topic, by each
agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
from rich.console import Console
from rich.table import Table as Grid

from pipelines.printable import cell
from schemas.article import ARTICLES
from schemas.run import RunManifest
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

COLUMNS: Final[Mapping[str, str]] = {
    "in_language": "by language",
    "countries": "by country",
    "wire_sources": "by agency",
    "topic": "by topic",
}
"""The columns that are counted, and how the report names them."""

_SHOWN: Final = 8


def facts_of_run(storage: Storage, manifest: RunManifest) -> dict[str, Counter[str]]:
    """How many articles of the run have each value of each of the `COLUMNS`. An article of several counts for each."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in COLUMNS}
    reader = PartReader(storage)
    for path, rows in committed(storage).of_run(ARTICLES, manifest.run_id, tuple(COLUMNS)):
        for name in set(COLUMNS) & set(rows.column_names):  # files of earlier releases lack some
            try:
                counts[name].update(_values(rows.column(name)))
            except UnicodeDecodeError as error:
                raise reader.damaged(path, str(error)) from error
    return counts


def _values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_list(column.type):
        column = pa.chunked_array([chunk.flatten() for chunk in column.chunks], column.type.value_type)
    return list(column.drop_null().to_pylist())


def print_facts(counts: Mapping[str, Counter[str]], console: Console) -> None:
    """Print a line for each column that has values: the most frequent, and how many others there are."""
    grid = Grid(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name, label in COLUMNS.items():
        ranked = sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))
        if ranked:
            shown = [f"{count} {value}" for value, count in ranked[:_SHOWN]]
            others = f", {len(ranked) - _SHOWN} others" if len(ranked) > _SHOWN else ""
            grid.add_row(label, cell(", ".join(shown) + others))
    if grid.row_count:
        console.print(grid)
