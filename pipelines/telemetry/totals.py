"""The values of all metrics of one lake: sums over committed runs, and what the command itself knows. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from threading import RLock
from typing import NamedTuple

from pipelines.telemetry.names import BY_NAME, COMMITTED, METRICS, Metric, Sample
from schemas.run import RunManifest, new_run_id

_LAST_RUN = "newsbeam_last_run_start_timestamp_seconds"
_MOST = 2**53
"""Up to here a float tells whole numbers apart; more bytes than this no lake has."""


class NotOursError(ValueError):
    """Values that newsbeam did not write, or wrote of another lake; the message says which."""


class Value(NamedTuple):
    """One value, as it is exposed: the metric's name, the values of its own labels by name, and the value."""

    name: str
    labels: Mapping[str, str]
    value: float


class Totals:
    """The values of the metrics. Counters only grow; gauges hold the last value. Threads may read and write it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._values: dict[str, dict[tuple[str, ...], float]] = {
            metric.name: dict.fromkeys(metric.zeros, 0.0) for metric in METRICS
        }

    @property
    def last_run(self) -> str | None:
        """The id of the newest run that was added or noted; None without one."""
        started_s = self._values[_LAST_RUN].get(())
        return None if started_s is None else new_run_id(round(started_s * 1e6), None)

    def add(self, manifest: RunManifest) -> None:
        """Add a committed run, which is the newest."""
        with self._lock:
            self.note(manifest)
            for metric in METRICS:
                if metric.kind == "counter" and metric.of_run is not None:
                    for labels, value in metric.of_run(manifest):
                        self.count(metric.name, labels, value)

    def note(self, manifest: RunManifest) -> None:
        """Take a committed run for the newest, without adding what it did."""
        for metric in METRICS:
            if metric.kind == "gauge" and metric.of_run is not None and (samples := list(metric.of_run(manifest))):
                self.set(metric.name, samples)

    def try_ended(self, status: str, ended_us: int) -> None:
        """Note how the newest try at a run ended. Committed runs are counted by `add`."""
        if status not in COMMITTED:
            self.count("newsbeam_runs_total", (status,))
        self.set("newsbeam_last_try_timestamp_seconds", [((), ended_us / 1e6)])
        self.set("newsbeam_last_try_success", [((), int(status in COMMITTED))])

    def count(self, name: str, labels: tuple[str, ...] = (), value: float = 1) -> None:
        """Add to a counter."""
        with self._lock:
            values = self._values[name]
            values[labels] = values.get(labels, 0.0) + value

    def set(self, name: str, samples: Iterable[Sample]) -> None:
        """Set a gauge: labels that are not given are gone."""
        with self._lock:
            self._values[name] = dict(samples)

    def samples(self, metric: Metric) -> list[Sample]:
        """The values of a metric, in order of its labels."""
        with self._lock:
            return sorted(self._values[metric.name].items())

    def restore(self, values: Iterable[Value]) -> None:
        """Go on from values that an earlier command exposed. Those of metrics that are no more are left out."""
        for name, labels, value in values:
            metric = BY_NAME.get(name)
            if metric is not None and set(labels) == set(metric.labels):
                with self._lock:
                    self._values[name][tuple(labels[label] for label in metric.labels)] = value


def read_values(samples: Iterable[Value], lake: str) -> Iterator[Value]:
    """Those of exposed samples that are a lake's, without the label that names it. Raises NotOursError for others,
    and for values that no metric has: a sum that went on from NaN would be NaN for good."""
    for name, labels, value in samples:
        if not name.startswith("newsbeam_"):
            raise NotOursError(f"has {name}, which newsbeam does not write")
        if labels.get("lake") != lake:
            raise NotOursError(f"is of the lake {labels.get('lake')}, not of {lake}")
        if not 0 <= value <= _MOST:
            raise NotOursError(f"has {name} {value}, which newsbeam does not write")
        yield Value(name, {label: text for label, text in labels.items() if label != "lake"}, value)
