"""Rows of several tables into the lake: one part a table and partition, one shuffle for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.parts import PartReader, PartWriter

_ONLY_SHARD = "00000"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table to write as they are."""

    table: Table[Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of a table that is whole in its newest part: what `previous` held, overridden by `key`.

    Of several new rows with one key the last counts, in the order of the attribute `newest_by` (None first). Written
    also when there are no rows, because an empty snapshot says that nothing is left.
    """

    table: Table[Any]
    key: str
    previous: str | None = None
    newest_by: str | None = None


Target = Rows | Snapshot


class WriteTables(beam.PTransform[Mapping[str, PCollection[Any]], PCollection[FilePart]]):
    """The parts that hold all rows given, each row once.

    `targets` says what becomes of each named collection. The rows of one partition are together in the memory of the
    worker that writes them, so they should be small: what is large (pages) is written where it arises, and what
    another grouping brought together goes to `WriteGroups`. The same rows give the same parts, whatever order they
    arrive in; a retry replaces its own.
    """

    def __init__(self, writer: PartWriter, targets: Mapping[str, Target]) -> None:
        super().__init__()
        self._writer = writer
        self._targets = dict(targets)

    def expand(self, rows: Mapping[str, PCollection[Any]]) -> PCollection[FilePart]:
        if rows.keys() != self._targets.keys():
            raise ValueError(f"rows for {sorted(rows)}, but targets for {sorted(self._targets)}")
        pipeline = next(iter(rows.values())).pipeline
        always = [(f"{name}/", None) for name, target in self._targets.items() if isinstance(target, Snapshot)]
        keyed = [
            collection | f"Key_{name}" >> beam.Map(_with_place, name, self._targets[name].table)
            for name, collection in rows.items()
        ]
        return (
            (*keyed, pipeline | "Always" >> beam.Create(always, reshuffle=False))
            | "Together" >> beam.Flatten()
            | "GroupByPlace" >> beam.GroupByKey()
            | "WriteParts" >> beam.ParDo(_WriteFn(self._writer, self._targets))
        )


class WriteGroups(beam.PTransform[PCollection[tuple[str, Iterable[Any]]], PCollection[FilePart]]):
    """A part for each (partition, rows): rows that are together already are written without another shuffle."""

    def __init__(self, table: Table[Any], writer: PartWriter) -> None:
        super().__init__()
        self._table = table
        self._writer = writer

    def expand(self, groups: PCollection[tuple[str, Iterable[Any]]]) -> PCollection[FilePart]:
        return groups | "WritePart" >> beam.FlatMap(_write, self._table, self._writer)


def _with_place(row: Any, name: str, table: Table[Any]) -> tuple[str, Any]:
    return f"{name}/{table.partition_of(row) if table.partition_of else ''}", row


def _write(group: tuple[str, Iterable[Any]], table: Table[Any], writer: PartWriter) -> Iterator[FilePart]:
    partition, rows = group
    ordered = sorted(rows, key=repr)  # equal keys of `sort_by` keep this order, whatever order rows arrived in
    if ordered:
        yield writer.write(table, ordered, _ONLY_SHARD, partition)


class _WriteFn(beam.DoFn):
    def __init__(self, writer: PartWriter, targets: Mapping[str, Target]) -> None:
        self._writer = writer
        self._targets = targets

    def process(self, group: tuple[str, Iterable[Any]]) -> Iterator[FilePart]:
        place, rows = group
        name, partition = place.split("/", 1)
        target = self._targets[name]
        if isinstance(target, Snapshot):
            yield self._writer.write(target.table, self._merged(target, rows), _ONLY_SHARD)
        else:
            yield from _write((partition, rows), target.table, self._writer)

    def _merged(self, target: Snapshot, rows: Iterable[Any]) -> list[Any]:
        merged = {}
        if target.previous is not None:
            reader = PartReader(self._writer.storage)
            merged = {getattr(row, target.key): row for row in reader.rows(target.table, target.previous)}
        new = [row for row in rows if row is not None]
        if (newest_by := target.newest_by) is not None:
            new.sort(key=lambda row: (getattr(row, newest_by) or 0, repr(row)))
        merged.update((getattr(row, target.key), row) for row in new)
        return [merged[key] for key in sorted(merged)]
