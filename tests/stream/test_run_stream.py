"""What the command of a stream on a cluster asks for and refuses, before it starts anything."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipelines.stream.run_stream import with_defaults
from tests.command import newsbeam


class JobServer(beam_job_api_pb2_grpc.JobServiceServicer):
    """A job server that declares some options."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def DescribePipelineOptions(self, _: object, __: object):  # noqa: N802
        options = [beam_job_api_pb2.PipelineOptionDescriptor(name=name) for name in self._names]
        return beam_job_api_pb2.DescribePipelineOptionsResponse(options=options)


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(2))
    service = JobServer("max_bundle_size", "checkpointing_interval", "parallelism")
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


def test_defaults_are_given_where_the_server_knows_them_and_the_user_gave_none(endpoint: str) -> None:
    given = ["--runner=PortableRunner", f"--job_endpoint={endpoint}", "--max_bundle_size=7"]
    assert with_defaults(given) == [*given, "--checkpointing_interval=10000"]


def test_a_user_s_mistakes_are_one_line_before_anything_is_started(endpoint: str, tmp_path: Path) -> None:
    feeds, lake = tmp_path / "feeds.txt", tmp_path / "lake"
    feeds.write_text("http://127.0.0.1/feed")
    command = ["stream", "--output", str(lake), "--runner=PortableRunner", f"--job_endpoint={endpoint}", "--feeds"]
    for arguments, why in (
        ([str(feeds), "--json"], "--json is for a stream in one process"),
        ([str(feeds), "--flink_rest=nonsense"], "--flink_rest nonsense is not Flink's REST interface"),
        ([str(feeds), "--max_ticks=3"], "--max_ticks is for a stream in one process"),
        ([str(tmp_path / "nothing.opml")], "cannot read the feed list"),
        (["s3:/half"], "cannot read the feed list"),
    ):
        done = newsbeam(*command, *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert why in done.stderr
    assert not lake.exists()
