"""A pipeline is seen through to its end, here or on a cluster."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import grpc
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

import pipelines.run.runners
from pipelines.run.runners import Job, for_bounded_runs

ON_A_CLUSTER = ["--runner=PortableRunner", "--job_endpoint=localhost:1"]


class Result:
    """What Beam's runner gives for a job on a cluster: its states, one a look, the last for ever."""

    def __init__(self, *states: str | Exception, interrupt: BaseException | None = None) -> None:
        self.states = list(states)
        self.interrupt = interrupt
        self.cancelled = 0

    @property
    def state(self) -> str:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(state, Exception):
            raise state
        return state

    def wait_until_finish(self) -> None:
        if self.interrupt is not None:
            raise self.interrupt

    def cancel(self) -> None:
        self.cancelled += 1

    def run(self) -> Result:
        return self


def interrupted(result: Result) -> Job:
    """A job whose client was interrupted while it waited."""
    job, result.interrupt = Job(), KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        job.run(result, PipelineOptions(ON_A_CLUSTER))
    return job


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_END_S", 0.3), ("WATCH_S", 0.05), ("_LOOK_S", 0.01)):
        monkeypatch.setattr(pipelines.run.runners, name, value)


def test_workers_are_kept_between_the_steps_of_a_bounded_run_unless_the_user_chose() -> None:
    assert for_bounded_runs(ON_A_CLUSTER) == [*ON_A_CLUSTER, "--environment_cache_millis=60000"]
    chosen = [*ON_A_CLUSTER, "--environment_cache_millis=0"]
    assert for_bounded_runs(chosen) == chosen
    assert for_bounded_runs(["--direct_num_workers=2"]) == ["--direct_num_workers=2"]


def test_an_interrupted_job_is_waited_for_until_it_has_ended_by_itself(
    in_a_hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.run.runners, "_END_S", 60)
    running = Result(PipelineState.RUNNING, PipelineState.RUNNING, PipelineState.RUNNING, PipelineState.FAILED)
    job = interrupted(running)
    assert job.is_left
    job.await_end()
    assert not job.is_left
    assert running.cancelled == 0, "Beam's job server would call it cancelled, and let it go on"


def test_a_job_that_does_not_end_is_cancelled(in_a_hurry: None) -> None:
    running = Result(PipelineState.RUNNING)
    interrupted(running).await_end()
    assert running.cancelled == 1


def test_of_a_job_whose_server_is_gone_only_the_looks_of_its_workers_are_waited_for(in_a_hurry: None) -> None:
    gone = Result(grpc.RpcError())
    interrupted(gone).await_end()
    assert gone.cancelled == 0


def test_a_job_that_ended_and_a_run_on_this_machine_leave_nothing() -> None:
    job = Job()
    job.run(Result(PipelineState.DONE), PipelineOptions(ON_A_CLUSTER))
    assert not job.is_left
    local = Job()
    with pytest.raises(KeyboardInterrupt):
        local.run(Result(PipelineState.RUNNING, interrupt=KeyboardInterrupt()), PipelineOptions([]))
    assert not local.is_left


def test_a_signal_while_the_job_is_handed_over_counts_once_its_name_is_known() -> None:
    class HandedOver(Result):
        def run(self) -> Result:
            signal.raise_signal(signal.SIGINT)
            return self

    job = Job()
    with pytest.raises(KeyboardInterrupt):
        job.run(HandedOver(PipelineState.RUNNING), PipelineOptions(ON_A_CLUSTER))
    assert job.is_left


def test_a_second_signal_counts_at_once() -> None:
    class Hanging(Result):
        def run(self) -> Result:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("not reached")

    with pytest.raises(KeyboardInterrupt):
        Job().run(Hanging(PipelineState.RUNNING), PipelineOptions(ON_A_CLUSTER))


def test_in_a_thread_which_gets_no_signals_a_job_runs_as_well() -> None:
    ended: list[Any] = []
    job = Job()
    done = Result(PipelineState.DONE)
    thread = threading.Thread(target=lambda: ended.append(job.run(done, PipelineOptions(ON_A_CLUSTER))))
    thread.start()
    thread.join()
    assert ended == [None]


def test_the_end_of_the_job_server_is_an_error_without_a_traceback_of_the_thread_that_only_reads(
    capfd: pytest.CaptureFixture[str],
) -> None:
    class ServerGone(Result):
        def wait_until_finish(self) -> None:
            threading.Thread(target=self._read, name="wait_until_finish_read").start()
            raise grpc.RpcError("Socket closed")

        def _read(self) -> None:
            time.sleep(0.2)
            raise grpc.RpcError("Socket closed")

    usual = threading.excepthook
    with pytest.raises(grpc.RpcError):
        Job().run(ServerGone(PipelineState.RUNNING), PipelineOptions(ON_A_CLUSTER))
    assert capfd.readouterr().err == ""
    assert threading.excepthook is usual
    assert not [thread for thread in threading.enumerate() if thread.name == "wait_until_finish_read"]
