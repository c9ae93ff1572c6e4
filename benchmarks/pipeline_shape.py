"""Counts the steps of a pipeline: leaf transforms and groupings in each composite, and in the whole.

    python -m benchmarks.pipeline_shape [MODULE:FUNCTION]

FUNCTION takes no argument and returns a pipeline that has not run (by default `ingest` of this module: a whole run).
Every leaf costs each run, and each grouping writes out and sorts all elements that pass it. Leaves are counted as the
runner gets them (a composite's own parts, with what its combiners expand to); groupings are the GroupByKeys among them.
Nothing runs.
"""

from __future__ import annotations

import argparse
import importlib
from collections import Counter
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.runners.portability.fn_api_runner import FnApiRunner


class Shape(NamedTuple):
    """The counts by path of labels (``AcquirePages``, ``AcquirePages/PollFeeds``); "" is the whole pipeline."""

    leaves: Counter[str]
    groupings: Counter[str]


def shape_of(pipeline: beam.Pipeline) -> Shape:
    """The leaf transforms and GroupByKeys of a pipeline, each counted in every composite around it."""
    visitor = _Leaves()
    pipeline.visit(visitor)
    return visitor.shape


def printed(shape: Shape, deepest: int = 2) -> str:
    """The shape as a table, with composites down to `deepest` levels."""
    lines = [f"{'composite':50} {'leaves':>7} {'groupings':>10}"]
    for path in sorted(shape.leaves):
        depth = path.count("/") + 1 if path else 0
        if depth <= deepest:
            label = "  " * depth + (path.rpartition("/")[2] if path else "the whole pipeline")
            lines.append(f"{label:50} {shape.leaves[path]:7} {shape.groupings[path]:10}")
    return "\n".join(lines)


class _Leaves(PipelineVisitor):  # type: ignore[misc]
    def __init__(self) -> None:
        self.shape = Shape(Counter(), Counter())

    def visit_transform(self, transform_node: AppliedPTransform) -> None:
        around = transform_node.full_label.split("/")[:-1]
        for depth in range(len(around) + 1):
            path = "/".join(around[:depth])
            self.shape.leaves[path] += 1
            self.shape.groupings[path] += isinstance(transform_node.transform, beam.GroupByKey)


def ingest() -> beam.Pipeline:
    """The whole of a run, as `newsbeam ingest` builds it."""
    from pipelines.run.ingest_runs import IngestRuns  # noqa: PLC0415 - not needed to count another pipeline
    from pipelines.run.settings import IngestSettings  # noqa: PLC0415
    from transforms.common.clock import Clock  # noqa: PLC0415

    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | "Runs" >> beam.Create([], reshuffle=False) | "IngestRuns" >> IngestRuns(IngestSettings(), Clock())
    return pipeline


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipeline", nargs="?", default="benchmarks.pipeline_shape:ingest", help="MODULE:FUNCTION")
    module, _, function = parser.parse_args().pipeline.partition(":")
    print(printed(shape_of(getattr(importlib.import_module(module), function)())))


if __name__ == "__main__":
    main()
