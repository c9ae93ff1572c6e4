"""Writes the rows of several small tables with one shuffle: one part for each table and partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection

from schemas.run import FilePart, Run, Step, StepTime
from schemas.table import Table
from transforms.common.clock import Now
from transforms.lake.files.parts import PartReader, writer_of

ONLY_SHARD = "00000"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table whose rows are written as they are, or as `fold` makes them from all rows given."""

    table: Table[Any]
    fold: Callable[[list[Any]], list[Any]] = list


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table whose newest part holds everything: the previous part's rows, replaced by new rows of the same `key`.

    `previous` gives the path of the previous part for a run, None if none of its rows stay. Of several new rows with
    one key the last counts, in the order of the attribute `newest_by` (None first). The part is written even without
    rows, because an empty snapshot says that nothing is left.
    """

    table: Table[Any]
    key: str
    previous: Callable[[Run], str | None] | None = None
    newest_by: str | None = None


Target = Rows | Snapshot
Placed = tuple[str, Run | Sequence[Any]]
"""Keyed by `Run.place`: rows of one table or, once for each table, the run itself."""


class WriteTables(beam.PTransform[PCollection[Placed], PCollection[tuple[str, FilePart | StepTime]]]):
    """The parts that hold all rows given, each row once, and the time that each table took, by run id.

    `targets` says how each table's rows are written; for each table the run must come once beside the rows. All rows of
    a table are in the memory of one worker, so they should be small; pages, drafts and articles, which are large, are
    written by the steps that make them. The order of arrival does not change the parts; a retry replaces its own.
    """

    def __init__(self, targets: Sequence[Target], clock: Now) -> None:
        super().__init__()
        self.fn = _WriteFn({target.table.name: target for target in targets}, clock)

    def expand(self, rows: PCollection[Placed]) -> PCollection[tuple[str, FilePart | StepTime]]:
        return rows | "GroupByTable" >> beam.GroupByKey() | "WriteParts" >> beam.ParDo(self.fn)


class _WriteFn(beam.DoFn):
    def __init__(self, targets: Mapping[str, Target], clock: Now) -> None:
        self._targets = targets
        self._clock = clock

    def process(self, placed: tuple[str, Iterable[Run | Sequence[Any]]]) -> Iterator[tuple[str, FilePart | StepTime]]:
        began_us = self._clock.now_us()
        run_id, name = placed[0].split("/", 1)
        for part in self._parts(name, list(placed[1])):
            Metrics.counter("lake", f"rows_{name}").inc(part.rows)
            Metrics.counter("lake", f"bytes_{name}").inc(part.size_bytes)
            yield run_id, part
        yield run_id, StepTime.between(Step.TABLES, began_us, self._clock.now_us())

    def _parts(self, name: str, given: list[Run | Sequence[Any]]) -> Iterator[FilePart]:
        (run,) = (one for one in given if isinstance(one, Run))
        rows = [row for block in given if not isinstance(block, Run) for row in block]
        target = self._targets[name]
        writer = writer_of(run)
        if isinstance(target, Snapshot):
            merged = _merged(target, rows, run, PartReader(writer.storage))
            yield writer.write(target.table, merged, ONLY_SHARD)
            return
        by_partition: dict[str, list[Any]] = {}
        for row in target.fold(rows):
            by_partition.setdefault(target.table.partition_of(row) if target.table.partition_of else "", []).append(row)
        for partition, some in sorted(by_partition.items()):
            some.sort(key=repr)  # equal keys of `sort_by` keep this order, whatever order rows arrived in
            yield writer.write(target.table, some, ONLY_SHARD, partition)


def _merged(target: Snapshot, rows: list[Any], run: Run, reader: PartReader) -> list[Any]:
    previous = None if target.previous is None else target.previous(run)
    merged = {}
    if previous is not None:
        merged = {getattr(row, target.key): row for row in reader.rows(target.table, previous)}
    if (newest_by := target.newest_by) is not None:
        rows = sorted(rows, key=lambda row: (getattr(row, newest_by) or 0, repr(row)))
    merged.update((getattr(row, target.key), row) for row in rows)
    return [merged[key] for key in sorted(merged)]
