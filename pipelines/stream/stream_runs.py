"""The pipeline of a stream: runs without end, each step of a run behind a barrier that counts."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from pipelines.stream.barrier import Barrier
from pipelines.stream.do_pieces import DoPieces
from pipelines.stream.open_runs import Opener, OpenRuns
from pipelines.stream.piece import Piece
from transforms.common.clock import Clock


class StreamRuns(beam.PTransform[PBegin, PCollection[tuple[str, Piece]]]):
    """The last piece of each run of a stream, as it ends.

    Everything is in the global window, and nothing waits for a watermark: a timer opens runs, and a step begins when
    all pieces of the step before have come to a barrier. What travels is small and of one kind (`Piece`); what the
    pieces do and give is in the lake, so that a piece can be done again by any worker.
    """

    def __init__(self, opener: Opener, clock: Clock) -> None:
        super().__init__()
        self._opener = opener
        self._clock = clock

    def expand(self, begin: PBegin) -> PCollection[tuple[str, Piece]]:
        clock = self._clock
        to_poll = begin | "OpenRuns" >> OpenRuns(self._opener) | "SpreadPoll" >> beam.Reshuffle()
        selected = to_poll | "Poll" >> DoPieces(clock) | "Polled" >> Barrier() | "Select" >> DoPieces(clock)
        to_fetch = selected | "ToFetch" >> beam.FlatMap(_following) | "SpreadFetch" >> beam.Reshuffle()
        decided = to_fetch | "Fetch" >> DoPieces(clock) | "Fetched" >> Barrier() | "Decide" >> DoPieces(clock)
        to_write = decided | "ToWrite" >> beam.FlatMap(_following) | "SpreadWrite" >> beam.Reshuffle()
        return to_write | "Write" >> DoPieces(clock) | "Written" >> Barrier() | "Commit" >> DoPieces(clock)


def _following(ended: tuple[str, Piece]) -> list[Piece]:
    return list(ended[1].following())
