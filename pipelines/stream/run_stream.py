"""Runs a stream on a cluster: describes it, hands it to the runner, and waits for its end."""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Final

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions, StandardOptions

from pipelines.checks import CommandError, UsageError
from pipelines.given.config_choices import choices_of
from pipelines.given.run_settings import ingest_settings
from pipelines.given.times import clock_of
from pipelines.read_feeds import read_feeds
from pipelines.run.beam_options import declared_options
from pipelines.run.run_errors import in_one_line
from pipelines.run.runners import Job, runner_for
from pipelines.stream.flink_rest import await_job, cancel_job, check_flink
from pipelines.stream.open_runs import Opener, StreamSettings
from pipelines.stream.stream_runs import StreamRuns
from schemas.run import new_run_id
from transforms.common.clock import Clock
from transforms.common.this_code import this_version
from transforms.lake.files.lock import LakeLockedError, release_lock, take_lock
from transforms.lake.files.storage import Storage, StorageError

_LOG = logging.getLogger("newsbeam.stream")

_DEFAULTS: Final = {
    "max_bundle_size": "1",
    "max_bundle_time_mills": "100",
    "checkpointing_interval": "10000",
    "checkpoint_timeout_millis": "86400000",
}
"""Options of job servers that know them, unless the user gives others: a piece is passed on as soon as it ends, where
larger bundles would wait a second at each barrier; what a restart does again is at most ten seconds old; and a
checkpoint waits for a piece that takes long, where Flink would start the job again after ten minutes."""
_SPARE_S: Final = 1800.0
"""The time a run may take beyond its requests, before it counts as dead."""
_LONGEST_S: Final = 86_400.0
"""The same for a run without limit of requests."""


def run_stream(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    """The exit status after the end of a stream on a cluster, which comes only when it is cancelled or fails.

    Raises UsageError for a user's mistake, such as a feed list that cannot be read.
    """
    if given.max_ticks is not None:
        raise UsageError("--max_ticks is for a stream in one process; on a cluster it ends when it is cancelled")
    if given.json:
        raise UsageError("--json is for a stream in one process; of one on a cluster ask newsbeam report --json")
    beam_args = with_defaults(beam_args)
    asked = copy(given)
    asked.output = Storage(given.output).address
    asked.feeds = _from_anywhere(given.feeds)
    if given.config:
        asked.config = _from_anywhere(given.config)
        asked.arguments = [*given.arguments, f"--config={asked.config}"]  # the last one counts
    specs = read_feeds(asked.feeds, choices_of(asked)[0])
    ingest_settings(asked, beam_args, [spec.url for spec in specs], given.tick)
    flink = given.flink_rest.rstrip("/") if given.flink_rest else None
    if flink is not None:
        check_flink(flink)
    give_up_s = _LONGEST_S if given.max_run_minutes is None else given.max_run_minutes * 60 + _SPARE_S
    clock = clock_of(given)
    name = secrets.token_hex(8)
    opener = Opener(StreamSettings(asked, tuple(beam_args), name, give_up_s, this_version()), clock)
    beam_options = PipelineOptions(list(beam_args))
    beam_options.view_as(StandardOptions).streaming = True
    pipeline = beam.Pipeline(runner=runner_for(beam_options), options=beam_options)
    _ = pipeline | "StreamRuns" >> StreamRuns(opener, clock)
    job = Job()
    try:
        return _to_its_end(job, pipeline, beam_options, flink)
    except KeyboardInterrupt:
        if not job.name:  # it was not handed over
            raise
        print(f"newsbeam stream: cancelling {job.name}; a run under way is not committed", file=sys.stderr)
        _cancel(job, flink, Storage(asked.output), name)
        raise


def _to_its_end(job: Job, pipeline: beam.Pipeline, beam_options: PipelineOptions, flink: str | None) -> int:
    """The exit status. A job goes on without its job server; then Flink tells of its end, or nobody does."""
    try:
        job.run(pipeline, beam_options)
    except grpc.RpcError:
        if not job.name:
            raise
        print(f"newsbeam stream: Beam's job server has ended, and {job.name} goes on without it", file=sys.stderr)
        if flink is not None:
            ended = await_job(flink, job.name)
            print(f"newsbeam stream: {job.name} {'has ended' if ended else 'is out of sight'}", file=sys.stderr)
        return 1
    except RuntimeError as error:
        if not job.name:
            raise
        # Somebody has cancelled it, the cluster has lost it, or it cannot start: the runner's words are many lines.
        raise CommandError(f"{job.name} has ended: {in_one_line(error)}") from error
    return 0


def _cancel(job: Job, flink: str | None, storage: Storage, name: str) -> None:
    """Cancel the stream's job. If it is certain to have ended, let go of the lake, which its lease would hold on to."""
    if flink is None:
        job.cancel()
        print(
            f"newsbeam stream: Beam's job server does not cancel jobs of Flink: cancel {job.name} there, if it goes on "
            "(with --flink_rest this command does)",
            file=sys.stderr,
        )
    elif not cancel_job(flink, job.name):
        print(f"newsbeam stream: {job.name} may go on: Flink at {flink} has not ended it", file=sys.stderr)
    else:
        with suppress(LakeLockedError, StorageError, OSError):
            release_lock(storage, take_lock(storage, new_run_id(Clock().now_us(), None), name))


def _from_anywhere(path: str) -> str:
    """A file's name that holds in any working folder."""
    return path if "://" in path else str(Path(path).absolute())


def with_defaults(beam_args: Sequence[str]) -> list[str]:
    """The options for Beam, with ours for the named job server where it knows them and the user gave none."""
    endpoint = PipelineOptions(list(beam_args)).view_as(PortableOptions).job_endpoint
    known = declared_options(str(endpoint)) if endpoint else []
    given = {word.partition("=")[0] for word in beam_args}
    ours = {f"--{name}": value for name, value in _DEFAULTS.items()}
    return [*beam_args, *(f"{name}={value}" for name, value in ours.items() if name in known and name not in given)]
