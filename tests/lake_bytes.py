"""All that the files of a lake say, decompressed: to look for what must not be there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

RECORD = ("_state/forgotten/", "editions/")
"""Where the record of what was forgotten stands, which must name it."""


def said_by(lake: Path, leave_out: tuple[str, ...] = RECORD, bodies: bool = True) -> dict[str, bytes]:
    """By file, all its texts and bytes; of Parquet files every value, and their footers.

    Without `bodies` the HTML of pages is left out: other pages of a site may link to one that is forgotten.
    """
    paths = (path.relative_to(lake).as_posix() for path in lake.rglob("*") if path.is_file())
    return {path: _said(lake / path, bodies) for path in paths if not path.startswith(leave_out)}


def _said(path: Path, bodies: bool) -> bytes:
    data = path.read_bytes()
    if path.suffix != ".parquet":
        return data
    table = pq.read_table(path, partitioning=None)
    if not bodies and "body" in table.column_names:
        table = table.drop(["body"])
    rows = table.to_pylist()
    return b"\n".join([data, *_values(rows)])


def _values(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, bytes):
        yield value
    elif value is not None:
        yield str(value).encode()


def places_of(lake: Path, *needles: str | bytes, bodies: bool = True) -> list[tuple[str, bytes]]:
    """The files that hold one of these texts or bytes, each with what it holds."""
    wanted = [needle.encode() if isinstance(needle, str) else needle for needle in needles]
    return [(path, one) for path, said in sorted(said_by(lake, bodies=bodies).items()) for one in wanted if one in said]
