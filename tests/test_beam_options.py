"""Options that are not ours are Beam's, or those that the named job server declares."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipelines.checks import UsageError
from pipelines.run.beam_options import check_beam_options

OWN = ("--feeds", "--max_pages")


class JobServer(beam_job_api_pb2_grpc.JobServiceServicer):
    """Declares two options that Beam's Python parser does not have, as runners in Java do."""

    def DescribePipelineOptions(  # noqa: N802  (the name is gRPC's)
        self, request: beam_job_api_pb2.DescribePipelineOptionsRequest, context: grpc.ServicerContext
    ) -> beam_job_api_pb2.DescribePipelineOptionsResponse:
        names = ("checkpointing_interval", "fail_on_checkpointing_errors")
        options = [beam_job_api_pb2.PipelineOptionDescriptor(name=name) for name in names]
        return beam_job_api_pb2.DescribePipelineOptionsResponse(options=options)


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(JobServer(), server)
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--runner=DirectRunner", "--direct_num_workers=2", "--direct_running_mode", "multi_processing"),
        ("--runner", "flink", "--experiments=a", "--experiments", "b"),
        ("--streaming",),
    ],
)
def test_beams_own_options_pass(arguments: tuple[str, ...]) -> None:
    check_beam_options(arguments, OWN)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--max_pagez", "3"), "did you mean --max_pages"),
        (("--max_pagez=3",), "did you mean --max_pages"),
        (("--direct_num_workerz", "3"), "did you mean --direct_num_workers"),
        (("--qqqq",), "neither here nor in Beam"),
        (("--streaming", "stray"), "'stray' is not expected here"),
        (("--direct_num_workers=two",), "--direct_num_workers: invalid int value"),
        (("--runner=SparkRuner",), "did you mean SparkRunner"),
        (("--runner=no.such.Runner",), "--runner no.such.Runner cannot be had"),
        (("--runner=PortableRunner", "--job_endpoint=127.0.0.1:9", "--qqqq"), "127.0.0.1:9 does not answer"),
    ],
)
def test_what_beam_would_pass_over_is_refused(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_beam_options(arguments, OWN)


def test_the_named_job_server_says_what_else_there_is(endpoint: str) -> None:
    server = ("--runner=PortableRunner", f"--job_endpoint={endpoint}")
    check_beam_options((*server, "--checkpointing_interval", "1000", "--fail_on_checkpointing_errors"), OWN)
    check_beam_options((*server, "--checkpointing_interval=1000"), OWN)
    with pytest.raises(UsageError, match="did you mean --checkpointing_interval"):
        check_beam_options((*server, "--checkpointing_intervall=1000"), OWN)
    with pytest.raises(UsageError, match="'stray' is not expected here"):
        check_beam_options((*server, "--checkpointing_interval", "1000", "stray"), OWN)
