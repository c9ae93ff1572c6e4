"""Metrics as Prometheus reads them: a text file for node_exporter, or an endpoint. By prometheus_client."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from pipelines.telemetry.names import LAKE, METRICS
from pipelines.telemetry.totals import NotOursError, Totals, Value, read_values

_MOST_BYTES = 16 << 20
"""A metrics file has some ten thousand bytes; what is larger is no metrics file."""
_PATIENCE_S = 60.0
"""Others write their file in milliseconds; who takes longer than this keeps no run waiting."""
_LOOK_S = 0.02


class LakeCollector(Collector):
    """Gives the values of a lake's metrics, each with the label `lake`. `before` is called before they are taken."""

    def __init__(self, totals: Totals, lake: str, *, live: bool, before: Callable[[], None] | None = None) -> None:
        self._totals = totals
        self._lake = lake
        self._live = live
        self._before = before

    def describe(self) -> list[Metric]:
        """Nothing: so a registry does not collect when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All metrics that have a value."""
        if self._before is not None:
            self._before()
        for metric in METRICS:
            samples = [] if metric.is_live and not self._live else self._totals.samples(metric)
            if samples:
                kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
                family = kind(metric.name.removesuffix("_total"), metric.meaning, labels=(*metric.labels, LAKE))
                for labels, value in samples:
                    family.add_metric((*labels, self._lake), value)
                yield family


def read_textfile(path: Path, lake: str) -> list[Value]:
    """What a metrics file holds of this lake; nothing if there is none, or an empty one. Raises NotOursError if it is
    no metrics file of ours, and OSError."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return []
    if len(text) > _MOST_BYTES:
        raise NotOursError("is no metrics file: it is too large")
    try:
        families = list(text_string_to_metric_families(text.decode()))
    except (ValueError, KeyError, IndexError) as error:  # what the parser raises, or UnicodeDecodeError
        why = " ".join(str(error).split())[:80]
        raise NotOursError(f"is no metrics file{why and f': {why}'}") from None
    samples = (Value(one.name, one.labels, one.value) for family in families for one in family.samples)
    return list(read_values(samples, lake))


def write_textfile(path: Path, totals: Totals, lake: str) -> None:
    """Replace the metrics file at once: a reader sees the old one or the new one. Raises OSError."""
    registry = CollectorRegistry()
    registry.register(LakeCollector(totals, lake, live=False))
    write_to_textfile(str(path), registry)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Keeps other commands that write a metrics file in this folder waiting for the length of the block.

    Raises TimeoutError where one of them does not go on, such as a stopped one.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(folder)
        yield
    finally:
        os.close(folder)


def _lock(folder: int) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until_s:
                raise TimeoutError("another process keeps the folder of the metrics file locked") from None
            time.sleep(_LOOK_S)
        except OSError:  # a file system without locks
            return
        else:
            return


class Endpoint:
    """An HTTP server that answers with the metrics, in threads of its own. Raises OSError if the address is taken."""

    def __init__(self, host: str, port: int, totals: Totals, lake: str, before: Callable[[], None]) -> None:
        registry = CollectorRegistry()
        registry.register(LakeCollector(totals, lake, live=True, before=before))
        self._server: WSGIServer
        self._thread: Thread
        self._server, self._thread = start_http_server(port, host, registry)

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return self._server.server_port

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
