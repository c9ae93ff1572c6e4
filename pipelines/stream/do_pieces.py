"""Does the pieces of one step, in whichever worker they come to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.run.run_errors import logged_reason
from pipelines.stream.piece import Piece
from pipelines.stream.piece_files import OpenedRun, PieceFiles
from pipelines.stream.steps import RunWork, do_step
from transforms.common.clock import Clock
from transforms.lake.files.lock import LockLostError
from transforms.lake.files.storage import StorageError
from transforms.lake.kept import KEPT, STREAM_BYTES
from transforms.sandbox import Sandbox, SandboxPool

_LOG = logging.getLogger("newsbeam.stream")

_TELL_S: Final = 600.0
"""How long a piece tries to say that its run has failed: a run that nobody ends holds the stream up for an hour."""
_PAUSE_S: Final = 5.0


class DoPieces(beam.PTransform[PCollection[Piece], PCollection[tuple[str, Piece]]]):
    """Each piece, by its key, after it was done or could not be done."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def expand(self, pieces: PCollection[Piece]) -> PCollection[tuple[str, Piece]]:
        return pieces | beam.ParDo(_PieceFn(self._clock)).with_output_types(tuple[str, Piece])


class _PieceFn(beam.DoFn):
    """Does a piece and passes it on, whatever became of it: what counts is in the run's files.

    Kept for the next runs are the worker processes of a run's pages, until their limits change, and what was read of
    the state's files (`KEPT`).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def setup(self) -> None:
        self._rebuilt = ""
        self._kept: tuple[Sandbox, SandboxPool] | None = None

    def teardown(self) -> None:
        if self._kept is not None:
            self._kept[1].close()

    def process(self, piece: Piece) -> Iterator[tuple[str, Piece]]:
        do_piece(piece, self._clock, self._keep)
        yield piece.key, piece

    def _keep(self, opened: OpenedRun) -> None:
        run, sandbox = opened.begun, opened.settings.sandbox
        if run.manifest.counts.get("attention.damaged_state") and self._rebuilt != run.run.run_id:
            KEPT.resize(0)  # files were written anew, here or in another worker
            self._rebuilt = run.run.run_id
        KEPT.resize(STREAM_BYTES)
        if self._kept is None or self._kept[0] != sandbox:
            self.teardown()
            self._kept = sandbox, sandbox.open()


def do_piece(piece: Piece, clock: Clock, keep: Callable[[OpenedRun], None] = lambda opened: None) -> None:
    """Do a piece, unless that was done before or its run has ended. Never raises: an error ends the run.

    `keep` is told of the run before its piece is done.
    """
    files = PieceFiles.of(piece)
    try:
        if not files.is_under_way() or files.has_outcome(piece):
            return
        opened = files.opened()
        keep(opened)
        outcome = do_step(piece.step, RunWork(opened, files, piece.shards, clock), piece.number)
        if piece.step == "commit":
            files.end()
        else:
            files.keep(piece, outcome)
    except LockLostError as error:
        extra = {"run_id": piece.run_id, "piece": piece.name, "reason": str(error)}
        _LOG.warning("a piece is done elsewhere, or its run has ended", extra=extra)
    except Exception as error:
        _fail(files, logged_reason(_LOG, "run failed", error, run_id=piece.run_id, piece=piece.name))


def _fail(files: PieceFiles, why: str) -> None:
    """End the run as soon as its lake can be reached. If that takes too long, the run ends when its time is over."""
    until_s = time.monotonic() + _TELL_S
    while True:
        try:
            return files.fail(why)
        except (StorageError, OSError):
            if time.monotonic() > until_s:
                return None
            time.sleep(_PAUSE_S)
