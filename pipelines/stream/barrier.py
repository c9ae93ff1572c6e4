"""A barrier that counts: the next step of a run begins when all pieces of a step have ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.pvalue import PCollection
from apache_beam.transforms.userstate import BagStateSpec

from pipelines.stream.piece import Piece


class Barrier(beam.PTransform[PCollection[tuple[str, Piece]], PCollection[Piece]]):
    """The pieces of a run's next step, once each piece of this step was here: no watermark, so nothing can be late."""

    def expand(self, ended: PCollection[tuple[str, Piece]]) -> PCollection[Piece]:
        return ended | beam.ParDo(_BarrierFn())


class _BarrierFn(beam.DoFn):
    ENDED = BagStateSpec("ended", VarIntCoder())

    def process(self, ended: tuple[str, Piece], numbers: Any = beam.DoFn.StateParam(ENDED)) -> Iterator[Piece]:
        piece = ended[1]
        if len({piece.number, *numbers.read()}) < piece.total:
            numbers.add(piece.number)
            return
        numbers.clear()
        yield from piece.following()
