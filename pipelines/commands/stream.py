"""The embedded stream: the same bounded run again every tick, in one process, the lake its only memory."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.commands.run_once import run_once
from pipelines.logs import RunLogs
from pipelines.options import UsageError
from pipelines.run.runners import is_local

_LOG = logging.getLogger("newsbeam.stream")
_FAILED = (1, 2)
"""A lake that is locked, or a run to look at, is no failure."""
_LONGEST_PAUSE_S = 1800.0


def stream(given: argparse.Namespace, beam_args: Sequence[str], logs: RunLogs) -> int:
    """Run, wait for the next tick, run again, until SIGTERM or SIGINT or `--max_ticks`.

    A tick that fails, for whatever reason, is logged and the next one tries again: what it stored is adopted. It waits
    for at least a tick, and for twice as long after each further failure in a row, at most half an hour. A tick that
    does not fail and takes longer than `--tick` is followed at once. The exit status is that of the last tick.
    UsageError where the first tick finds a user's mistake; one that is made later is logged, and may be mended.
    """
    if not is_local(PipelineOptions(list(beam_args))):
        raise UsageError("stream runs embedded, without --runner; for a cluster, schedule `newsbeam ingest` on it")
    stop = _stop_on_signals()
    ticks, failures, status = 0, 0, 0
    while not stop.is_set() and (given.max_ticks is None or ticks < given.max_ticks):
        started = time.monotonic()
        try:
            status = run_once(given, beam_args, logs, given.tick)
        except UsageError as error:
            if ticks == 0:
                raise
            _LOG.error("tick failed", extra={"mistake": str(error)})
            status = 2
        except BrokenPipeError:  # the report's reader has gone; the run is committed
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _LOG.warning("nobody reads the reports any more; the stream goes on")
            status = 0
        except Exception:
            _LOG.exception("tick failed")
            status = 1
        ticks += 1
        failures = failures + 1 if status in _FAILED else 0
        if ticks != given.max_ticks:
            stop.wait(pause_s(given.tick, time.monotonic() - started, failures))
    _LOG.info("stream ended", extra={"ticks": ticks})
    return status


def pause_s(tick_s: float, took_s: float, failures: int) -> float:
    """How long to wait after a tick: for the rest of it, or after some `failures` in a row, ever longer."""
    if not failures:
        return max(0.0, tick_s - took_s)
    return max(tick_s, min(tick_s * 2.0 ** min(failures - 1, 32), _LONGEST_PAUSE_S))


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def finish(number: int, _: FrameType | None) -> None:
        print(f"newsbeam stream: {signal.Signals(number).name}, finishing this run", file=sys.stderr)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, finish)
    return stop
