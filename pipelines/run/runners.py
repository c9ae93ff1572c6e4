"""Which runner runs: Beam's in-process one unless the user names another."""

from __future__ import annotations

import os

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

_LOCAL = ("", "direct", "directrunner", "fnapirunner")
"""Beam takes its names in any case, and without the last word."""

_ELSEWHERE = 8
"""Workers of usual clusters."""


def is_local(options: PipelineOptions) -> bool:
    """Whether the pipeline runs on this machine alone."""
    return str(options.view_as(StandardOptions).runner or "").lower() in _LOCAL


def runner_for(options: PipelineOptions) -> PipelineRunner | str:
    """The runner: `FnApiRunner` for none or ``DirectRunner``, else the one that the options name.

    Beam's own DirectRunner first tries to download another runner, so that what runs depends on the network.
    """
    return FnApiRunner() if is_local(options) else str(options.view_as(StandardOptions).runner)


def parallel_workers(options: PipelineOptions) -> int:
    """How many workers the pipeline has: what the local runner is told, else what usual clusters are."""
    if is_local(options):
        workers = options.view_as(DirectOptions).direct_num_workers
        return workers if workers and workers > 0 else (os.cpu_count() or 1) if workers == 0 else 1
    given = (options.get_all_options().get(name) for name in ("parallelism", "num_workers"))
    return next((int(workers) for workers in given if workers and int(workers) > 0), _ELSEWHERE)
