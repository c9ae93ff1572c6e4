"""The first step of a pipeline on a cluster: refuses workers of another version."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

Given = TypeVar("Given")


class SameVersion(beam.PTransform[PBegin, PCollection[Given]]):
    """One element, `given`, once a worker has shown that it runs the `expected` version, as `this_version` states it.

    A step of its own, with a shuffle behind it: a worker that cannot load the functions of a step lets Beam 2.77 on
    Flink wait for ever, so the check comes before the first step that holds a function of ours.
    """

    def __init__(self, expected: str, given: Given) -> None:
        super().__init__()
        self._expected = expected
        self._given = given

    def expand(self, begin: PBegin) -> PCollection[Given]:
        given = self._given
        return (
            begin.pipeline
            | "Version" >> beam.Create([self._expected], reshuffle=False)
            | "Check" >> beam.Map(_checker())
            | "ApartFromTheRest" >> beam.Reshuffle()
            | "Given" >> beam.Map(lambda _: given)
        )


def _checker() -> Callable[[str], str]:
    """A function that Beam sends with its code and not by its name, so that any worker can load it."""

    def check(expected: str) -> str:
        try:
            from transforms.common.this_code import check_version  # noqa: PLC0415
        except ImportError as error:
            raise RuntimeError(
                f"OtherVersionError: a worker has no newsbeam that it can load ({error}); install {expected} there too"
            ) from None
        check_version(expected)
        return expected

    return check
