"""`newsbeam workers` starts Python workers when a task manager asks, and again when they are killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from pipelines.commands.workers import WorkerPool
from tests.conftest import COMMAND

pytestmark = pytest.mark.timeout(120)


class Control(beam_fn_api_pb2_grpc.BeamFnControlServicer):
    """A task manager's control service: knows which workers have come."""

    def __init__(self) -> None:
        self.came: list[str] = []

    def Control(self, requests, context):  # noqa: N802
        self.came.append(dict(context.invocation_metadata())["worker_id"])
        while context.is_active():
            time.sleep(0.1)
        yield from ()


@pytest.fixture
def control() -> Iterator[tuple[Control, str]]:
    server, service = grpc.server(ThreadPoolExecutor(8)), Control()
    beam_fn_api_pb2_grpc.add_BeamFnControlServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield service, f"127.0.0.1:{port}"
    server.stop(None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def pool() -> Iterator[tuple[subprocess.Popen[str], beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub]]:
    port = free_port()
    process = subprocess.Popen([*COMMAND, "workers", "--port", str(port)], stderr=subprocess.PIPE, text=True)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        grpc.channel_ready_future(channel).result(timeout=60)
        yield process, beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
    process.kill()
    process.communicate()


def children(pid: int) -> list[int]:
    return [int(word) for path in Path(f"/proc/{pid}/task").glob("*/children") for word in path.read_text().split()]


def lives(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(") ", 1)[1][0] != "Z"


def await_true(is_so: Callable[[], bool], within_s: float = 60) -> None:
    end_s = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def start(stub: beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub, name: str, address: str) -> None:
    request = beam_fn_api_pb2.StartWorkerRequest(worker_id=name)
    request.control_endpoint.url = address
    assert stub.StartWorker(request).error == ""


def test_a_worker_that_is_killed_at_its_start_comes_again_and_one_that_is_stopped_does_not(pool, control) -> None:
    (process, stub), (service, address) = pool, control
    start(stub, "one", address)
    await_true(lambda: bool(children(process.pid)))
    (first,) = children(process.pid)
    os.kill(first, signal.SIGKILL)
    await_true(lambda: service.came == ["one"])
    (second,) = children(process.pid)
    assert second != first
    stub.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id="one"))
    await_true(lambda: not lives(second))
    time.sleep(0.5)
    assert children(process.pid) == []
    stub.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id="one"))


def test_a_worker_that_is_stopped_in_the_moment_of_its_death_does_not_come_again() -> None:
    pool = WorkerPool([])
    with subprocess.Popen(["true"]) as dead:
        pool._start("one", "nowhere:1", 2, dead)  # its watcher is about to start it again, and it was stopped meanwhile
    assert pool._running == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_pool(pool, control, number: signal.Signals) -> None:
    (process, stub), (service, address) = pool, control
    for name in ("one", "two"):
        start(stub, name, address)
    await_true(lambda: sorted(service.came) == ["one", "two"])
    workers = children(process.pid)
    assert len(workers) == 2
    process.send_signal(number)
    assert process.wait(30) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
    await_true(lambda: not any(map(lives, workers)))


def test_a_port_in_use_is_one_line(pool) -> None:
    process, _ = pool
    command = Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
    port = command[command.index("--port") + 1]
    second = subprocess.run(
        [*COMMAND, "workers", "--port", port], capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in second.stderr.splitlines()[-1]
