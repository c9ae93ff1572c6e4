"""What the command of a stream on a cluster does when its job, or its job server, ends."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from pipelines.checks import CommandError
from pipelines.stream import run_stream
from pipelines.stream.run_stream import _to_its_end


class HandedOver:
    """A job that goes on, of this name, when its job server ends."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, *_: Any) -> None:
        raise grpc.RpcError("Socket closed")


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


def test_a_job_that_was_cancelled_is_one_line() -> None:
    class Cancelled(HandedOver):
        def run(self, *_: Any) -> None:
            raise RuntimeError("Pipeline BeamApp-1 failed in state CANCELLED:\n  org.apache.flink\n  at …")

    with pytest.raises(CommandError, match=r"^BeamApp-1 has ended: RuntimeError: Pipeline BeamApp-1 failed in state"):
        _to_its_end(Cancelled("BeamApp-1"), None, None, None)  # type: ignore[arg-type]


def test_a_job_that_was_not_handed_over_is_an_error() -> None:
    with pytest.raises(grpc.RpcError):
        _to_its_end(HandedOver(""), None, None, None)  # type: ignore[arg-type]
