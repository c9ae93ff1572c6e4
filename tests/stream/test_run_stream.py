"""How a stream's command speaks with its cluster."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from pipelines.stream import run_stream
from pipelines.stream.run_stream import _to_its_end, with_defaults

ON_A_CLUSTER = ["--runner=PortableRunner", "--job_endpoint=localhost:1"]


class HandedOver:
    """A job that goes on, of this name, when its job server ends."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, *_: Any) -> None:
        raise grpc.RpcError("Socket closed")


def test_options_suit_a_stream_unless_the_user_chose_or_the_job_server_does_not_know_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = ["--max_bundle_size", "--checkpoint_timeout_millis", "--parallelism"]
    monkeypatch.setattr(run_stream, "declared_options", lambda _: known)
    ours = ["--max_bundle_size=1", "--checkpoint_timeout_millis=86400000"]
    assert with_defaults(ON_A_CLUSTER) == [*ON_A_CLUSTER, *ours]
    chosen = [*ON_A_CLUSTER, "--max_bundle_size=7"]
    assert with_defaults(chosen) == [*chosen, ours[1]]


def test_without_its_job_server_a_job_is_watched_in_flink_if_that_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(run_stream, "await_job", lambda *of: asked.append(of) or len(asked) == 1)
    job: Any = HandedOver("BeamApp-1")
    said = []
    for flink in (None, "http://flink", "http://flink"):
        assert _to_its_end(job, None, None, flink) == 1  # type: ignore[arg-type]
        said.append(capsys.readouterr().err.splitlines())
    gone = "newsbeam stream: Beam's job server has ended, and BeamApp-1 goes on without it"
    assert said == [
        [gone],
        [gone, "newsbeam stream: BeamApp-1 has ended"],
        [gone, "newsbeam stream: BeamApp-1 is out of sight"],
    ]
    assert asked == [("http://flink", "BeamApp-1")] * 2


def test_a_job_that_was_not_handed_over_is_an_error() -> None:
    with pytest.raises(grpc.RpcError):
        _to_its_end(HandedOver(""), None, None, None)  # type: ignore[arg-type]
