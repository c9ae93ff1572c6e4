"""Chooses the runner, Beam's in-process one unless the user names another, and sees a pipeline through to its end."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, PortableOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner, PipelineState

from transforms.common.watch import WATCH_S

_LOG = logging.getLogger("newsbeam.run")

_LOCAL = ("", "direct", "directrunner", "fnapirunner")
"""Names of the local runner in lower case; Beam accepts them in any case, and without "runner"."""

_ELSEWHERE = 8
"""The number of workers assumed for a cluster that does not state it."""

_KEEP_WORKERS: Final = "--environment_cache_millis"
_KEEP_WORKERS_MS: Final = 60_000
"""How long a worker waits for the run's next step. Without it Flink ends every worker with its step, and the next step
starts another, which loads for seconds: 14 in a run."""
_END_S: Final = 30.0
"""How long an interrupted run waits for its job to end; workers look every `WATCH_S` whether the run goes on."""
_LOOK_S: Final = 0.2
_ENDED: Final = (PipelineState.DONE, PipelineState.FAILED, PipelineState.CANCELLED, PipelineState.DRAINED)


def is_local(options: PipelineOptions) -> bool:
    """Whether the pipeline runs on this machine only."""
    return str(options.view_as(StandardOptions).runner or "").lower() in _LOCAL


def runner_for(options: PipelineOptions) -> PipelineRunner | str:
    """The runner: `FnApiRunner` if the options name none or ``DirectRunner``, else the runner that they name.

    Beam's own DirectRunner first tries to download another runner, so its choice would depend on the network.
    """
    return FnApiRunner() if is_local(options) else str(options.view_as(StandardOptions).runner)


def parallel_workers(options: PipelineOptions) -> int:
    """The number of workers of the pipeline: as the options state it, else 1 locally and 8 on a cluster."""
    if is_local(options):
        workers = options.view_as(DirectOptions).direct_num_workers
        return workers if workers and workers > 0 else (os.cpu_count() or 1) if workers == 0 else 1
    given = (options.get_all_options().get(name) for name in ("parallelism", "num_workers"))
    return next((int(workers) for workers in given if workers and int(workers) > 0), _ELSEWHERE)


def for_bounded_runs(beam_args: Sequence[str]) -> list[str]:
    """Beam's options with what suits a bounded run behind a job server, unless the user chose it."""
    is_behind_server = PipelineOptions(list(beam_args)).view_as(PortableOptions).job_endpoint
    if not is_behind_server or any(word.partition("=")[0] == _KEEP_WORKERS for word in beam_args):
        return list(beam_args)
    return [*beam_args, f"{_KEEP_WORKERS}={_KEEP_WORKERS_MS}"]


class Job:
    """A pipeline's execution, here or on a cluster."""

    def __init__(self) -> None:
        self._elsewhere: PipelineResult | None = None

    def run(self, pipeline: beam.Pipeline, options: PipelineOptions) -> None:
        """Run a pipeline to its end. Raises its error; if interrupted, or without its job server, the job may go on."""
        if is_local(options):
            pipeline.run().wait_until_finish()
            return
        with _signals_held():  # a job that is handed over without our knowing its name could not be called off
            self._elsewhere = pipeline.run()
        with _server_s_end_told_once():
            self._elsewhere.wait_until_finish()

    def cancel(self) -> None:
        """Ask for the end of a job that never ends by itself, and wait for it."""
        if self._elsewhere is None:
            return
        began_s = time.monotonic()
        with suppress(grpc.RpcError):
            self._elsewhere.cancel()
        while self.is_left and time.monotonic() - began_s < _END_S:
            time.sleep(_LOOK_S)

    @property
    def name(self) -> str:
        """The name that the cluster shows for the job; "" if there is none."""
        return str(getattr(self._elsewhere, "_job_id", "")).rpartition("_")[0]

    @property
    def is_left(self) -> bool:
        """Whether the job may still go on, without us."""
        return self._elsewhere is not None and self._state() not in _ENDED

    def await_end(self) -> None:
        """Wait until the job has ended by itself, as it does once its run has lost the lake; else ask for its end.

        Asking is not enough, nor does it come first: Beam's job server for Flink calls a bounded job cancelled at once,
        and lets it go on.
        """
        began_s = time.monotonic()
        while self.is_left and self._elsewhere is not None:
            waited_s = time.monotonic() - began_s
            if self._state() is None and waited_s > 2 * WATCH_S:  # nobody can tell; its workers have looked by now
                return
            if waited_s > _END_S:
                _LOG.warning("the job has not ended yet; it can neither ask hosts nor write to the lake any more")
                with suppress(grpc.RpcError):
                    self._elsewhere.cancel()
                return
            time.sleep(_LOOK_S)

    def _state(self) -> str | None:
        """The state that the job server tells, None if there is no job or no answer."""
        try:
            return None if self._elsewhere is None else str(self._elsewhere.state)
        except grpc.RpcError:
            return None


@contextmanager
def _server_s_end_told_once() -> Iterator[None]:
    """Beam hears of its job server's end in two threads; the one that only reads messages prints no traceback."""
    usual = threading.excepthook

    def told(error: threading.ExceptHookArgs) -> None:
        if not isinstance(error.exc_value, grpc.RpcError):
            usual(error)

    threading.excepthook = told
    try:
        yield
    except grpc.RpcError:
        for thread in threading.enumerate():
            if thread.name == "wait_until_finish_read":  # Beam's name; it hears of the end a moment after us
                thread.join(_END_S)
        raise
    finally:
        threading.excepthook = usual


@contextmanager
def _signals_held() -> Iterator[None]:
    """Puts off SIGINT and SIGTERM to the end of the block; a second one counts at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, _: FrameType | None) -> None:
        if held:
            raise KeyboardInterrupt
        held.append(number)

    handlers = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for caught in held:
        signal.raise_signal(caught)
