"""A stream on a Flink cluster with two task managers, its lake in an S3 server: undisturbed, killed, begun again."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.flink.cluster import restart
from deploy.flink.processes import living
from pipelines.commands.run_once import LOCKED, TERMINATED
from tests.flink.conftest import Cluster
from tests.flink.polite import smallest_gap_s
from tests.flink.streams import LAKE, StreamDesk, await_true, environment_of
from tests.s3.conftest import StoreDesk, bucket, reached, s3, store_desk  # noqa: F401  (fixtures)
from tests.s3.versitygw import S3Server

pytestmark = [pytest.mark.flink, pytest.mark.timeout(600)]

POLITE_S = 0.1
KILLED_S = 0.4
"""Pauses between two requests to a host."""
NOTED_S = 0.02
"""How much later than the client the newsroom may note that an answer has ended."""


@pytest.fixture(scope="module")
def store_cluster(cluster: Cluster, s3: S3Server) -> Cluster:  # noqa: F811
    """The cluster, with workers that reach the S3 server."""
    for number in range(1, cluster.plan.task_managers + 1):
        restart(cluster.plan, f"worker-pool-{number}", s3.environment())
    return cluster


@pytest.fixture
def stream(store_desk: StoreDesk, store_cluster: Cluster, s3: S3Server) -> Iterator[StreamDesk]:  # noqa: F811
    """A newsroom of which a third is published, and a stream that has not begun."""
    store_desk.room.advance(hours=-48)
    yield StreamDesk(store_desk, store_cluster, environment_of(s3.environment()))


def test_fifteen_ticks_give_the_rows_of_bounded_runs_and_ask_no_host_twice_at_once(stream: StreamDesk) -> None:
    room = stream.desk.room
    with stream.started("--host_delay", str(POLITE_S)):
        stream.await_runs(1)
        for hours in (12, 12, 12, 12, 1, 1):
            stream.await_runs(stream.next_hour(hours) + 2)
        stream.await_runs(15)
        asked = room.requests
    articles = [manifest["tables"].get("articles", 0) for manifest in stream.manifests()]
    assert sum(number > 0 for number in articles) == 7, articles
    assert smallest_gap_s(asked) >= POLITE_S - NOTED_S
    stream.assert_rows_of_bounded_runs()


def test_other_writers_and_the_stream_take_turns_on_a_lake(stream: StreamDesk) -> None:
    """What another writer finds new in an hour the stream does not see again, nor the other way round."""
    with stream.started():
        stream.await_runs(2)
        other = stream.start_other("stream", "--tick", "0.5s", "--max_ticks", "8")
        statuses = []
        for hours in (12, 12, 12, 12, 1, 1):
            stream.next_hour(hours)
            for _ in range(5):
                statuses.append(stream.ended("ingest").returncode)
                if statuses[-1] == 0:
                    break
        _, said = other.communicate(timeout=100)
        before = stream.runs()
        stream.await_runs(before + 2)
    print(statuses, other.returncode, said[-3000:])
    commands = [manifest["command"] for manifest in stream.manifests()]
    print(commands, [m["tables"].get("articles") for m in stream.manifests()])
    assert set(statuses) <= {0, LOCKED}
    assert 0 in statuses
    stream.assert_rows_of_bounded_runs()


def test_a_cancelled_stream_leaves_nothing_running_and_begins_again_without_its_checkpoints(
    stream: StreamDesk,
) -> None:
    cluster = stream.cluster
    idle = set(cluster.workers())
    with stream.started("--host_delay", str(KILLED_S)) as client:
        stream.await_runs(1)
        before = stream.next_hour(24)
        await_true(lambda: "begunfetch-00000.json" in stream.pieces())
        print(stream.pieces())
        client.send_signal(signal.SIGTERM)
        t0 = time.monotonic()
        assert client.wait(60) == TERMINATED, stream.logged()
        print("client ended", time.monotonic() - t0)
        await_true(lambda: cluster.jobs() == [])
        print("job ended", time.monotonic() - t0)
        print("last request", max(r.at_s for r in stream.desk.room.requests) - t0)
        await_true(lambda: not set(cluster.workers()) - idle)
        assert "Traceback" not in stream.logged()
        print(stream.logged())
    checkpoints = cluster.plan.folder / "checkpoints"
    print(list(checkpoints.rglob("*")))
    shutil.rmtree(checkpoints)
    checkpoints.mkdir()
    asked = len(stream.desk.room.requests)
    with stream.started("--host_delay", "0.01"):
        began_s = time.monotonic()
        await_true(lambda: len(stream.desk.room.requests) > asked, 200)
        print("first request after", time.monotonic() - began_s)
        stream.await_runs(before + 1, 200)
        print("run after", time.monotonic() - began_s)
    manifest = stream.manifests()[before]
    print(manifest["counts"])
    stream.assert_rows_of_bounded_runs()


def test_what_is_killed_comes_again_and_nothing_is_lost_or_doubled(stream: StreamDesk) -> None:
    cluster = stream.cluster
    room = stream.desk.room
    with stream.started("--host_delay", str(KILLED_S), "--flush_seconds", "1") as client:
        t = stream.await_runs(1)
        print("first", t)
        kills = {
            "worker": lambda: kill_worker(stream),
            "starting worker": lambda: kill_starting_worker(stream),
            "task manager": lambda: kill_part(cluster, "task-manager-1"),
            "job server": lambda: kill_part(cluster, "job-server", 3.0),
        }
        hours = 72 if os.environ.get("ONLY") else 12
        for name, kill in kills.items():
            if os.environ.get("ONLY", name) != name:
                continue
            room.clear_requests()
            before = stream.next_hour(hours / 6 if hours == 72 else hours)
            await_true(lambda: "begunfetch-00000.json" in stream.pieces())
            kill()
            print(
                name,
                "recovered after",
                stream.await_runs(before + 1, 180),
                "gap",
                smallest_gap_s(room.requests),
                "workers",
                len(cluster.workers()),
                "client",
                client.poll(),
                cluster.jobs(),
                flush=True,
            )
            print(
                [
                    (
                        m["counts"].get("ticks.passed_over"),
                        m["counts"].get("pages.adopted"),
                        m["tables"].get("articles"),
                    )
                    for m in stream.manifests()[before:]
                ]
            )
        print(stream.logged())
    stream.assert_rows_of_bounded_runs()


def kill_worker(stream):
    os.kill(stream.cluster.workers()[0], signal.SIGKILL)


def kill_starting_worker(stream):
    known = set(stream.cluster.workers())
    os.kill(stream.cluster.workers()[0], signal.SIGKILL)
    await_true(lambda: bool(set(stream.cluster.workers()) - known))
    time.sleep(0.2)
    (new, *_) = set(stream.cluster.workers()) - known
    os.kill(new, signal.SIGKILL)
    print("killed starting", new)


def kill_part(cluster, name, pause_s=0.0):
    os.kill(living(cluster.plan.folder)[name], signal.SIGKILL)
    time.sleep(pause_s)
    restart(cluster.plan, name)
