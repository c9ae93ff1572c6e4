"""The whole pipeline of a run: the steps from a list of feeds to a committed manifest."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Final, Protocol

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from pipelines.run.acquire_pages import AcquirePages
from pipelines.run.build_articles import BuildArticles, DraftFiles
from pipelines.run.revisits.withdraw import withdraw
from pipelines.run.settings import IngestSettings
from schemas.failure import FAILURES, Failure, InputKind, Reason, Stage
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedSpec
from schemas.host import HOSTS
from schemas.revisit import REVISITS
from schemas.run import FilePart, Run, RunManifest, StepTime, Tally
from schemas.state import SEEN
from transforms.common.clock import Clock
from transforms.common.progress import announce
from transforms.feeds.polling.fold_polls import fold_polls
from transforms.feeds.polling.poll_feeds import RunFeeds
from transforms.lake.commit_run import CommitRun
from transforms.lake.files.layout import run_of
from transforms.lake.recover import Recovery
from transforms.lake.state import state_of
from transforms.lake.writing.write_tables import Placed, Rows, Snapshot, WriteTables
from transforms.pages.warc.archive_work import ArchivesAsked
from transforms.web.log_fields import log_fields
from transforms.web.urls import BadUrl, host_of

_FAILURES = logging.getLogger("newsbeam.failures")


@dataclass(frozen=True, slots=True)
class BegunRun:
    """A run that holds the lake: its feeds or archives, its manifest as it is at the start, and what it takes over from
    runs that died."""

    run: Run
    specs: tuple[FeedSpec, ...]
    manifest: RunManifest
    recovery: Recovery = field(default_factory=Recovery)
    archives: ArchivesAsked | None = None


TARGETS: Final = (
    Rows(FEED_POLLS, fold_polls),
    Snapshot(FEED_CURSORS, "feed_url", attrgetter("state.cursors")),
    Snapshot(HOSTS, "host", attrgetter("state.hosts"), newest_by="last_request_at_us"),
    Snapshot(PENDING, "url_key"),
    Rows(FAILURES),
    Rows(SEEN),
    Rows(REVISITS),
)
"""How a run's rows of these tables are written; pages, articles and what `DecideRun` learns are written elsewhere."""


class IngestRuns(beam.PTransform[PCollection[BegunRun], PCollection[str]]):
    """The path of each run's manifest: pages are acquired, articles built, and then the run is committed.

    No step is built for one run: the run travels with its elements.
    """

    def __init__(self, settings: IngestSettings, clock: Clock) -> None:
        super().__init__()
        self._settings = settings
        self._clock = clock

    def expand(self, begun: PCollection[BegunRun]) -> PCollection[str]:
        acquired = begun | "Feeds" >> beam.Map(feeds_of) | "AcquirePages" >> AcquirePages(self._settings, self._clock)
        build = BuildArticles(self._settings, self._clock)
        if self._settings.revisit_us:
            withdrawn = acquired.withdrawn | "Withdrawn" >> beam.FlatMap(withdraw).with_outputs("facts", main="drafts")
            acquired = acquired._replace(facts=(acquired.facts, withdrawn.facts) | "OfRevisits" >> beam.Flatten())
            return build_and_commit(begun, acquired, build, TARGETS, self._clock, withdrawn.drafts)
        return build_and_commit(begun, acquired, build, TARGETS, self._clock)


class Acquired(Protocol):
    """What comes before building, by feeds or from archives: see `AcquiredPages`."""

    @property
    def pages(self) -> PCollection[tuple[Run, FilePart]]: ...
    @property
    def rows(self) -> PCollection[tuple[str, Sequence[Any]]]: ...
    @property
    def facts(self) -> PCollection[tuple[str, Tally | StepTime]]: ...
    @property
    def failures(self) -> PCollection[tuple[str, Failure]]: ...


def build_and_commit(
    begun: PCollection[BegunRun],
    acquired: Acquired,
    build: BuildArticles,
    targets: Sequence[Rows | Snapshot],
    clock: Clock,
    withdrawn: DraftFiles | None = None,
) -> PCollection[str]:
    """The path of each run's manifest: what has been acquired is built, with the drafts of articles that were found
    `withdrawn`, its rows are written to `targets`, and then the run is committed."""
    stored = acquired.pages | "StoredPages" >> beam.FlatMap(facts_of_stored).with_outputs("facts", main="rows")
    given = acquired.pages if withdrawn is None else (acquired.pages, withdrawn)
    built = given | "BuildArticles" >> build
    failed = (
        (acquired.failures, built.failures)
        | "AllFailures" >> beam.Flatten()
        | "Failed" >> beam.FlatMap(facts_of_failure).with_outputs("facts", main="rows")
    )
    written = (
        (acquired.rows, stored.rows, failed.rows, begun | "Tables" >> beam.FlatMap(_tables, targets))
        | "AllRows" >> beam.Flatten()
        | "WriteTables" >> WriteTables(targets, clock)
    )
    manifests = begun | "Manifests" >> beam.Map(_manifest)
    return (
        (acquired.facts, built.facts, stored.facts, failed.facts, written, manifests)
        | "AllFacts" >> beam.Flatten()
        | "CommitRun" >> CommitRun(clock)
    )


def feeds_of(begun: BegunRun) -> RunFeeds:
    """The feeds to poll in a run, and the page files that it adopts."""
    return RunFeeds(begun.run, begun.specs, begun.recovery.adopted)


def _tables(begun: BegunRun, targets: Sequence[Rows | Snapshot]) -> Iterator[Placed]:
    for target in targets:
        yield begun.run.place(target.table.name), begun.run


def _manifest(begun: BegunRun) -> tuple[str, tuple[Run, RunManifest]]:
    """A run's manifest as it is at the start, as the fact that its commit begins with."""
    return begun.run.run_id, (begun.run, begun.manifest)


def facts_of_stored(stored: tuple[Run, FilePart]) -> Iterator[Any]:
    """The `seen` rows of a file of stored pages; and, as a fact, the file itself if this run stored it."""
    run, part = stored
    announce("articles", part.path, part.rows)
    yield run.place(SEEN.name), state_of(run).seen_in_pages(part.path)
    if run_of(part.path) == run.run_id:
        yield TaggedOutput("facts", (run.run_id, part))


def facts_of_failure(failed: tuple[str, Failure]) -> Iterator[Any]:
    """The row of a failure, and as facts its tallies for the sums."""
    run_id, failure = failed
    failure = with_host(failure)
    _log(run_id, failure)
    yield f"{run_id}/{FAILURES.name}", [failure]
    for name in tallies_of(failure):
        yield TaggedOutput("facts", (run_id, (name, 1)))


def _log(run_id: str, failure: Failure) -> None:
    """Log a failure, with the fields by which others are found that have to do with it."""
    is_url = failure.input_kind in (InputKind.FEED, InputKind.ENTRY, InputKind.PAGE)
    about = log_fields(failure.input, failure.feed_url) if is_url else {"input": failure.input}
    facts = {"stage": failure.stage, "reason": failure.reason, "status": failure.status, "what": failure.message}
    _FAILURES.info("failure", extra={"run_id": run_id, **about, **facts})


def tallies_of(failure: Failure) -> Iterator[str]:
    """The counts to which a failure adds one."""
    yield f"failures.{failure.stage}"
    yield f"reason.{failure.stage}/{Reason(failure.reason)}"
    if failure.stage == Stage.PAGES and failure.reason == Reason.CRASH:  # a bug: here no worker is killed
        yield "attention.crashed_pages"


def with_host(failure: Failure) -> Failure:
    """The failure with the host of its input, if that has one."""
    try:
        return replace(failure, host=host_of(failure.input))
    except BadUrl:  # a feed's entry without a usable address
        return failure
