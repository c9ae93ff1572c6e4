"""Reads the archives of runs and stores their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.archive import ARCHIVES, Archive
from schemas.failure import Failure, InputKind
from schemas.run import FilePart, Run, Step, StepTime, Tally
from transforms.common.blocks import Block
from transforms.common.clock import Clock
from transforms.common.progress import Progress, announce
from transforms.pages.warc.archive_file import ArchiveError, OpenArchive
from transforms.pages.warc.archive_work import ArchiveWork
from transforms.pages.warc.read_ahead import read_ahead
from transforms.pages.warc.read_archive import ArchiveReader, BytesAtHand, CapturedPages, PageStore, Stored
from transforms.web.settings import MIB

_AHEAD = 1
"""Stored files that wait with their pages' bytes until the one before is built."""


class ReadPages(NamedTuple):
    """The files of stored and adopted pages, each with its run; rows of `archives` by `Run.place`; counts, times and
    failures by run id."""

    pages: PCollection[tuple[Run, FilePart]]
    rows: PCollection[tuple[str, Sequence[Any]]]
    facts: PCollection[tuple[str, Tally | StepTime]]
    failures: PCollection[tuple[str, Failure]]


class ReadWarcs(beam.PTransform[PCollection[ArchiveWork], ReadPages]):
    """Stored pages of the archives of each run. Each record that is one counts as one outcome.

    One worker reads the archives of a run, one after another, since two captures of one page at one instant are one
    page, whichever archives they stand in. It reads on, in a thread of its own, while later steps in the same process
    handle the files stored so far; `at_hand` passes them the bytes.

    An archive that cannot be had is a failure, and one that breaks off too: its pages so far count, and it is read
    again by a later run, which knows them. A retry reads all again and replaces what it had stored.
    """

    def __init__(
        self,
        store: Callable[[Run], PageStore],
        known: Callable[[Run], CapturedPages],
        open_archive: OpenArchive,
        clock: Clock,
        at_hand: BytesAtHand,
    ) -> None:
        super().__init__()
        self.fn = _ReadFn(store, known, open_archive, clock, at_hand)

    def expand(self, work: PCollection[ArchiveWork]) -> ReadPages:
        outputs = work | "Read" >> beam.ParDo(self.fn).with_outputs("rows", "facts", "failures", main="pages")
        return ReadPages(outputs.pages, outputs.rows, outputs.facts, outputs.failures)


class _ReadFn(beam.DoFn):
    def __init__(
        self,
        store: Callable[[Run], PageStore],
        known: Callable[[Run], CapturedPages],
        open_archive: OpenArchive,
        clock: Clock,
        at_hand: BytesAtHand,
    ) -> None:
        self._store = store
        self._known = known
        self._open = open_archive
        self._clock = clock
        self._at_hand = at_hand

    def process(self, work: ArchiveWork) -> Iterator[Any]:
        run, began_us = work.run, self._clock.now_us()
        for part in work.adopted:
            yield run, part
        reader = ArchiveReader(work, self._store(run), self._known(run), self._open, self._clock)
        rows: list[Archive] = []
        for archive in work.asked.archives:
            announce("MiB read", archive.warc_file, -(-(archive.size_bytes or 0) // MIB))
        with closing(read_ahead(self._read(work, reader, rows), _AHEAD, "read archives")) as files:
            for stored in files:
                for part in stored.files:
                    self._at_hand.keep(part.path, {page.page_id: page.body for page in stored.pages})
                reader.counts["bytes.pages"] += sum(len(page.body) for page in stored.pages)
                for part in stored.files:
                    yield run, part
                    self._at_hand.forget(part.path)
        if rows:
            yield TaggedOutput("rows", (run.place(ARCHIVES.name), Block(rows)))
        for failure in reader.failures:
            Metrics.counter("warc", f"failures_{failure.reason}").inc()
            yield TaggedOutput("failures", (run.run_id, failure))
        for name, n in sorted(reader.counts.items()):
            Metrics.counter("warc", name.replace(".", "_")).inc(n)
            yield TaggedOutput("facts", (run.run_id, (name, n)))
        yield TaggedOutput("facts", (run.run_id, StepTime.between(Step.READ, began_us, self._clock.now_us())))

    def _read(self, work: ArchiveWork, reader: ArchiveReader, rows: list[Archive]) -> Iterator[Stored]:
        """The stored files of all archives; `rows` gets one for each that was read to its end."""
        for number, archive in enumerate(work.asked.archives):
            if reader.captures >= work.asked.max_pages:
                reader.counts["archives.deferred"] += len(work.asked.archives) - number
                return
            records, pages = reader.counts["records"], reader.counts["records.page"]
            progress = Progress("MiB read", archive.warc_file, -(-(archive.size_bytes or 0) // MIB))
            try:
                yield from reader.read(archive, progress)
            except ArchiveError as error:
                reader.counts["archives.failed"] += 1
                reader.counts["attention.archives_failed"] += 1
                reader.fail(error.reason, error.message, InputKind.ARCHIVE, archive.warc_file)
                continue
            reader.counts["archives.read"] += 1
            rows.append(
                Archive(
                    archive.warc_file,
                    archive.size_bytes,
                    work.run.started_at_us,
                    work.run.run_id,
                    reader.counts["records"] - records,
                    reader.counts["records.page"] - pages,
                )
            )
