"""Tells of a command's runs, if that is asked for: metrics to a file or at an endpoint, traces to a collector."""

from __future__ import annotations

import argparse
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from pipelines.checks import LOCKED, LOOK, UsageError
from pipelines.given.listen_address import ListenAddress, why_not_listening
from pipelines.telemetry.follow_runs import RunFollower
from pipelines.telemetry.names import COMMITTED
from pipelines.telemetry.options import asks_for_traces, missing_extra, other_protocol
from pipelines.telemetry.process_figures import take_figures
from pipelines.telemetry.run_spans import Span, TriedRun, span_of_failure, span_of_run
from pipelines.telemetry.totals import Totals
from schemas.run import RunManifest
from transforms.lake.files.storage import Storage

if TYPE_CHECKING:
    from pipelines.logs import RunLogs
    from pipelines.telemetry.live_progress import LiveProgress
    from pipelines.telemetry.metrics_file import MetricsFile
    from pipelines.telemetry.send_spans import SpanSender

_LOG = logging.getLogger("newsbeam.telemetry")
T = TypeVar("T")

_STATUSES: Final = {0: "committed", 1: "failed", 2: "mistake", LOOK: "attention", LOCKED: "locked"}
"""Exit statuses, by the names that `RUN_STATUSES` explains; all others are those of interrupted runs."""
_LEAST_S: Final = 5.0
"""The shortest time between two looks at the runs that others make."""


class Telemetry(Protocol):
    """What a command tells of its runs."""

    def run(self, make: Callable[[], int]) -> int:
        """The exit status of a try at one run or several, after telling how it ended. Raises what `make` raises."""
        ...

    def following(self, every_s: float) -> AbstractContextManager[None]:
        """A block in which committed runs are told of as they come, while this thread waits for them."""
        ...

    def show(self, take_figures: Callable[[Totals], None]) -> None:
        """Show more figures at the endpoint, which are taken whenever it is asked."""
        ...


class Silence:
    """Tells nothing, which costs nothing."""

    def run(self, make: Callable[[], int]) -> int:
        """See `Telemetry`."""
        return make()

    def following(self, every_s: float) -> AbstractContextManager[None]:
        """See `Telemetry`."""
        return nullcontext()

    def show(self, take_figures: Callable[[Totals], None]) -> None:
        """See `Telemetry`."""


SILENCE: Final = Silence()


class Told:
    """See `Telemetry`. What goes wrong in telling is logged, and never ends a run."""

    def __init__(self, given: argparse.Namespace, logs: RunLogs, *, traces: bool) -> None:
        storage = Storage(given.output)
        self._command: str = given.command
        self._logs = logs
        self._traces = traces
        self._sender: SpanSender | None = None
        self._lake = storage.address
        self._totals = Totals()
        self._progress: LiveProgress | None = None
        self._figures: list[Callable[[Totals], None]] = [take_figures]
        self._lock = threading.Lock()
        self._runs = RunFollower(storage)
        newest = self._runs.skip_to_newest()
        if newest is not None:
            self._totals.note(newest)
        self._file: MetricsFile | None = None
        if given.metrics_file is not None:
            from pipelines.telemetry.metrics_file import MetricsFile  # noqa: PLC0415

            self._file = MetricsFile(given.metrics_file, storage, newest)

    def run(self, make: Callable[[], int]) -> int:
        """See `Telemetry`."""
        if self._progress is not None:
            self._progress.begin()
        began_us, status, reason = time.time_ns() // 1000, "failed", ""
        self._logs.forget_run()
        try:
            code = make()
            status = _STATUSES.get(code, "interrupted")
            return code
        except UsageError as error:
            status, reason = "mistake", str(error)
            raise
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            run_id, reason = self._logs.named_run, reason or self._logs.failure
            self._tell(TriedRun(self._command, status, began_us, time.time_ns() // 1000, run_id, reason))

    @contextmanager
    def following(self, every_s: float) -> Iterator[None]:
        """See `Telemetry`."""
        stop = threading.Event()

        def follow() -> None:
            while not stop.wait(max(every_s, _LEAST_S)):
                self._tell(None)

        thread = threading.Thread(target=follow, name="follow runs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    @contextmanager
    def at_address(self, asked: ListenAddress) -> Iterator[None]:
        """Answers Prometheus in the block. Raises UsageError if the address cannot be had."""
        from pipelines.telemetry.exposition import Endpoint  # noqa: PLC0415
        from pipelines.telemetry.live_progress import live_progress  # noqa: PLC0415

        try:
            endpoint = Endpoint(asked.host, asked.port, self._totals, self._lake, self._take_figures)
        except (OSError, UnicodeError) as error:
            raise UsageError(f"--metrics_address: cannot listen on {asked}: {why_not_listening(error)}") from None
        _LOG.info("metrics can be asked for", extra={"address": str(asked._replace(port=endpoint.port))})
        try:
            with live_progress(self._totals) as self._progress:
                yield
        finally:
            endpoint.close()

    def show(self, take_figures: Callable[[Totals], None]) -> None:
        """See `Telemetry`."""
        self._figures.append(take_figures)

    def _take_figures(self) -> None:
        for take in self._figures:
            take(self._totals)

    def close(self) -> None:
        """Send the traces that are left."""
        if self._sender is not None:
            self._sender.close()

    def _tell(self, tried: TriedRun | None) -> None:
        """Tell of the runs that were committed since the last time, and of a try that has ended now."""
        with self._lock:
            try:
                committed = [manifest.run_id for manifest in self._take_over()]
            except Exception as error:
                committed = []
                _LOG.warning("committed runs cannot be told of yet", extra={"reason": _in_short(error)})
            try:
                if tried is not None:
                    tried = tried.settled(committed)
                    self._totals.try_ended(tried.status, tried.ended_us)
                    if tried.status not in COMMITTED:
                        self._send(span_of_failure, tried)
                if self._file is not None and (tried is not None or committed):
                    self._file.update(tried)
            except Exception as error:
                _LOG.error("metrics could not be written", extra={"reason": _in_short(error)})

    def _take_over(self) -> Iterator[RunManifest]:
        for manifest in self._runs.new_runs():
            self._totals.add(manifest)
            self._send(span_of_run, manifest)
            yield manifest

    def _send(self, span_of: Callable[[T, str], Span], told: T) -> None:
        """Send a trace, if they are asked for. Metrics go on where OpenTelemetry takes offence at its variables."""
        if not self._traces:
            return
        try:
            if self._sender is None:
                from pipelines.telemetry.send_spans import SpanSender  # noqa: PLC0415

                self._sender = SpanSender()
            self._sender.send(span_of(told, self._lake))
        except Exception as error:
            self._traces = False
            _LOG.error("no traces are sent", extra={"reason": _in_short(error)})


@contextmanager
def telemetry_of(given: argparse.Namespace, logs: RunLogs) -> Iterator[Telemetry]:
    """What the options and the environment ask to be told of a command's runs, for the block. Raises UsageError for a
    metrics file that is none of this lake's, and an address that cannot be had."""
    traces = _traces(given)
    address: ListenAddress | None = getattr(given, "metrics_address", None)
    if given.metrics_file is None and address is None and not traces:
        yield SILENCE
        return
    told = Told(given, logs, traces=traces)
    try:
        with nullcontext() if address is None else told.at_address(address):
            yield told
    finally:
        told.close()


def _traces(given: argparse.Namespace) -> bool:
    if not asks_for_traces(given, os.environ):
        return False
    if given.traces:
        return True
    why = (missing_extra() and "newsbeam[traces] is not installed") or other_protocol(os.environ)
    if why:
        _LOG.warning("the environment names a collector of traces, but none are sent", extra={"reason": why})
    return not why


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
