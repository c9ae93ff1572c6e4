"""One bounded run: feeds polled once, pages stored, articles built, the run committed."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, TypeOptions

from pipelines.acquire_pages import AcquirePages
from pipelines.build_articles import BuildArticles
from pipelines.rebuild_state import rebuild_state
from pipelines.run_errors import REFUSALS, in_one_line, no_room, stated_reason
from pipelines.runners import runner_for
from pipelines.settings import IngestSettings, RunContext
from schemas.failure import FAILURES, Failure, Reason, Stage
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedSpec
from schemas.fingerprint import FINGERPRINTS
from schemas.host import HOSTS
from schemas.run import FilePart, RunManifest, iso, new_run_id, started_us
from schemas.site import SITES
from schemas.state import SEEN, Seen
from schemas.story import STORIES
from schemas.tables import DATA
from transforms.feeds.rhythm import run_gap_s
from transforms.lake.check_state import check_state
from transforms.lake.commit_run import CommitRun, Tally
from transforms.lake.layout import manifest_path
from transforms.lake.lock import LakeGoneError, LakeLockedError, is_gone, lake_lock
from transforms.lake.parts import PartWriter
from transforms.lake.recover import Recovery, begin_run, end_run, known_runs, recover
from transforms.lake.state import StateBefore, state_before, tidy_state
from transforms.lake.storage import Storage
from transforms.lake.table_schemas import write_table_schemas
from transforms.lake.write_tables import Rows, Snapshot, Target, WriteTables
from transforms.pages.fetch_pages import FetchOutcome
from transforms.text.clock import Clock
from transforms.text.progress import announce
from transforms.web.urls import BadUrl, host_of

_LOG = logging.getLogger("newsbeam.run")
_DAY_US = 86_400_000_000
_PACKAGES = ("newsbeam", "apache-beam", "trafilatura", "feedparser", "pyarrow")


class RunFailedError(Exception):
    """The run was not committed: its sums do not add up, it lost the lake, the lake cannot be read or written, or no
    worker could work."""


def ingest(
    specs: Sequence[FeedSpec],
    output: str,
    settings: IngestSettings,
    beam_args: Sequence[str] = (),
    clock: Clock | None = None,
    shown_settings: Mapping[str, Any] | None = None,
    name_run: Callable[[str], None] | None = None,
) -> RunManifest:
    """Run once over these feeds and give the manifest of the committed run.

    First cleans up after runs that died. `name_run` is told the run's id as soon as it has one. Raises
    LakeLockedError when another run writes to the lake and RunFailedError when the sums do not add up or the lake
    cannot be read or written; any error means that nothing was committed, and the next run goes on from what is stored.
    State that is damaged is rebuilt from the tables first; the run then calls for someone to look. What
    fails after the commit is logged and left to the next run.
    """
    clock = clock or Clock()
    try:
        return _ingest(specs, Storage(output), settings, beam_args, clock, shown_settings or {}, name_run)
    except REFUSALS as error:
        raise RunFailedError(str(error)) from error


def _ingest(
    specs: Sequence[FeedSpec],
    storage: Storage,
    settings: IngestSettings,
    beam_args: Sequence[str],
    clock: Clock,
    shown_settings: Mapping[str, Any],
    name_run: Callable[[str], None] | None,
) -> RunManifest:
    started_at_us = clock.now_us()
    runs = known_runs(storage)
    run_id = new_run_id(started_at_us, runs[-1] if runs else None)
    if name_run is not None:
        name_run(run_id)
    with lake_lock(storage, run_id) as generation:
        if known_runs(storage) != runs:
            raise LakeLockedError("another run has just written to this lake; run again")
        recovery = recover(storage)
        begin_run(storage, run_id)
        damaged = _mended(storage, started_at_us)
        adopted = tuple(part.path for part in recovery.adopted)
        state = state_before(storage, adopted, started_at_us - settings.copies_horizon_days * _DAY_US)
        settings = _in_rhythm(settings, [*runs, run_id])
        context = RunContext(run_id, started_at_us, clock, settings, state, PartWriter(storage, run_id, generation))
        draft = _draft(context, specs, recovery, shown_settings, damaged)
        extra = {"feeds": len(specs), "output": storage.root, "adopted_files": len(adopted)}
        _LOG.info("run started", extra=extra)
        options = PipelineOptions(list(beam_args))
        options.view_as(TypeOptions).pipeline_type_check = False  # mypy and the tests check types; each run need not
        pipeline = beam.Pipeline(runner=runner_for(options), options=options)
        describe(pipeline, specs, context, draft, recovery, generation)
        _finish(pipeline, storage)
        manifest = RunManifest.from_json(storage.get(manifest_path(run_id)))
        manifest = _tidied(manifest, storage, recovery, started_at_us)
    _LOG.info("run committed", extra={"rows": dict(manifest.tables), "manifest": manifest_path(run_id)})
    return manifest


def _mended(storage: Storage, now_us: int) -> int:
    """How many files of state and manifests are damaged: the log has a line for each, and state is rebuilt at once."""
    check = check_state(storage)
    for run_id in check.damaged_manifests:
        _LOG.warning(
            "damaged manifest; newsbeam repair makes it anew from its run's files",
            extra={"path": manifest_path(run_id)},
        )
    for rebuilt in rebuild_state(storage, check, now_us):
        extra = {"path": rebuilt.damage.path, "reason": rebuilt.damage.why, "cost": rebuilt.cost}
        _LOG.warning("damaged state rebuilt", extra=extra | ({"lost": rebuilt.lost} if rebuilt.lost else {}))
    return len(check.damaged_manifests) + len(check.damaged)


def describe(
    pipeline: beam.Pipeline,
    specs: Sequence[FeedSpec],
    context: RunContext,
    draft: RunManifest,
    recovery: Recovery,
    generation: int,
) -> None:
    """The run as a pipeline: acquire, build, and a commit that waits for all of it. Nothing runs yet."""
    feeds = pipeline | "Feeds" >> beam.Create(list(specs), reshuffle=False)
    acquired = feeds | "AcquirePages" >> AcquirePages(context)
    adopted = pipeline | "AdoptedPages" >> beam.Create(list(recovery.adopted), reshuffle=False)
    to_build = (
        (acquired.pages, adopted)
        | "AllPages" >> beam.Flatten()
        | "AnnouncePages" >> beam.Map(_announced)
        | "SpreadPages" >> beam.Reshuffle()
    )
    built = to_build | "BuildArticles" >> BuildArticles(context)
    failures = (
        (acquired.failures, built.failures) | "AllFailures" >> beam.Flatten() | "NameHosts" >> beam.Map(_with_host)
    )
    seen = (
        to_build | "SeenPages" >> beam.FlatMap(_seen_in_pages, context.state),
        acquired.outcomes | "SettledEntries" >> beam.FlatMap(_seen_failed, context.started_at_us),
        acquired.relisted,
    ) | "AllSeen" >> beam.Flatten()
    rows = {
        "feed_polls": acquired.polls,
        "feed_cursors": acquired.cursors,
        "hosts": acquired.hosts,
        "pending": acquired.pending,
        "failures": failures,
        "seen": seen,
        "fingerprints": built.fingerprints,
        "sites": built.sites,
        "stories": built.sketches,
    }
    targets: dict[str, Target] = {
        "feed_polls": Rows(FEED_POLLS),
        "feed_cursors": Snapshot(FEED_CURSORS, "feed_url", context.state.cursor_part),
        "hosts": Snapshot(HOSTS, "host", context.state.host_part, newest_by="last_request_at_us"),
        "pending": Snapshot(PENDING, "url_key"),
        "failures": Rows(FAILURES),
        "seen": Rows(SEEN),
        "fingerprints": Rows(FINGERPRINTS),
        "sites": Rows(SITES),
        "stories": Rows(STORIES),
    }
    written = rows | "WriteTables" >> WriteTables(context.writer, targets)
    parts = (acquired.pages, built.parts, written) | "AllParts" >> beam.Flatten()
    tallies = (
        acquired.tallies,
        built.tallies,
        failures | "TallyFailures" >> beam.FlatMap(_tally_failure),
    ) | "AllTallies" >> beam.Flatten()
    _ = (parts, tallies) | "CommitRun" >> CommitRun(context.writer.storage, generation, draft, context.clock)


def _in_rhythm(settings: IngestSettings, runs: Sequence[str]) -> IngestSettings:
    """The settings with the time between runs, unless the user's own clockwork says it."""
    if settings.polling.run_gap_s:
        return settings
    gap_s = run_gap_s([started_us(run_id) for run_id in runs])
    return replace(settings, polling=replace(settings.polling, run_gap_s=gap_s))


def _finish(pipeline: beam.Pipeline, storage: Storage) -> None:
    """Run to the end. A refusal to commit comes back as itself from this process, as text from another."""
    try:
        pipeline.run().wait_until_finish()
    except Exception as error:
        if _was_interrupted(error):
            raise KeyboardInterrupt from error
        if is_gone(storage):  # whatever was the first to miss a file
            raise LakeGoneError(f"the lake at {storage.root} was deleted while the run was writing to it") from error
        why = stated_reason(error)
        if why is None:
            raise
        raise RunFailedError(why) from error


def _tidied(manifest: RunManifest, storage: Storage, recovery: Recovery, now_us: int) -> RunManifest:
    """Tidy up after the commit. The run has happened: what fails here calls for someone to look, and is done again."""
    try:
        write_table_schemas(storage, DATA)
        end_run(storage, manifest.run_id, recovery)
        tidy_state(storage, manifest.run_id, now_us)
    except Exception as error:
        said = no_room(error) or stated_reason(error)
        _LOG.error(
            "the run is committed, but could not tidy up after itself: the next one will",
            exc_info=None if said else error,  # a bug needs its traceback
            extra={"reason": said or in_one_line(error)},
        )
        return replace(manifest, counts={**manifest.counts, "attention.untidied": 1})
    return manifest


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: in the loop that polls or fetches, Beam makes an error of it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _draft(
    context: RunContext,
    specs: Sequence[FeedSpec],
    recovery: Recovery,
    shown_settings: Mapping[str, Any],
    damaged: int,
) -> RunManifest:
    counts = {"feeds": len(specs), "pages.adopted": sum(part.rows for part in recovery.adopted)}
    return RunManifest(
        run_id=context.run_id,
        command="ingest",
        started_at=iso(context.started_at_us),
        finished_at="",
        settings=dict(shown_settings),
        versions={name: metadata.version(name) for name in _PACKAGES} | {"python": platform.python_version()},
        counts=counts | ({"attention.damaged_state": damaged} if damaged else {}),
        reasons={},
        files=(),
        adopted=recovery.adopted,
    )


def _announced(part: FilePart) -> FilePart:
    announce("articles", part.path, part.rows)
    return part


def _seen_in_pages(part: FilePart, state: StateBefore) -> list[Seen]:
    return state.seen_in_pages(part.path)


def _seen_failed(outcome: FetchOutcome, now_us: int) -> Iterator[Seen]:
    if outcome.outcome == "failed":  # for good: fetched again only when the feed says that it was edited
        yield Seen(outcome.url_key, outcome.updated_us, now_us)


def _with_host(failure: Failure) -> Failure:
    try:
        return replace(failure, host=host_of(failure.input))
    except BadUrl:  # a feed's entry without a usable address
        return failure


def _tally_failure(failure: Failure) -> Iterator[Tally]:
    yield f"failures.{failure.stage}", 1
    yield f"reason.{failure.stage}/{Reason(failure.reason)}", 1
    if failure.stage == Stage.PAGES and failure.reason == Reason.CRASH:  # no killed worker: there are none
        yield "attention.crashed_pages", 1
