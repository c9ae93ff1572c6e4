"""Writes decided drafts to parts of the `articles` table, from Arrow data to Arrow data without Python rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection

from schemas.article import ARTICLES, PageKind
from schemas.draft import part_of
from schemas.run import FilePart, Run, Step, StepTime, Tally
from transforms.common.clock import Now
from transforms.lake.files.parts import PartReader, encode_arrow, writer_of
from transforms.lake.files.storage import storage_of
from transforms.lake.writing.decided_rows import with_decisions

_WRITTEN_AT_ONCE: Final = 4
"""Small parts mostly wait for the disk. Together they are at most one selection, so memory needs no other bound."""


Written = FilePart | Tally | StepTime
"""What writing articles tells of: a part, a count, or how long it took."""


class WriteArticles(beam.PTransform[PCollection[tuple[str, tuple[Run, pa.Table]]], PCollection[tuple[str, Written]]]):
    """The parts of the `articles` table, a count for each unusual kind of page, and times, by run id.

    Takes selections (rows of `SELECTION`), each with a key of its own; one worker writes one selection. A retry
    replaces its own parts.
    """

    def __init__(self, clock: Now) -> None:
        super().__init__()
        self._clock = clock

    def expand(self, selections: PCollection[tuple[str, tuple[Run, pa.Table]]]) -> PCollection[tuple[str, Written]]:
        return selections | "Spread" >> beam.GroupByKey() | "Write" >> beam.FlatMap(_written, self._clock)


def _written(piece: tuple[str, Iterable[tuple[Run, pa.Table]]], clock: Now) -> Iterator[tuple[str, Written]]:
    for run, rows in piece[1]:
        for fact in write_articles(run, rows, clock):
            yield run.run_id, fact


def write_articles(run: Run, selection: pa.Table, clock: Now) -> Iterator[Written]:
    """The parts that a selection names, each yielded after it is written; then tallies: of each
    unusual page kind, and of articles that seem not to be whole; then the time that all took."""
    began_us = clock.now_us()
    selection = selection.sort_by([("file", "ascending"), ("row", "ascending")])
    stamps = {"run_id": run.run_id, "ingested_at": run.started_at_us}
    for name, value in stamps.items():
        selection = selection.append_column(name, pa.repeat(value, selection.num_rows))
    articles = with_decisions(_articles_of(run, selection), selection)
    writer = writer_of(run)
    parts = pa.table({"partition": selection.column("partition"), "shard": selection.column("shard")})
    places = sorted(set(zip(*(column.to_pylist() for column in parts.columns), strict=True)))

    def written(place: tuple[str, str]) -> FilePart:
        partition, shard = place
        here = pc.and_(pc.equal(parts.column("partition"), partition), pc.equal(parts.column("shard"), shard))
        rows = ARTICLES.in_order(articles.filter(here))
        return writer.put(ARTICLES, encode_arrow(ARTICLES, rows), rows.num_rows, shard, partition)

    with ThreadPoolExecutor(_WRITTEN_AT_ONCE) as threads:
        for part in threads.map(written, places):  # which writes no further part after one has failed
            Metrics.counter("lake", "rows_articles").inc(part.rows)
            Metrics.counter("lake", "bytes_articles").inc(part.size_bytes)
            yield part
    kinds = Counter(articles.column("page_kind").to_pylist())
    for kind, n in sorted((str(kind), n) for kind, n in kinds.items()):
        if kind != PageKind.ARTICLE:
            yield f"kind.{kind}", n
    if incomplete := pc.sum(pc.equal(articles.column("is_complete"), False)).as_py():
        yield "articles_incomplete", incomplete
    yield StepTime.between(Step.WRITE, began_us, clock.now_us())


def _articles_of(run: Run, selection: pa.Table) -> pa.Table:
    """The articles of the selected drafts, in the order of the selection, which is sorted by file and row."""
    reader = PartReader(storage_of(run))
    rows = selection.column("row")
    taken = []
    for file in sorted(set(selection.column("file").to_pylist())):
        here = rows.filter(pc.equal(selection.column("file"), file)).to_pylist()
        taken.append(part_of(reader.take(file, ["article"], here), "article"))
    return pa.concat_tables(taken)
