"""Runs the pipeline for a run that has begun: built for this run alone, or kept built for the next ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple, Protocol

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, TypeOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.archives.backfill_runs import BackfillRuns
from pipelines.run.ingest_runs import BegunRun, IngestRuns
from pipelines.run.runners import Job, for_bounded_runs, is_local, runner_for
from pipelines.run.settings import IngestSettings
from transforms.common.clock import Clock
from transforms.common.same_version import SameVersion
from transforms.lake.kept import KEPT, STREAM_BYTES
from transforms.sandbox import SandboxPool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pipeline is built from; all else of a run travels through it as a value. `job` is its execution.

    `runs` makes the transform that takes begun runs to their manifests.
    """

    settings: IngestSettings
    clock: Clock
    beam_args: tuple[str, ...] = ()
    runs: type[IngestRuns] | type[BackfillRuns] = IngestRuns
    job: Job = field(default_factory=Job, compare=False)


class RunPipeline(Protocol):
    """Takes a begun run through the pipeline of a plan, until its manifest is written. Raises what a step raises."""

    def __call__(self, begun: BegunRun, plan: Plan) -> None: ...


def run_pipeline(begun: BegunRun, plan: Plan) -> None:
    """Build the pipeline for this run and run it, on any runner."""
    options = _options(plan.beam_args)
    pipeline = beam.Pipeline(runner=runner_for(options), options=options)
    version = begun.run.version
    runs = pipeline | "Runs" >> (SameVersion(version, begun) if version else beam.Create([begun], reshuffle=False))
    _ = runs | plan.runs.__name__ >> plan.runs(plan.settings, plan.clock)
    plan.job.run(pipeline, options)


class WarmPipeline:
    """`RunPipeline` for a process that makes one run after another: pays for worker processes and building once.

    The first run of a plan builds the pipeline; the next ones of an equal plan run it again, each with its own
    `BegunRun`. Another plan, such as one with a changed setting, is built anew. Worker processes live from run to run,
    and what was read of the state's files is kept in `kept_bytes` of memory (`KEPT`). After an error nothing is kept,
    so the next run begins as the first did. Runs must not overlap. Where the steps run
    in processes of Beam's own (``--direct_running_mode=multi_processing``), each run builds its pipeline.
    """

    def __init__(self, kept_bytes: int = STREAM_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._built: _Built | None = None
        self._pool: SandboxPool | None = None

    def __call__(self, begun: BegunRun, plan: Plan) -> None:
        """See `RunPipeline`."""
        try:
            if self._built is None or self._built.plan != plan:
                self._end()
                self._pool = plan.settings.sandbox.open()
                self._built = _Built(plan) if _is_in_process(plan.beam_args) else None
            KEPT.resize(self._kept_bytes)
            if self._built is None:
                run_pipeline(begun, plan)
            else:
                self._built.run(begun)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the worker processes and forget everything; a later run starts anew."""
        KEPT.resize(0)
        self._end()

    def _end(self) -> None:
        pool, self._pool, self._built = self._pool, None, None
        if pool is not None:
            pool.close()


class _Built:
    """The pipeline of a plan, on the local runner."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._number = next(_NUMBERS)
        self._runner = _Runner()
        self._options = _options(plan.beam_args)

    def run(self, begun: BegunRun) -> None:
        _BEGUN[self._number] = begun
        try:
            if self._runner.translated is not None:
                self._runner.run_again(self._runner.translated)
                return
            pipeline = beam.Pipeline(runner=self._runner, options=self._options)
            runs = pipeline | "Impulse" >> beam.Impulse() | "Runs" >> beam.ParDo(_BegunFn(self._number))
            _ = runs | self.plan.runs.__name__ >> self.plan.runs(self.plan.settings, self.plan.clock)
            pipeline.run().wait_until_finish()
        finally:
            del _BEGUN[self._number]


_NUMBERS: Final = count()
_BEGUN: Final[dict[int, BegunRun]] = {}
"""The run that each built pipeline of this process is making now."""


class _BegunFn(beam.DoFn):
    def __init__(self, number: int) -> None:
        self._number = number

    def process(self, _: bytes) -> Iterator[BegunRun]:
        yield _BEGUN[self._number]


class _Translated(NamedTuple):
    """A pipeline as its runner takes it: Beam's protocol buffer and the options."""

    pipeline: Any
    options: PipelineOptions


class _Runner(FnApiRunner):
    """The local runner; keeps the translation of the first pipeline that it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.translated: _Translated | None = None

    def run_via_runner_api(self, pipeline_proto: Any, options: PipelineOptions) -> Any:
        """As Beam's. Keeps a copy, because running may change the translation."""
        self.translated = self.translated or _Translated(copy.deepcopy(pipeline_proto), options)
        return super().run_via_runner_api(pipeline_proto, options)

    def run_again(self, translated: _Translated) -> None:
        self.run_via_runner_api(copy.deepcopy(translated.pipeline), translated.options).wait_until_finish()


def _options(beam_args: Sequence[str]) -> PipelineOptions:
    options = PipelineOptions(for_bounded_runs(beam_args))
    options.view_as(TypeOptions).pipeline_type_check = False  # mypy and the tests check types; each run need not
    return options


def _is_in_process(beam_args: Sequence[str]) -> bool:
    options = PipelineOptions(list(beam_args))
    return is_local(options) and options.view_as(DirectOptions).direct_running_mode != "multi_processing"
