"""``newsbeam stream``: makes a bounded run every tick, in one process; its only memory is the lake."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.checks import LOCKED, UsageError
from pipelines.commands.run_once import run_once, told_of_termination
from pipelines.given.command_line import parsed_again
from pipelines.given.times import clock_of
from pipelines.logs import RunLogs
from pipelines.push.pushed_ticks import PushedTicks, pushed_ticks
from pipelines.run.engine.run_pipeline import WarmPipeline
from pipelines.run.runners import is_local
from pipelines.stream.pauses import pause_s
from pipelines.telemetry.telemetry import SILENCE, Telemetry
from transforms.common.clock import Clock

_LOG = logging.getLogger("newsbeam.stream")
_FAILED = (1, 2)
"""Exit statuses that count as a failed tick; a locked lake, or a run that someone should look at, is none."""


def stream(given: argparse.Namespace, beam_args: Sequence[str], logs: RunLogs, telemetry: Telemetry = SILENCE) -> int:
    """The exit status of the last tick, after a run every `--tick` until SIGTERM, SIGINT or `--max_ticks`.

    With `--websub` a push of a feed's hub is a tick that comes early, and asks that feed (`PushedTicks`).

    Each tick reads the feed list and the settings file anew. What costs much to start is started once and kept
    (`WarmPipeline`).

    A tick that fails, for whatever reason, is logged, and the next one tries again and adopts its stored pages. After a
    failure the stream waits for at least a tick, after each further failure in a row twice as long, at most half an
    hour (or a tick, if that is longer). A tick that succeeds but takes longer than `--tick` is followed at once. Raises
    UsageError if the first tick finds a user's mistake; a later mistake is logged, and may be corrected.
    """
    if not is_local(PipelineOptions(list(beam_args))):
        from pipelines.stream.run_stream import run_stream

        if given.websub is not None:
            raise UsageError("--websub is for a stream in one process; on a cluster no process listens for hubs")
        with told_of_termination(beam_args), telemetry.following(given.tick):
            return run_stream(given, beam_args)
    if given.flink_rest is not None:
        raise UsageError("--flink_rest is for a stream on a Flink cluster, with --runner and --job_endpoint")
    warm = WarmPipeline()
    try:
        clock = clock_of(given)  # runs on from tick to tick, also after --now
        with _stopped_by_signals() as stop, pushed_ticks(given, clock) as pushes:
            telemetry.show(pushes.take_figures)
            return _ticks(given, beam_args, logs, stop, warm, telemetry, clock, pushes)
    finally:
        warm.close()


def _ticks(
    given: argparse.Namespace,
    beam_args: Sequence[str],
    logs: RunLogs,
    stop: threading.Event,
    warm: WarmPipeline,
    telemetry: Telemetry,
    clock: Clock,
    pushes: PushedTicks,
) -> int:
    ticks, failures, status = 0, 0, 0
    while not stop.is_set() and (given.max_ticks is None or ticks < given.max_ticks):
        started, asked = time.monotonic(), given
        try:
            asked = parsed_again(given)
            tick = partial(run_once, asked, beam_args, logs, given.tick, warm, clock, pushes.begin())
            status = telemetry.run(tick)
        except UsageError as error:
            if ticks == 0:
                raise
            _LOG.error("tick failed", extra={"mistake": str(error)})
            status = 2
        except BrokenPipeError:  # the reader of the report has closed it; the run is committed
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _LOG.warning("nobody reads the reports any more; the stream goes on")
            status = 0
        except Exception:
            _LOG.exception("tick failed")
            status = 1
        ticks += 1
        failures = failures + 1 if status in _FAILED else 0
        took_s = time.monotonic() - started
        pushes.end(asked, is_committed=status not in (*_FAILED, LOCKED))
        if ticks != given.max_ticks:
            pushes.wait(stop, pause_s(given.tick, time.monotonic() - started, failures), took_s, failures)
    _LOG.info("stream ended", extra={"ticks": ticks})
    return status


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, in place of what they did before."""
    stop = threading.Event()

    def finish(number: int, _: FrameType | None) -> None:
        print(f"newsbeam stream: {signal.Signals(number).name}, finishing this run", file=sys.stderr)
        stop.set()

    former = {number: signal.signal(number, finish) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
