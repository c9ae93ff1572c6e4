"""Makes one bounded run for ``ingest``, ``stream`` and ``demo``: prints its report, returns the exit status."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.checks import INTERRUPTED, LOCKED, LOOK, TERMINATED, Terminated, UsageError
from pipelines.commands.report.report import show_run
from pipelines.given.config_choices import choices_of
from pipelines.given.run_settings import ingest_settings, shown_settings
from pipelines.given.times import clock_of
from pipelines.logs import RunLogs, shown_progress
from pipelines.printable import plain
from pipelines.read_feeds import read_feeds
from pipelines.run.engine.run_pipeline import RunPipeline, run_pipeline
from pipelines.run.ingest import RunFailedError, ingest
from pipelines.run.run_errors import GOES_ON, in_one_line, no_room
from pipelines.run.runners import is_local
from transforms.common.clock import Clock
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import LakeGoneError, LakeLockedError
from transforms.lake.files.storage import Storage

_LOG = logging.getLogger("newsbeam.run")


def run_once(
    given: argparse.Namespace,
    beam_args: Sequence[str],
    logs: RunLogs,
    run_gap_s: float = 0.0,
    run_pipeline: RunPipeline = run_pipeline,
    clock: Clock | None = None,
    pushed: Collection[str] = (),
) -> int:
    """The exit status of one bounded run; prints its report. Raises UsageError for a user's mistake.

    `run_gap_s` is the time to the next run, 0 if unknown; `run_pipeline` is as in `ingest`; `clock` is that of
    `--now` if none is given; feeds that are `pushed` are asked now, since their hubs have told news. Raises
    KeyboardInterrupt if the run was interrupted before it was committed.
    """
    try:
        return _run_once(given, beam_args, logs, run_gap_s, run_pipeline, clock or clock_of(given), pushed)
    except KeyboardInterrupt as stop:
        if not Storage(given.output).exists(manifest_path(logs.run_id)):
            raise
        print(f"newsbeam {given.command}: interrupted, but run {logs.run_id} is committed", file=sys.stderr)
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED


def _run_once(
    given: argparse.Namespace,
    beam_args: Sequence[str],
    logs: RunLogs,
    run_gap_s: float,
    run_pipeline: RunPipeline,
    clock: Clock,
    pushed: Collection[str],
) -> int:
    specs = read_feeds(given.feeds, choices_of(given)[0])
    specs = [replace(spec, is_pushed=True) if spec.url in pushed else spec for spec in specs]
    settings = ingest_settings(given, beam_args, [spec.url for spec in specs], run_gap_s)
    try:
        with shown_progress(), told_of_termination(beam_args):
            shown = shown_settings(given, beam_args)
            manifest = ingest(
                specs,
                given.output,
                settings,
                beam_args,
                clock,
                shown_settings=shown,
                name_run=logs.name_run,
                run_pipeline=run_pipeline,
                command=given.command,
            )
    except LakeLockedError as error:
        print(f"newsbeam {given.command}: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except UsageError:
        raise
    except Exception as error:
        goes_on = "" if isinstance(error.__cause__, LakeGoneError) else f"; {GOES_ON}"
        logs.failure = why_not(error)
        print(f"newsbeam {given.command}: not committed: {plain(logs.failure)}{goes_on}", file=sys.stderr)
        return 1
    show_run(manifest, given)
    return LOOK if manifest.attention else 0


@contextmanager
def told_of_termination(beam_args: Sequence[str]) -> Iterator[None]:
    """Raise Terminated on SIGTERM if the run's job is on a cluster, where it would go on without us.

    A run on this machine ends with its process, and SIGTERM ends that at once.
    """
    if is_local(PipelineOptions(list(beam_args))) or threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)


def _terminate(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one is enough: the job is being ended
    raise Terminated


def why_not(error: Exception) -> str:
    """The cause in one line. Logs a traceback only for a bug, not for the disk's or the run's own reasons."""
    if (said := no_room(error)) is not None:
        return said
    if isinstance(error, RunFailedError):
        return str(error)
    _LOG.error("run failed", exc_info=error)
    return in_one_line(error)
