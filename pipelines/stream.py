"""The embedded stream: the same bounded run again every tick, in one process, the lake its only memory."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.logs import RunLogs
from pipelines.options import UsageError
from pipelines.run_once import run_once
from pipelines.runners import is_local

_LOG = logging.getLogger("newsbeam.stream")


def stream(given: argparse.Namespace, beam_args: Sequence[str], logs: RunLogs) -> int:
    """Run, wait for the next tick, run again, until SIGTERM or SIGINT or `--max_ticks`.

    A tick that fails is logged and the next one tries again: what it stored is adopted. A tick that takes longer
    than `--tick` is followed at once. The exit status is that of the last tick.
    """
    if not is_local(PipelineOptions(list(beam_args))):
        raise UsageError("stream runs embedded, without --runner; for a cluster, schedule `newsbeam ingest` on it")
    stop = _stop_on_signals()
    ticks, status = 0, 0
    while not stop.is_set() and (given.max_ticks is None or ticks < given.max_ticks):
        started = time.monotonic()
        status = run_once(given, beam_args, logs, given.tick)
        ticks += 1
        if ticks != given.max_ticks:
            stop.wait(max(0.0, given.tick - (time.monotonic() - started)))
    _LOG.info("stream ended", extra={"ticks": ticks})
    return status


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def finish(number: int, _: FrameType | None) -> None:
        print(f"newsbeam stream: {signal.Signals(number).name}, finishing this run", file=sys.stderr)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, finish)
    return stop
