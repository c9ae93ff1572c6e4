"""Makes one bounded run: polls feeds once, stores pages, builds articles, commits."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from typing import Any

import grpc
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.run.engine.run_pipeline import Plan, RunPipeline, run_pipeline
from pipelines.run.ingest_runs import BegunRun
from pipelines.run.lost_state.rebuild_state import INDEXES, rebuild_state
from pipelines.run.run_errors import REFUSALS, logged_reason, stated_reason, workers_fault
from pipelines.run.runners import Job, is_local
from pipelines.run.settings import IngestSettings
from schemas.feed import FeedSpec
from schemas.run import Run, RunManifest, Step, StepTime, iso, new_run_id, started_us
from schemas.tables import DATA
from transforms.common.clock import DAY_US, SECOND_US, Clock
from transforms.common.this_code import this_version
from transforms.feeds.scheduling.rhythm import run_gap_s
from transforms.lake.check_state import check_state
from transforms.lake.committed import Committed, committed
from transforms.lake.editions.compact import compact_crowded
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.feed_orders import mend_orders, newest_orders, tidy_orders
from transforms.lake.files.draft_files import delete_drafts
from transforms.lake.files.layout import day_of_part, manifest_path
from transforms.lake.files.lock import LakeGoneError, LakeLockedError, clear_gone, is_gone, lake_lock
from transforms.lake.files.storage import Storage
from transforms.lake.files.table_schemas import write_table_schemas
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.recover import Recovery, begin_run, end_run, known_runs, recover
from transforms.lake.state import state_parts, tidy_state
from transforms.lake.views import write_views
from transforms.pages.warc.archive_work import ArchivesAsked

_LOG = logging.getLogger("newsbeam.run")
_PACKAGES = ("newsbeam", "apache-beam", "trafilatura", "feedparser", "fastwarc", "pyarrow")


class RunFailedError(Exception):
    """The run was not committed: its sums do not add up, it lost the lake, the lake cannot be read or written, no
    worker process starts, or a worker runs another version."""


@dataclass(frozen=True, slots=True)
class AskedRun:
    """What a run is asked to do: its feeds or archives and settings, and what its manifest says of its command and
    options.

    Copies and former revisions are looked for among what was fetched since `copies_horizon_days` before `earliest_us`,
    or before the run's start if that is None. `version` is what its workers must run, as `this_version` states it, ""
    if they belong to this process.
    """

    specs: Sequence[FeedSpec]
    settings: IngestSettings
    command: str = "ingest"
    shown_settings: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    archives: ArchivesAsked | None = None
    earliest_us: int | None = None


def ingest(
    specs: Sequence[FeedSpec],
    output: str,
    settings: IngestSettings,
    beam_args: Sequence[str] = (),
    clock: Clock | None = None,
    shown_settings: Mapping[str, Any] | None = None,
    name_run: Callable[[str], None] | None = None,
    run_pipeline: RunPipeline = run_pipeline,
    command: str = "ingest",
) -> RunManifest:
    """The manifest of one committed run over these feeds.

    First cleans up after runs that died, and rebuilds damaged state from the tables; then the manifest has a count of
    `ATTENTION`. `name_run` is called with the run's id as soon as it is known. `run_pipeline` makes the run;
    `WarmPipeline` keeps what the next run can use. The manifest names `command`. Raises LakeLockedError if another run
    writes to the lake, and RunFailedError if the sums do not add up or the lake cannot be read or written. After any
    error nothing was committed, and the next run goes on from what is stored. A failure after the commit is logged and
    left to the next run. When the run is interrupted on a cluster, its job can ask no more hosts and write nothing more
    once this raises KeyboardInterrupt.
    """
    asked = AskedRun(specs, settings, command, shown_settings or {})
    return make_run(asked, output, Plan(settings, clock or Clock(), tuple(beam_args)), name_run, run_pipeline)


def make_run(
    asked: AskedRun,
    output: str,
    plan: Plan,
    name_run: Callable[[str], None] | None = None,
    run_pipeline: RunPipeline = run_pipeline,
) -> RunManifest:
    """The manifest of one committed run of any command; see `ingest`."""
    storage = Storage(output)
    version = "" if is_local(PipelineOptions(list(plan.beam_args))) else this_version()
    try:
        return _make_run(replace(asked, version=version), storage, plan, name_run, run_pipeline)
    except REFUSALS as error:
        raise RunFailedError(str(error)) from error
    except BaseException:
        call_off(plan.job, storage)
        raise


def _make_run(
    asked: AskedRun,
    storage: Storage,
    plan: Plan,
    name_run: Callable[[str], None] | None,
    run_pipeline: RunPipeline,
) -> RunManifest:
    started_at_us = plan.clock.now_us()
    runs = known_runs(storage)
    run_id = new_run_id(started_at_us, runs[-1] if runs else None)
    if name_run is not None:
        name_run(run_id)
    with lake_lock(storage, run_id) as generation:
        if known_runs(storage) != runs:
            raise LakeLockedError("another run has just written to this lake; run again")
        begun = begin([*runs, run_id], generation, asked, storage, started_at_us, plan.clock)
        run_to_end(partial(run_pipeline, begun, plan), storage, run_id)
        manifest = RunManifest.from_json(storage.get(manifest_path(run_id)))
        manifest = tidied(manifest, storage, begun, asked.settings)
    _LOG.info("run committed", extra={"rows": dict(manifest.tables), "manifest": manifest_path(run_id)})
    return manifest


def begin(
    runs: Sequence[str], generation: int, asked: AskedRun, storage: Storage, now_us: int, clock: Clock
) -> BegunRun:
    """Begin the last of `runs` under the lock of `generation`; cleans up after dead runs, rebuilds damaged state.

    `now_us` is the start of the run.
    """
    run_id = runs[-1]
    finish_forgetting(storage, now_us)
    recovery = recover(storage)
    begin_run(storage, run_id)
    held = committed(storage)
    damaged = _rebuild_damaged(held, now_us)
    adopted = tuple(part.path for part in recovery.adopted)
    earliest_us = now_us if asked.earliest_us is None else asked.earliest_us
    since_us = min([earliest_us, *_days_us(adopted)]) - asked.settings.copies_horizon_days * DAY_US
    run = Run(
        run_id=run_id,
        started_at_us=now_us,
        output=storage.address,
        generation=generation,
        state=replace(state_parts(held, adopted, since_us, recovery.drafts), orders=newest_orders(storage)),
        copies_since_us=since_us,
        gap_s=asked.settings.polling.run_gap_s or run_gap_s([started_us(one) for one in runs]),
        version=asked.version,
    )
    took = StepTime.between(Step.BEGIN, now_us, clock.now_us())
    manifest = replace(_manifest_at_start(run, asked, recovery, damaged), steps=(took,))
    given = ("feeds", asked.specs) if asked.archives is None else ("archives", asked.archives.archives)
    extra = {"run_id": run_id, given[0]: len(given[1]), "output": storage.root, "adopted_files": len(adopted)}
    _LOG.info("run started", extra=extra)
    return BegunRun(run, tuple(asked.specs), manifest, recovery, asked.archives)


def _days_us(pages: Sequence[str]) -> list[int]:
    """The beginnings of the days of these page files: what a backfill that died has left may be years old."""
    days = (day for path in pages if (day := day_of_part(path)) is not None)
    return [round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND_US for day in days]


def _rebuild_damaged(held: Committed, now_us: int) -> int:
    """The number of damaged state files and manifests. Logs each, and rebuilds the state files."""
    check = check_state(held)
    for run_id in check.damaged_manifests:
        _LOG.warning(
            "damaged manifest; newsbeam repair makes it anew from its run's files",
            extra={"path": check.manifest_path(run_id)},
        )
    for rebuilt in rebuild_state(held.storage, check, now_us):
        extra = {"path": rebuilt.damage.path, "reason": rebuilt.damage.why, "cost": rebuilt.cost}
        _LOG.warning("damaged state rebuilt", extra=extra | ({"lost": rebuilt.lost} if rebuilt.lost else {}))
    damaged_orders = mend_orders(held.storage)
    if damaged_orders is not None:
        lost = "orders for feeds of the last time; look at newsbeam feeds status"
        _LOG.warning("damaged orders for feeds; those before stand again", extra={"path": damaged_orders, "lost": lost})
    return len(check.damaged_manifests) + len(check.damaged) + (damaged_orders is not None)


def call_off(job: Job, storage: Storage) -> None:
    """Take the lake from a job that nobody waits for any more, so that its workers stop, and wait until it has ended.

    The run has let go of its lock, so the next holder is us, unless it is another run already.
    """
    if job.is_left:
        _LOG.info("ending the job of this run")
        with suppress(LakeLockedError), lake_lock(storage, new_run_id(Clock().now_us(), None)):
            job.await_end()


def run_to_end(run: Callable[[], None], storage: Storage, run_id: str) -> None:
    """Run the pipeline to its end; raises RunFailedError if the run refused to commit.

    A refusal in another process arrives only as text, so it is found by its words (`stated_reason`).
    """
    try:
        run()
    except Exception as error:
        if _was_interrupted(error):
            raise KeyboardInterrupt from error
        if is_gone(storage):  # whichever step missed a file first
            clear_gone(storage, run_id)
            raise LakeGoneError(f"the lake at {storage.root} was deleted while the run was writing to it") from error
        if isinstance(error, grpc.RpcError):
            raise RunFailedError(f"the job server has gone ({error.code().name.lower()})") from error
        why = stated_reason(error) or workers_fault(error)
        if why is None:
            raise
        raise RunFailedError(why) from error


def tidied(manifest: RunManifest, storage: Storage, begun: BegunRun, settings: IngestSettings) -> RunManifest:
    """The manifest of a committed run, after tidying up. A failure here only sets `attention.untidied`, and the next
    run tidies up again.
    """
    run, now_us = begun.run, begun.run.started_at_us
    try:
        write_table_schemas(storage, DATA)
        delete_drafts(storage)
        end_run(storage, manifest.run_id, begun.recovery)
        delete_replaced(storage, now_us, settings.grace_s)
        held = committed(storage)
        tidy_state(held, manifest.run_id, now_us, INDEXES)
        tidy_orders(storage, run.state.orders)
        if settings.compacts and run.generation is not None:
            looked_at = None if _is_first_of_its_day(held.runs) else manifest.files
            if compact_crowded(held, run.generation, now_us, looked_at) is not None:
                held = committed(storage)
        write_views(held)
    except Exception as error:
        logged_reason(_LOG, "the run is committed, but could not tidy up after itself: the next one will", error)
        return replace(manifest, counts={**manifest.counts, "attention.untidied": 1})
    return manifest


def _is_first_of_its_day(runs: Sequence[str]) -> bool:
    """Whether the newest run is the first that began on its day, so that partitions have been closed since the last."""
    days = [run_id[: len("YYYYMMDD")] for run_id in runs[-2:]]
    return len(set(days)) == len(days)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C caused an error: Beam wraps a KeyboardInterrupt from the polling or fetching loop."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def versions() -> dict[str, str]:
    """The versions of all that rows depend on, for a manifest."""
    return {name: metadata.version(name) for name in _PACKAGES} | {"python": platform.python_version()}


def _manifest_at_start(run: Run, asked: AskedRun, recovery: Recovery, damaged: int) -> RunManifest:
    counts = {"feeds": len(asked.specs)} if asked.archives is None else {"archives.given": len(asked.archives.archives)}
    counts |= {"pages.adopted": sum(part.rows for part in recovery.adopted)}
    return RunManifest(
        run_id=run.run_id,
        command=asked.command,
        started_at=iso(run.started_at_us),
        finished_at="",
        settings=dict(asked.shown_settings),
        versions=versions(),
        counts=counts | ({"attention.damaged_state": damaged} if damaged else {}),
        reasons={},
        files=(),
        adopted=recovery.adopted,
    )
