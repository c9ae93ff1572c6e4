"""A run: the value that travels with its elements, the files that it reads and writes, and its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

MANIFEST_VERSION = 1

ATTENTION = {
    "attention.crashed_pages": "page(s) that a bug kept from being built are crash failures now",
    "attention.crashed_feeds": "feed(s) that a bug kept from being read are crash failures now",
    "attention.untidied": "time(s) tidying up after the commit failed, which the next run does again; see the log",
    "attention.network_down": "request(s) failed while our own network was down; the next run makes them again",
    "attention.archives_failed": "archive(s) could not be read (to their end); the next backfill reads them again",
    "attention.damaged_state": "damaged file(s) of the lake's state or manifests; the log names them and what it cost",
}
"""Counts that the operator should look into, and what they count. A run with one is committed, with exit status 3."""


class ManifestError(ValueError):
    """A manifest cannot be read; the message names the manifest and the remedy."""


@dataclass(frozen=True, slots=True, order=True)
class FilePart:
    """One whole file of the lake. `checksum` is the hex blake2b-128 of its bytes, "" if none was kept."""

    table: str
    path: str
    rows: int
    size_bytes: int
    checksum: str = ""

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> FilePart:
        """A part read back from JSON. Ignores keys of later versions; raises TypeError for values of wrong types."""
        part = cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})
        if not all(isinstance(text, str) for text in (part.table, part.path, part.checksum)):
            raise TypeError("a file's table, path and checksum are texts")
        if not _are_whole((part.rows, part.size_bytes)):
            raise TypeError("a file's rows and size are whole numbers")
        return part


@dataclass(frozen=True, slots=True)
class StateParts:
    """The paths of the state's files as a run finds them. The files never change, so all workers read the same state.

    `seen`, `fingerprints`, `sites`, `stories` and `revisits` have a part or two for each run, in order of time,
    `forgotten` one for each `newsbeam forget`; of `cursors`, `hosts` and `pending` the newest part holds all, and so
    does the newest file of `orders`. `adopted_pages` and `adopted_drafts` are files of runs that died, which this run
    takes over.
    """

    seen: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    cursors: str | None = None
    hosts: str | None = None
    pending: str | None = None
    adopted_pages: tuple[str, ...] = ()
    adopted_drafts: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    orders: str | None = None
    revisits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The facts of one run, which each step gets beside the elements of the run.

    No step is built for one run, so one pipeline can serve many runs. `output` is the lake's folder or URI;
    `generation` is the number of the lock that the run holds (None: no lock, as in tests). Fingerprints and stories of
    articles fetched before `copies_since_us` are not compared. `gap_s` is the time between runs, 0 if unknown.
    `version` is that of the process that began the run on a cluster, to be compared with the workers'; "" elsewhere.
    """

    run_id: str
    started_at_us: int
    output: str
    generation: int | None = None
    state: StateParts = StateParts()
    copies_since_us: int = 0
    gap_s: float = 0.0
    version: str = ""

    def place(self, table: str) -> str:
        """The key by which this run's rows of a table are grouped: ``<run id>/<table>``."""
        return f"{self.run_id}/{table}"

    def until_us(self, limit_s: float | None) -> int | None:
        """The instant at which the run is `limit_s` seconds old; None without a limit."""
        return None if limit_s is None else self.started_at_us + round(limit_s * 1_000_000)


Tally = tuple[str, int]
"""A count's name and the number to add to it; the sums of a run compare these counts."""


class Step(StrEnum):
    """What a run does, in the order of the flow. `read` is a backfill's, in place of the three before it."""

    BEGIN = "begin"
    POLL = "poll"
    SELECT = "select"
    FETCH = "fetch"
    READ = "read"
    EXTRACT = "extract"
    DECIDE = "decide"
    WRITE = "write"
    TABLES = "tables"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class StepTime:
    """When a step of a run, or one worker's share of it, began and ended, as ISO 8601. Steps may overlap: pages are
    extracted while others are fetched."""

    step: str
    started_at: str
    finished_at: str

    @classmethod
    def between(cls, step: Step, began_us: int, ended_us: int) -> StepTime:
        """The time of a step; an end before the beginning, where a clock went back, is taken for the beginning."""
        return cls(str(step), iso(began_us), iso(max(began_us, ended_us)))

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> StepTime:
        """A step's time read back from JSON. Raises TypeError or ValueError for values that are none."""
        time = cls(**{name: values[name] for name in cls.__dataclass_fields__})
        if not isinstance(time.step, str):
            raise TypeError("a step is a text")
        _ = time.seconds
        return time

    @property
    def seconds(self) -> float:
        """How long it took."""
        taken = datetime.fromisoformat(self.finished_at) - datetime.fromisoformat(self.started_at)
        return taken.total_seconds()


def joined_steps(times: Iterable[StepTime]) -> tuple[StepTime, ...]:
    """One time for each step, from the first beginning of its shares to their last end, in order of beginning."""
    joined: dict[str, StepTime] = {}
    for time in times:
        known = joined.get(time.step, time)
        joined[time.step] = StepTime(
            time.step, min(known.started_at, time.started_at), max(known.finished_at, time.finished_at)
        )
    return tuple(sorted(joined.values(), key=lambda time: (time.started_at, time.finished_at, time.step)))


@dataclass(frozen=True, slots=True)
class RunManifest:
    """What a committed run did. It is written last: a run without a manifest has not happened.

    `counts` are the tallies that the sums compare; `reasons` counts failures by ``stage/reason``; `adopted` are
    page files of runs that died, which this run took over; `tables` is the number of rows written to each table;
    `replaced` are the paths of committed files that no longer count, because `files` stand in their place (an edition).
    `steps` says when each step of the run began and ended; it is empty in manifests of earlier versions.
    """

    run_id: str
    command: str
    started_at: str
    finished_at: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    files: tuple[FilePart, ...]
    adopted: tuple[FilePart, ...] = ()
    manifest_version: int = MANIFEST_VERSION
    tables: Mapping[str, int] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()
    steps: tuple[StepTime, ...] = ()

    @property
    def attention(self) -> tuple[str, ...]:
        """One line for each count of `ATTENTION` that is not 0."""
        return tuple(f"{self.counts[name]} {what}" for name, what in ATTENTION.items() if self.counts.get(name))

    def to_json(self) -> bytes:
        """The manifest as readable JSON with sorted keys. What is not Unicode (a file name) becomes ``?``."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        return text.encode(errors="replace")

    @classmethod
    def from_json(cls, data: bytes) -> RunManifest:
        """The manifest read back. Ignores keys of later versions; raises ManifestError if `data` is no manifest."""
        try:
            values = json.loads(data)
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            for name in ("files", "adopted"):
                known[name] = tuple(FilePart.from_values(part) for part in known.get(name, ()))
            known["replaced"] = tuple(known.get("replaced", ()))
            known["steps"] = tuple(StepTime.from_values(step) for step in known.get("steps", ()))
            manifest = cls(**known)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ManifestError(f"is no manifest: {error}") from None
        if not manifest._is_well_formed():
            raise ManifestError("is no manifest: its values are of the wrong kind")
        return manifest

    def _is_well_formed(self) -> bool:
        """Whether the values that commands read from a manifest have the right types."""
        sums = (self.counts, self.reasons, self.tables)
        if not all(isinstance(counts, Mapping) and _are_whole(counts.values()) for counts in sums):
            return False
        try:
            datetime.fromisoformat(self.finished_at) - datetime.fromisoformat(self.started_at)
        except (TypeError, ValueError):
            return False
        return all(isinstance(text, str) for text in (self.run_id, *self.replaced))


def _are_whole(values: Iterable[object]) -> bool:
    return all(isinstance(value, int) for value in values)


def iso(instant_us: int) -> str:
    """An instant in microseconds as ISO 8601 in UTC, ``2026-03-02T08:00:00.000000Z``."""
    return from_us(instant_us).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_us(instant_us: int) -> datetime:
    """An instant in microseconds as an aware datetime, exact."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)


def started_us(run_id: str) -> int:
    """The start of a run in microseconds since 1970, read from its id."""
    started = datetime.strptime(run_id, _RUN_ID).replace(tzinfo=UTC)
    return (started - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def is_run_id(text: str) -> bool:
    """Whether a text can be a run's id: a valid instant in the years 1970 to 2199."""
    try:
        started_us(text)
    except ValueError:
        return False
    return "1970" <= text[:4] <= "2199"


def new_run_id(now_us: int, latest: str | None) -> str:
    """A new run's id: its start, like ``20260302T080000.000000Z``.

    It is always later than `latest`, also if the clock went back, so that ids sort by time.
    """
    run_id = _run_id(now_us)
    if latest is not None and run_id <= latest:
        run_id = _run_id(started_us(latest) + 1)
    return run_id


_RUN_ID = "%Y%m%dT%H%M%S.%fZ"


def _run_id(now_us: int) -> str:
    return from_us(now_us).strftime(_RUN_ID)
