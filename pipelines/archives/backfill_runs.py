"""The whole pipeline of a backfill run: the steps from archives to a committed manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.archives.open_archive import open_archive
from pipelines.archives.stored_pages import bytes_at_hand
from pipelines.run.acquire_pages import page_store_of
from pipelines.run.build_articles import BuildArticles
from pipelines.run.ingest_runs import BegunRun, facts_of_failure, facts_of_stored, manifest_fact
from pipelines.run.settings import IngestSettings
from schemas.archive import ARCHIVES
from schemas.failure import FAILURES
from schemas.state import SEEN
from transforms.common.clock import Clock
from transforms.compare.rounds import CAPTURES_US
from transforms.lake.captured.captures import Captures
from transforms.lake.commit_run import CommitRun
from transforms.lake.write_tables import Placed, Rows, WriteTables
from transforms.pages.warc.archive_work import ArchivesAsked, ArchiveWork
from transforms.pages.warc.read_warcs import ReadWarcs

TARGETS: Final = (Rows(FAILURES), Rows(SEEN), Rows(ARCHIVES))
"""How a run's rows of these tables are written. Cursors, hosts and pending entries stay as the last run with feeds left
them."""


class BackfillRuns(beam.PTransform[PCollection[BegunRun], PCollection[str]]):
    """The path of each run's manifest: archives are read, articles built, and then the run is committed.

    After the stored page all is as in `IngestRuns`. On several workers the names of page files are spread, and each
    reads the bytes of its pages from the archive; on one, they come straight from the reading.
    """

    def __init__(self, settings: IngestSettings, clock: Clock) -> None:
        super().__init__()
        self._settings = settings
        self._clock = clock

    def expand(self, begun: PCollection[BegunRun]) -> PCollection[str]:
        read = (
            begun
            | "Archives" >> beam.Map(_work_of)
            | "ReadWarcs" >> ReadWarcs(page_store_of, Captures, open_archive, self._clock, bytes_at_hand())
        )
        pages = read.pages if self._settings.shards == 1 else read.pages | "Spread" >> beam.Reshuffle()
        stored = pages | "StoredPages" >> beam.FlatMap(facts_of_stored).with_outputs("facts", main="rows")
        built = pages | "BuildArticles" >> BuildArticles(self._settings, self._clock, CAPTURES_US)
        failed = (
            (read.failures, built.failures)
            | "AllFailures" >> beam.Flatten()
            | "Failed" >> beam.FlatMap(facts_of_failure).with_outputs("facts", main="rows")
        )
        written = (
            (read.rows, stored.rows, failed.rows, begun | "Tables" >> beam.FlatMap(_tables))
            | "AllRows" >> beam.Flatten()
            | "WriteTables" >> WriteTables(TARGETS)
        )
        manifests = begun | "Manifests" >> beam.Map(manifest_fact)
        return (
            (read.facts, built.facts, stored.facts, failed.facts, written, manifests)
            | "AllFacts" >> beam.Flatten()
            | "CommitRun" >> CommitRun(self._clock)
        )


def _work_of(begun: BegunRun) -> ArchiveWork:
    return ArchiveWork(begun.run, begun.archives or ArchivesAsked(()), begun.recovery.adopted)


def _tables(begun: BegunRun) -> Iterator[Placed]:
    for target in TARGETS:
        yield begun.run.place(target.table.name), begun.run
