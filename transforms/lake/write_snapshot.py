"""State that is whole in its newest part: what was, overridden by what this run knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.parts import PartReader, PartWriter


class WriteSnapshot(beam.PTransform[PCollection[Any], PCollection[FilePart]]):
    """One part with a row for each key: this run's where it has one, else the one in `previous`.

    Written also when there are no rows, because an empty snapshot says that nothing is left. All rows of the state
    pass through one worker: meant for what is small (cursors, pending entries).
    """

    def __init__(self, table: Table[Any], key: str, writer: PartWriter, previous: str | None = None) -> None:
        super().__init__()
        self._table = table
        self._key = key
        self._writer = writer
        self._previous = previous

    def expand(self, rows: PCollection[Any]) -> PCollection[FilePart]:
        always = rows.pipeline | "Always" >> beam.Create([("", None)])
        keyed = rows | "OneKey" >> beam.Map(_with_no_key)
        return (
            (keyed, always)
            | "Together" >> beam.Flatten()
            | "Group" >> beam.GroupByKey()
            | "WriteSnapshot" >> beam.ParDo(_SnapshotFn(self._table, self._key, self._writer, self._previous))
        )


def _with_no_key(row: Any) -> tuple[str, Any]:
    return ("", row)


class _SnapshotFn(beam.DoFn):
    def __init__(self, table: Table[Any], key: str, writer: PartWriter, previous: str | None) -> None:
        self._table = table
        self._key = key
        self._writer = writer
        self._previous = previous

    def process(self, group: tuple[str, Iterable[Any]]) -> Iterator[FilePart]:
        rows = {}
        if self._previous is not None:
            reader = PartReader(self._writer.storage)
            rows = {getattr(row, self._key): row for row in reader.rows(self._table, self._previous)}
        rows.update((getattr(row, self._key), row) for row in group[1] if row is not None)
        yield self._writer.write(self._table, [rows[key] for key in sorted(rows)], "00000")
