"""Checks that options which are not newsbeam's are Beam's, or those of the named job server."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence

import grpc
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, PortableOptions, StandardOptions
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc
from apache_beam.runners.runner import PipelineRunner, create_runner

from pipelines.checks import UsageError, nearest, unknown_option
from pipelines.run.runners import is_local

_MOST_WORKERS = 1_024
_JOB_SERVER_S = 10.0
"""How long a job server may take to list its options."""


def check_beam_options(
    arguments: Sequence[str], own: Iterable[str], by_command: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Raise UsageError, which names the first unknown argument and the nearest option, unless Beam knows all arguments.

    Beam's own parser decides, which in a pipeline ignores unknown options. The remaining arguments may be options of
    the runner behind ``--job_endpoint``, so that server is asked. `own` are newsbeam's options, to find the nearest
    name, and `by_command` those of all its subcommands.
    """
    parser = _beam_parser()
    try:
        beams, unknown = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise UsageError(f"{error.argument_name}: {error.message}") from None
    options = PipelineOptions(list(arguments))
    known = [*own, *(f"--{name}" for name in vars(beams))]
    if unknown and (endpoint := options.view_as(PortableOptions).job_endpoint):
        declared = declared_options(str(endpoint))
        known += declared
        unknown = _without_declared(unknown, frozenset(declared))
    if unknown:
        raise UsageError(unknown_option(unknown[0], known, by_command or {}, ", neither here nor in Beam"))
    workers = options.view_as(DirectOptions).direct_num_workers
    if workers is not None and not 0 <= workers <= _MOST_WORKERS:
        raise UsageError(f"--direct_num_workers={workers} makes no sense: give 0 (one a core) to {_MOST_WORKERS}")
    _check_runner(options)


def _beam_parser() -> argparse.ArgumentParser:
    """Beam's own parser with all its options; it raises ArgumentError for an invalid value."""
    found: list[argparse.ArgumentParser] = []
    PipelineOptions([]).get_all_options(add_extra_args_fn=found.append)
    found[0].exit_on_error = False
    return found[0]


def declared_options(endpoint: str) -> list[str]:
    """The options that a job server declares, as ``--name``. Raises UsageError if it does not answer."""
    with grpc.insecure_channel(endpoint) as channel:
        service = beam_job_api_pb2_grpc.JobServiceStub(channel)
        try:
            answer = service.DescribePipelineOptions(
                beam_job_api_pb2.DescribePipelineOptionsRequest(), timeout=_JOB_SERVER_S
            )
        except grpc.RpcError as error:
            raise UsageError(f"the job server at {endpoint} does not answer ({error.code().name.lower()})") from None
    return [f"--{option.name}" for option in answer.options]


def _without_declared(unknown: Sequence[str], declared: frozenset[str]) -> list[str]:
    """`unknown` without the declared options and their values."""
    left, takes_value = [], False
    for word in unknown:
        name, has_value, _ = word.partition("=")
        if word.startswith("--"):
            takes_value = name in declared and not has_value
            if name not in declared:
                left.append(word)
        elif takes_value:
            takes_value = False
        else:
            left.append(word)
    return left


def _check_runner(options: PipelineOptions) -> None:
    if is_local(options):
        return
    name = str(options.view_as(StandardOptions).runner)
    try:
        made = create_runner(name)
    except Exception as error:  # Beam imports and calls whatever is named, which may raise anything
        near = nearest(name, StandardOptions.KNOWN_RUNNER_NAMES)
        hint = f"did you mean {near}?" if near else str(error)
        raise UsageError(f"--runner {name} cannot be had; {hint}") from None
    if not isinstance(made, PipelineRunner):
        raise UsageError(f"--runner {name} is no runner of Beam's")
