"""Builds articles: from stored pages to articles in the lake, the half of a run that never uses the network."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.archives.stored_pages import StoredPages
from pipelines.run.settings import IngestSettings
from schemas.failure import Failure
from schemas.run import FilePart, Run, StepTime, Tally
from transforms.common.by_name import ByName
from transforms.common.clock import Clock
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.decide_run import DecideRun, FinishDrafts, Memory
from transforms.compare.stories.story_history import StoryHistory
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_drafts import Builders, ExtractDrafts
from transforms.lake.forget.record import forgotten_of
from transforms.lake.run_drafts import RunDrafts
from transforms.lake.state import state_of
from transforms.lake.writing.write_articles import WriteArticles
from transforms.pages.fetch_pages import Revisiting

_BUILD_PAGE: Final = "pipelines.run.build_page"


def builders_of(settings: IngestSettings) -> Builders:
    """What worker processes do with pages and drafts; both tries at a page are made by one function."""
    options = {
        "keep_links": settings.keep_links,
        "across_languages": settings.stories_across_languages,
        "entities_by": settings.entities,
        **_texts_of(settings),
    }
    build, carefully = (partial(ByName(_BUILD_PAGE, name), **options) for name in ("build", "build_carefully"))
    return Builders(
        build=BuildTwice(build, build),
        carefully=BuildTwice(carefully, carefully),
        rehearse=ByName(_BUILD_PAGE, "rehearse"),
    )


def revisiting_of(settings: IngestSettings) -> Revisiting | None:
    """How pages that are asked for again are looked at; None if none are."""
    if not settings.revisit_us:
        return None
    return Revisiting(partial(ByName(_BUILD_PAGE, "look_at"), **_texts_of(settings)), settings.sandbox)


def _texts_of(settings: IngestSettings) -> dict[str, Any]:
    """The option that says from where texts are taken; none where the settings file chooses nothing."""
    return {"feeds": settings.feeds} if settings.feeds.choose_texts else {}


finish_drafts = ByName(_BUILD_PAGE, "finish_drafts")


def finishing_of(settings: IngestSettings) -> FinishDrafts:
    """What worker processes do with drafts whose site has taught what its furniture is."""
    return partial(finish_drafts, entities_by=settings.entities)


class BuiltArticles(NamedTuple):
    """The failures of pages that gave no article, and facts (parts written, counts, times), by run id."""

    failures: PCollection[tuple[str, Failure]]
    facts: PCollection[tuple[str, FilePart | Tally | StepTime]]


PageFiles: TypeAlias = PCollection[tuple[Run, FilePart]]
DraftFiles: TypeAlias = PCollection[tuple[str, tuple[Run, FilePart]]]


class BuildArticles(beam.PTransform[PageFiles | tuple[PageFiles, DraftFiles], BuiltArticles]):
    """Articles of stored pages, written to the lake in three steps: extract, decide, write.

    Takes the page files or, in a run with revisits, these and draft files of articles that were found withdrawn.

    Only file names and rows of `SELECTION` travel between the steps. Deterministic: the same pages and history give the
    same rows, whatever the runner and the order. `round_us` is as in `DecideRun`.
    """

    def __init__(self, settings: IngestSettings, clock: Clock, round_us: int | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._clock = clock
        self._round_us = round_us

    def expand(self, given: PageFiles | tuple[PageFiles, DraftFiles]) -> BuiltArticles:
        pages, *withdrawn = given if isinstance(given, tuple) else (given,)
        extracted = pages | "ExtractDrafts" >> extracting(self._settings, self._clock)
        files = (extracted.files, *withdrawn) | "AllDrafts" >> beam.Flatten() if withdrawn else extracted.files
        decided = files | "DecideRun" >> deciding(self._settings, self._clock, self._round_us)
        written = decided.selections | "WriteArticles" >> WriteArticles(self._clock)
        return BuiltArticles(
            failures=(extracted.failures, decided.failures) | "Failures" >> beam.Flatten(),
            facts=(extracted.facts, decided.facts, written) | "Facts" >> beam.Flatten(),
        )


def extracting(settings: IngestSettings, clock: Clock) -> ExtractDrafts:
    """The step that makes a draft file of each page file."""
    return ExtractDrafts(builders_of(settings), StoredPages, settings.sandbox, clock, forgotten_of)


def deciding(settings: IngestSettings, clock: Clock, round_us: int | None = None) -> DecideRun:
    """The step that decides all drafts of a run."""
    return DecideRun(
        memory_of,
        finishing_of(settings),
        settings.sandbox,
        clock,
        round_us,
        choices=settings.feeds,
        revisit_us=settings.awaited_us,
    )


def memory_of(run: Run, files: Iterable[str]) -> Memory:
    """A run's drafts in these files, and the fingerprints and sketches of earlier runs to compare them with."""
    state = state_of(run)
    return Memory(
        drafts=RunDrafts(run, files),
        copies=StoredHistory(state.reader, state.parts.fingerprints, run.copies_since_us),
        stories=StoryHistory(state.reader, state.parts.stories, run.copies_since_us),
        captured=state.captured(),
    )
