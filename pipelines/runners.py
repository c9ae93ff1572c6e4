"""Which runner runs: Beam's in-process one unless the user names another."""

from __future__ import annotations

import os

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

_LOCAL = (None, "DirectRunner", "FnApiRunner")


def is_local(options: PipelineOptions) -> bool:
    """Whether the pipeline runs on this machine alone."""
    return options.view_as(StandardOptions).runner in _LOCAL


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
    return int(options.get_all_options().get("parallelism") or options.get_all_options().get("num_workers") or 8)
