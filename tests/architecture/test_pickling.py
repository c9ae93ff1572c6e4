"""Everything that a worker is sent can be sent: each function of the whole pipeline pickles, alone and unused."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

import transforms
from pipelines.archives.backfill_runs import BackfillRuns
from pipelines.parser import command_parser
from pipelines.run.ingest_runs import BegunRun, IngestRuns
from pipelines.run.settings import IngestSettings
from pipelines.stream.open_runs import Opener, StreamSettings
from pipelines.stream.stream_runs import StreamRuns
from schemas.feed import FeedSpec
from schemas.run import Run, RunManifest, StateParts
from transforms.common.clock import Clock


class _DoFns(PipelineVisitor):
    def __init__(self) -> None:
        self.found: list[beam.DoFn] = []

    def visit_transform(self, transform_node: AppliedPTransform) -> None:
        if isinstance(transform_node.transform, beam.ParDo):
            self.found.append(transform_node.transform.fn)


def pipeline_do_fns(folder: Path) -> list[beam.DoFn]:
    state = StateParts(fingerprints=("_state/fingerprints/part-earlier-00000.parquet",))
    run = Run("run", 0, str(folder / "lake"), 1, state)
    manifest = RunManifest("run", "ingest", "", "", {}, {}, {}, {}, ())
    begun = BegunRun(run, (FeedSpec("https://example.org/feed"),), manifest)
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | beam.Create([begun], reshuffle=False) | IngestRuns(IngestSettings(max_pages=5), Clock())
    visitor = _DoFns()
    pipeline.visit(visitor)
    return visitor.found


def backfill_do_fns() -> list[beam.DoFn]:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | beam.Create([], reshuffle=False) | BackfillRuns(IngestSettings(shards=2), Clock())
    visitor = _DoFns()
    pipeline.visit(visitor)
    return visitor.found


def stream_do_fns() -> list[beam.DoFn]:
    """The steps of a stream, described as a user's command does."""
    given = command_parser().parse_args(["stream", "--feeds", "feeds.opml", "--output", "lake"])
    opener = Opener(StreamSettings(given, (), "name", 60.0), Clock())
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | StreamRuns(opener, Clock())
    visitor = _DoFns()
    pipeline.visit(visitor)
    return visitor.found


def own_do_fns() -> set[type[beam.DoFn]]:
    modules = [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(transforms.__path__, "transforms.")
    ]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, beam.DoFn) and value.__module__ == module.__name__
    }


@pytest.mark.parametrize("kind", ["ingest", "stream", "backfill"])
def test_describing_a_run_touches_nothing_and_every_function_of_it_pickles(tmp_path: Path, kind: str) -> None:
    made = {"ingest": lambda: pipeline_do_fns(tmp_path), "stream": stream_do_fns, "backfill": backfill_do_fns}
    do_fns = made[kind]()
    assert len(do_fns) > 15
    for do_fn in do_fns:
        again = pickler.loads(pickler.dumps(do_fn))
        assert type(again).__qualname__ == type(do_fn).__qualname__
    assert list(tmp_path.iterdir()) == [], "describing the pipeline must not write"


def test_every_do_fn_of_the_stages_is_part_of_the_pipeline(tmp_path: Path) -> None:
    used = {type(do_fn) for do_fn in (*pipeline_do_fns(tmp_path), *backfill_do_fns())}
    assert {do_fn.__qualname__ for do_fn in own_do_fns() - used} == set()


@pytest.mark.parametrize(
    "do_fn", sorted(own_do_fns(), key=lambda found: found.__qualname__), ids=lambda f: f.__qualname__
)
def test_a_do_fn_is_private_and_thin(do_fn: type[beam.DoFn]) -> None:
    assert do_fn.__name__.startswith("_")
    assert do_fn.__name__.endswith("Fn")
