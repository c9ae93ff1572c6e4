"""Rows into the lake, one part a partition and shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.run import FilePart
from schemas.table import Table
from transforms.lake.parts import PartWriter


class WriteRows(beam.PTransform[PCollection[Any], PCollection[FilePart]]):
    """The parts that hold all rows of a table, each row once.

    Groups the rows by partition in memory of the worker that writes it, so rows should be small: what is large
    (pages) is written where it arises, and what another grouping already brought together goes to `WriteGroups`.
    The same rows give the same parts, whatever order they arrive in; a retry replaces its own.
    """

    def __init__(self, table: Table[Any], writer: PartWriter) -> None:
        super().__init__()
        self._table = table
        self._writer = writer

    def expand(self, rows: PCollection[Any]) -> PCollection[FilePart]:
        keyed = rows | "KeyByPartition" >> beam.Map(_with_partition, self._table)
        return keyed | "GroupByPartition" >> beam.GroupByKey() | "Write" >> WriteGroups(self._table, self._writer)


class WriteGroups(beam.PTransform[PCollection[tuple[str, Iterable[Any]]], PCollection[FilePart]]):
    """A part for each (partition, rows): rows that are together already are written without another shuffle."""

    def __init__(self, table: Table[Any], writer: PartWriter) -> None:
        super().__init__()
        self._table = table
        self._writer = writer

    def expand(self, groups: PCollection[tuple[str, Iterable[Any]]]) -> PCollection[FilePart]:
        return groups | "WritePart" >> beam.ParDo(_WriteFn(self._table, self._writer))


def _with_partition(row: Any, table: Table[Any]) -> tuple[str, Any]:
    return (table.partition_of(row) if table.partition_of else "", row)


class _WriteFn(beam.DoFn):
    def __init__(self, table: Table[Any], writer: PartWriter) -> None:
        self._table = table
        self._writer = writer

    def process(self, group: tuple[str, Iterable[Any]]) -> Iterator[FilePart]:
        partition, rows = group
        ordered = sorted(rows, key=repr)  # equal keys of `sort_by` keep this order, whatever order rows arrived in
        if ordered:
            yield self._writer.write(self._table, ordered, "00000", partition)
