"""Opens the runs of a stream, one at a time, at each tick of its clock."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.utils.timestamp import Timestamp

from pipelines.checks import UsageError
from pipelines.given.command_line import parsed_again
from pipelines.given.config_choices import choices_of
from pipelines.given.run_settings import ingest_settings, shown_settings
from pipelines.read_feeds import read_feeds
from pipelines.run.ingest import AskedRun, begin
from pipelines.run.run_errors import logged_reason
from pipelines.stream.pauses import pause_s
from pipelines.stream.piece import Piece
from pipelines.stream.piece_files import OpenedRun, PieceFiles
from schemas.run import new_run_id
from transforms.common.clock import DAY_S, SECOND_US, Clock
from transforms.common.this_code import check_version
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.lock import (
    LEASE_S,
    LakeLockedError,
    holds_lock,
    release_lock,
    renew_lock,
    take_lock,
)
from transforms.lake.files.storage import Storage, StorageError
from transforms.lake.recover import known_runs

_LOG = logging.getLogger("newsbeam.stream")

_LOOK_S: Final = 1.0
"""How often a stream looks whether its run has ended, once the next tick is due."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """What a stream remembers from one look to the next; everything else is in the lake.

    `run_id` is the run under way, with its lock's `generation`; `next_tick_us` when the next tick is due, 0 at once;
    `failures` how many runs failed in a row; `passed` how many ticks were passed over since the last run began, because
    another writer held the lake.
    """

    run_id: str | None = None
    generation: int = 0
    began_us: int = 0
    next_tick_us: int = 0
    failures: int = 0
    passed: int = 0

    @classmethod
    def from_json(cls, data: bytes | None) -> StreamState:
        """The state read back; that of a new stream without data."""
        return cls() if data is None else cls(**json.loads(data))

    def to_json(self) -> bytes:
        """The state as JSON."""
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True)
class StreamSettings:
    """What the user asked of a stream: the command's options, its remaining options for Beam, and a name of its own.

    No run may take longer than `give_up_s`: then it counts as dead, and the next one takes over what it stored.
    Workers must run `version`, as `this_version` states it, where one is given.
    """

    given: argparse.Namespace
    beam_args: Sequence[str]
    name: str
    give_up_s: float
    version: str = ""

    @property
    def tick_us(self) -> int:
        """The time from one tick to the next, in microseconds."""
        return round(float(self.given.tick) * SECOND_US)


class Opener:
    """Looks at the run under way, and opens the next one when it is time. Never raises: what goes wrong is logged, and
    tried again after a pause that grows."""

    def __init__(self, settings: StreamSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def look(self, state: StreamState) -> tuple[StreamState, list[Piece]]:
        """The new state, and the first pieces of the run that was opened; none where none was."""
        try:
            state = self._ended(state)
            if state.run_id is not None or self._clock.now_us() < state.next_tick_us:
                return state, []
            return self._opened(state)
        except LakeLockedError as error:
            _LOG.info("a tick is passed over", extra={"reason": str(error)})
            return self._at_next_tick(replace(state, passed=state.passed + 1)), []
        except UsageError as error:
            _LOG.error("no run can begin", extra={"mistake": str(error)})
            return self._after_failure(state), []
        except Exception as error:
            logged_reason(_LOG, "no run can begin", error)
            return self._after_failure(state), []

    def wait_s(self, state: StreamState) -> float:
        """The seconds to the next look: until the tick, but often enough that the lease of a run does not run out."""
        left_s = (state.next_tick_us - self._clock.now_us()) / SECOND_US
        if left_s > 0:
            return min(left_s, LEASE_S / 4)
        return _LOOK_S

    def _ended(self, state: StreamState) -> StreamState:
        """The state without the run under way, if that has ended; renews the run's lease if not."""
        if state.run_id is None:
            return state
        storage = Storage(self._settings.given.output)
        if holds_lock(storage, state.generation):
            if self._clock.now_us() - state.began_us < self._settings.give_up_s * SECOND_US:
                renew_lock(storage, state.generation)
                return state
            release_lock(storage, state.generation)
            _LOG.error("a run takes too long and is given up", extra={"run_id": state.run_id})
            return self._after_failure(replace(state, run_id=None))
        if storage.exists(manifest_path(state.run_id)):
            _LOG.info("run committed", extra={"run_id": state.run_id})
            return replace(state, run_id=None, failures=0)
        files = PieceFiles(storage.address, state.run_id, state.generation)
        why = files.failed() or "another writer took the lake"
        _LOG.error("a run failed", extra={"run_id": state.run_id, "reason": why})
        return self._after_failure(replace(state, run_id=None))

    def _opened(self, state: StreamState) -> tuple[StreamState, list[Piece]]:
        given = self._settings.given
        if self._settings.version:
            check_version(self._settings.version)
        given = parsed_again(given)
        storage, now_us = Storage(given.output), self._clock.now_us()
        specs = read_feeds(given.feeds, choices_of(given)[0])
        urls = [spec.url for spec in specs]
        settings = ingest_settings(given, self._settings.beam_args, urls, given.tick)
        runs = known_runs(storage)
        run_id = new_run_id(now_us, runs[-1] if runs else None)
        generation = take_lock(storage, run_id, self._settings.name)
        try:
            if known_runs(storage) != runs:
                raise LakeLockedError("another run has just written to this lake")
            shown = shown_settings(given, self._settings.beam_args)
            asked = AskedRun(specs, settings, "stream", shown, self._settings.version)
            begun = begin([*runs, run_id], generation, asked, storage, now_us, self._clock)
            counts = {**begun.manifest.counts, "ticks.passed_over": state.passed + self._ticks_missed(state)}
            begun = replace(begun, manifest=replace(begun.manifest, counts=counts))
            PieceFiles(storage.address, run_id, generation).open(OpenedRun(begun, settings))
        except BaseException:
            with suppress(StorageError, OSError):
                release_lock(storage, generation)
            raise
        opened = replace(state, run_id=run_id, generation=generation, began_us=now_us, passed=0)
        first = Piece(storage.address, run_id, generation, settings.shards, "poll")
        return self._at_next_tick(opened), list(first.pieces())

    def _at_next_tick(self, state: StreamState) -> StreamState:
        """The state with the first tick that is still to come; ticks keep their rhythm."""
        due_us = state.next_tick_us or self._clock.now_us()
        return replace(state, next_tick_us=due_us + self._settings.tick_us * (self._ticks_missed(state) + 1))

    def _ticks_missed(self, state: StreamState) -> int:
        """How many ticks came after the one that is due, while a run was under way."""
        now_us = self._clock.now_us()
        return (now_us - (state.next_tick_us or now_us)) // self._settings.tick_us

    def _after_failure(self, state: StreamState) -> StreamState:
        failures = state.failures + 1
        pause_us = round(pause_s(self._settings.given.tick, 0.0, failures) * SECOND_US)
        return replace(state, failures=failures, next_tick_us=self._clock.now_us() + pause_us)


class OpenRuns(beam.PTransform[PBegin, PCollection[Piece]]):
    """The first pieces of each run, without end.

    A timer in processing time is the stream's clock. The source only keeps the watermark back, because timers of a
    window that is over do not fire; it gives an element a day, since a source that waits leaves a trace of each element
    in every later checkpoint of Flink (190 bytes; Beam issue 27648).
    """

    def __init__(self, opener: Opener) -> None:
        super().__init__()
        self._opener = opener

    def expand(self, begin: PBegin) -> PCollection[Piece]:
        return (
            begin
            | "Days" >> PeriodicImpulse(start_timestamp=Timestamp.now(), fire_interval=DAY_S)
            | "OneKey" >> beam.Map(_one_key).with_output_types(tuple[str, bytes])
            | "Look" >> beam.ParDo(_OpenRunsFn(self._opener))
        )


def _one_key(_: Any) -> tuple[str, bytes]:
    return "", b""


class _OpenRunsFn(beam.DoFn):
    STATE = ReadModifyWriteStateSpec("stream", BytesCoder())
    LOOK = TimerSpec("look", TimeDomain.REAL_TIME)

    def __init__(self, opener: Opener) -> None:
        self._opener = opener

    def process(self, _: tuple[str, bytes], look: Any = beam.DoFn.TimerParam(LOOK)) -> None:
        look.set(Timestamp.now())

    @on_timer(LOOK)  # type: ignore[untyped-decorator]
    def look(self, state: Any = beam.DoFn.StateParam(STATE), look: Any = beam.DoFn.TimerParam(LOOK)) -> Iterator[Piece]:
        now, pieces = self._opener.look(StreamState.from_json(state.read()))
        state.write(now.to_json())
        look.set(Timestamp.now() + self._opener.wait_s(now))
        yield from pieces
