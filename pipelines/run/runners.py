"""Chooses the runner: Beam's in-process one unless the user names another."""

from __future__ import annotations

import os

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

_LOCAL = ("", "direct", "directrunner", "fnapirunner")
"""Names of the local runner in lower case; Beam accepts them in any case, and without "runner"."""

_ELSEWHERE = 8
"""The number of workers assumed for a cluster that does not state it."""


def is_local(options: PipelineOptions) -> bool:
    """Whether the pipeline runs on this machine only."""
    return str(options.view_as(StandardOptions).runner or "").lower() in _LOCAL


def runner_for(options: PipelineOptions) -> PipelineRunner | str:
    """The runner: `FnApiRunner` if the options name none or ``DirectRunner``, else the runner that they name.

    Beam's own DirectRunner first tries to download another runner, so its choice would depend on the network.
    """
    return FnApiRunner() if is_local(options) else str(options.view_as(StandardOptions).runner)


def parallel_workers(options: PipelineOptions) -> int:
    """The number of workers of the pipeline: as the options state it, else 1 locally and 8 on a cluster."""
    if is_local(options):
        workers = options.view_as(DirectOptions).direct_num_workers
        return workers if workers and workers > 0 else (os.cpu_count() or 1) if workers == 0 else 1
    given = (options.get_all_options().get(name) for name in ("parallelism", "num_workers"))
    return next((int(workers) for workers in given if workers and int(workers) > 0), _ELSEWHERE)
