"""A piece of a run's work: what travels between the steps of a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

STEPS: Final = ("poll", "select", "fetch", "decide", "write", "commit")
"""The steps of a run in their order; each begins when all pieces of the one before have ended."""
SPREAD: Final = frozenset({"poll", "fetch", "write"})
"""The steps that have one piece for each shard of hosts; the others have one piece."""


class Piece(NamedTuple):
    """Piece `number` of a step of a run; everything else is in the lake's files of the run (`PieceFiles`).

    `output` is the lake's folder or URI, `generation` that of the run's lock, `shards` the run's number of shards.
    """

    output: str
    run_id: str
    generation: int
    shards: int
    step: str
    number: int = 0

    @property
    def total(self) -> int:
        """The number of pieces of this step of the run."""
        return self.shards if self.step in SPREAD else 1

    @property
    def name(self) -> str:
        """The piece within its run, like ``fetch-00001``."""
        return f"{self.step}-{self.number:05d}"

    @property
    def key(self) -> str:
        """The key under which the pieces of this step of the run meet."""
        return f"{self.run_id}/{self.step}"

    def pieces(self) -> Iterator[Piece]:
        """All pieces of this step of the run."""
        for number in range(self.total):
            yield self._replace(number=number)

    def following(self) -> Iterator[Piece]:
        """The pieces of the next step; none after the last step."""
        rest = STEPS[STEPS.index(self.step) + 1 :]
        if rest:
            yield from self._replace(step=rest[0], number=0).pieces()
