"""The whole pipeline of a backfill run: the steps from archives to a committed manifest."""

from __future__ import annotations

from typing import Final

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.archives.open_archive import open_archive
from pipelines.archives.stored_pages import bytes_at_hand
from pipelines.run.acquire_pages import page_store_of
from pipelines.run.build_articles import BuildArticles
from pipelines.run.ingest_runs import BegunRun, build_and_commit
from pipelines.run.settings import IngestSettings
from schemas.archive import ARCHIVES
from schemas.failure import FAILURES
from schemas.state import SEEN
from transforms.common.clock import Clock
from transforms.compare.rounds import CAPTURES_US
from transforms.lake.captured.captures import Captures
from transforms.lake.writing.write_tables import Rows
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
        if self._settings.shards > 1:
            read = read._replace(pages=read.pages | "Spread" >> beam.Reshuffle())
        build = BuildArticles(self._settings, self._clock, CAPTURES_US)
        return build_and_commit(begun, read, build, TARGETS, self._clock)


def _work_of(begun: BegunRun) -> ArchiveWork:
    return ArchiveWork(begun.run, begun.archives or ArchivesAsked(()), begun.recovery.adopted)
