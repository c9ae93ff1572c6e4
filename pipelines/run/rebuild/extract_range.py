"""Extracts the pages of a rebuild, on any runner: one draft file for each page file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, TypeOptions

from pipelines.archives.stored_pages import StoredPages
from pipelines.run.build_articles import builders_of
from pipelines.run.ingest import run_to_end
from pipelines.run.runners import Job, for_bounded_runs, runner_for
from pipelines.run.settings import IngestSettings
from schemas.failure import Failure
from schemas.page import PAGES, LostPage, Page
from schemas.run import FilePart, Run
from transforms.common.clock import Clock
from transforms.common.progress import announce
from transforms.common.same_version import SameVersion
from transforms.extract.extract_drafts import Builders, ExtractDrafts
from transforms.lake.editions.rebuild.drafts import RangeFiles, draft_path
from transforms.lake.editions.rebuild.range import FilePages, RebuildRange
from transforms.lake.files.draft_files import failures_in
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import storage_of


def careful_builders(settings: IngestSettings) -> Builders:
    """What builds pages anew. A bug of ours on one page is that page's failure: its article stays as it is, and the
    others are made anew."""
    builders = builders_of(settings)
    return replace(builders, build=builders.carefully)


@dataclass(frozen=True, slots=True)
class RangeExtractor:
    """Extracts the pages of ranges by the options of Beam that the user gave."""

    settings: IngestSettings
    clock: Clock
    beam_args: tuple[str, ...] = ()
    job: Job = field(default_factory=Job)

    def __call__(self, run: Run, of: RebuildRange, *, is_part: bool) -> None:
        """Write the draft file of each page file; `is_part`: not all of their pages are built.

        Raises RunFailedError with the reason where the run refuses to go on.
        """
        numbers = {file.path: number for number, file in enumerate(of.files)}
        wanted = frozenset(of.pages) if is_part else None
        store = partial(RangeFiles, numbers=numbers, wanted=wanted, stored=_stored)
        run_to_end(partial(self._run, run, of.files, store), storage_of(run), run.run_id)

    def _run(self, run: Run, files: Sequence[FilePages], store: partial[RangeFiles]) -> None:
        options = PipelineOptions(for_bounded_runs(self.beam_args))
        options.view_as(TypeOptions).pipeline_type_check = False  # as in ingest
        pipeline = beam.Pipeline(runner=runner_for(options), options=options)
        given = tuple(files)
        first = SameVersion(run.version, given) if run.version else beam.Create([given], reshuffle=False)
        _ = (
            pipeline
            | "Files" >> first
            | "EachFile" >> beam.FlatMap(_each_file, run)
            | "Spread" >> beam.Reshuffle()
            | "ExtractDrafts"
            >> ExtractDrafts(careful_builders(self.settings), store, self.settings.sandbox, self.clock)
        )
        self.job.run(pipeline, options)


def _stored(run: Run, path: str) -> Iterator[Page | LostPage]:
    return StoredPages(run).pages(path)


def _each_file(files: Sequence[FilePages], run: Run) -> Iterator[tuple[Run, FilePart]]:
    for file in files:
        announce("articles", file.path, len(file.page_ids))
        yield run, FilePart(PAGES.name, file.path, len(file.page_ids), 0)


def failures_of(run: Run, of: RebuildRange) -> dict[str, Failure]:
    """The failures of the pages that gave no draft, by page id; each is of the run that built its page first."""
    reader = PartReader(storage_of(run))
    failed = (
        one.failure for number in range(len(of.files)) for one in failures_in(reader, draft_path(run.run_id, number))
    )
    return {failure.run_id: replace(failure, run_id=of.pages[failure.run_id].round) for failure in failed}
