"""What the steps of a run have done, kept in files of the lake until the run ends."""

from __future__ import annotations

import io
import json
import logging
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pipelines.run.ingest_runs import BegunRun
from pipelines.run.settings import IngestSettings
from pipelines.stream.piece import Piece
from transforms.lake.files.layout import PIECES, is_piece, piece_path
from transforms.lake.files.lock import LakeGoneError, LockLostError, check_lock, holds_lock, release_lock
from transforms.lake.files.storage import Storage

_LOG = logging.getLogger("newsbeam.stream")

Outcome = dict[str, list[Any]]
"""What a piece gave: the elements of each of its outputs."""

_OPENED: Final = "opened"
_FAILED: Final = "failed"
_KNOWN: Final = frozenset({"schemas", "transforms", "pipelines", "pyarrow", "collections", "datetime", "ipaddress"})
_BUILTINS: Final = frozenset({"set", "frozenset", "bytearray", "complex", "slice", "range"})


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A run that has begun, with its settings: what each of its pieces needs to know."""

    begun: BegunRun
    settings: IngestSettings


@dataclass(frozen=True, slots=True)
class PieceFiles:
    """The files of one run in ``_state/pieces/<run id>``.

    Each outcome is written once: of a piece that is done twice, because a worker died or was taken for dead, the first
    outcome counts. Nothing is written once the run's lock is released or followed by another.
    """

    output: str
    run_id: str
    generation: int

    @classmethod
    def of(cls, piece: Piece) -> PieceFiles:
        """The files of a piece's run."""
        return cls(piece.output, piece.run_id, piece.generation)

    @property
    def storage(self) -> Storage:
        """The lake."""
        return _storage(self.output)

    def open(self, opened: OpenedRun) -> None:
        """Keep what the pieces need to know, before the first of them."""
        self._keep(piece_path(self.run_id, _OPENED, 0), pickle.dumps(opened))

    def opened(self) -> OpenedRun:
        """The run as it was opened. Raises FileNotFoundError if its files are gone."""
        return _opened(self.output, self.run_id)

    def is_under_way(self) -> bool:
        """Whether the run still holds the lake."""
        return holds_lock(self.storage, self.generation)

    def claim(self, step: str, number: int, worker: str) -> bool:
        """Say which worker does a piece now; False if another had begun it, so that what it left is to be used."""
        path, data = piece_path(self.run_id, f"begun{step}", number, "json"), json.dumps({"worker": worker}).encode()
        is_first = self._keep(path, data)
        if not is_first:
            self.storage.put(path, data)
        return is_first

    def check_claim(self, step: str, number: int, worker: str) -> None:
        """Raise LockLostError unless the run holds the lake and this worker is the last that has claimed the piece."""
        check_lock(self.storage, self.generation)
        claim = self.storage.get(piece_path(self.run_id, f"begun{step}", number, "json"))
        if json.loads(claim) != {"worker": worker}:
            raise LockLostError("another worker does this piece of the run now")

    def has_outcome(self, piece: Piece) -> bool:
        """Whether a piece has been done."""
        return self.storage.exists(piece_path(self.run_id, piece.step, piece.number))

    def keep(self, piece: Piece, outcome: Outcome) -> None:
        """Keep what a piece gave, unless that was done before. Raises LockLostError if the run has ended."""
        self._keep(piece_path(self.run_id, piece.step, piece.number), pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL))

    def outcomes(self, step: str, total: int) -> Iterator[Outcome]:
        """What all pieces of a step gave, in their order."""
        for number in range(total):
            yield _unpickled(self.storage.get(piece_path(self.run_id, step, number)))

    def fail(self, why: str) -> None:
        """End the run without a commit: say why, and release its lock so that the next run can begin."""
        try:
            self._keep(piece_path(self.run_id, _FAILED, 0, "json"), json.dumps({"why": why}).encode())
        except (LockLostError, LakeGoneError):
            return
        release_lock(self.storage, self.generation)

    def failed(self) -> str | None:
        """Why the run failed; None if nothing is known of a failure."""
        try:
            return str(json.loads(self.storage.get(piece_path(self.run_id, _FAILED, 0, "json")))["why"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def end(self) -> None:
        """Delete the run's files, and release its lock."""
        for path in filter(is_piece, self.storage.list(f"{PIECES}/{self.run_id}")):
            self.storage.delete(path)
        release_lock(self.storage, self.generation)

    def _keep(self, path: str, data: bytes) -> bool:
        check_lock(self.storage, self.generation)
        return self.storage.put_if_absent(path, data)


@lru_cache(maxsize=4)
def _storage(output: str) -> Storage:
    return Storage(output, must_exist=True)


@lru_cache(maxsize=4)
def _opened(output: str, run_id: str) -> OpenedRun:
    opened: OpenedRun = _unpickled(_storage(output).get(piece_path(run_id, _OPENED, 0)))
    return opened


class _Unpickler(pickle.Unpickler):
    """Makes objects of our own classes and of Arrow only: a lake may be written by others."""

    def find_class(self, module: str, name: str) -> Any:
        room = module.partition(".")[0]
        if room in _KNOWN or (room == "builtins" and name in _BUILTINS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not expected in a piece of a run")


def _unpickled(data: bytes) -> Any:
    return _Unpickler(io.BytesIO(data)).load()
