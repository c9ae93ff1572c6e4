"""A stream on a Flink cluster with two task managers, its lake in an S3 server: undisturbed, killed, begun again."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest

from deploy.flink.cluster import restart
from deploy.flink.processes import living
from newsroom.pauses import shortest_pause_s
from pipelines.checks import LOCKED
from pipelines.commands.run_once import TERMINATED
from tests.flink.conftest import Cluster
from tests.flink.streams import StreamDesk, await_true, environment_of
from tests.s3.conftest import StoreDesk, bucket, reached, s3, store_desk  # noqa: F401  (fixtures)
from tests.s3.versitygw import S3Server

pytestmark = [pytest.mark.flink, pytest.mark.timeout(600)]

POLITE_S = 0.2
SLOW_S = 0.4
"""Pauses between two requests to a host."""
AWAY_S = 3.0
"""How long the store cannot be used: long enough for requests to fail."""
UNHURRIED = "4s"
"""A tick that leaves the lake free between runs: who finds it taken does not wait in a line, but tries again."""
NOTED_S = 0.05
"""How much later than the client the newsroom may note that an answer has ended."""


DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def store_cluster(cluster: Cluster, s3: S3Server) -> Cluster:  # noqa: F811
    """The cluster, with workers that reach the S3 server."""
    for number in range(1, cluster.plan.task_managers + 1):
        restart(cluster.plan, f"worker-pool-{number}", s3.environment())
    return cluster


@pytest.fixture
def stream(store_desk: StoreDesk, store_cluster: Cluster, s3: S3Server) -> StreamDesk:  # noqa: F811
    """A newsroom of which a third is published, and a stream that has not begun."""
    store_desk.room.advance(hours=-48)
    return StreamDesk(store_desk, store_cluster, environment_of(s3.environment()))


def test_fifteen_ticks_give_the_rows_of_bounded_runs_and_ask_no_host_twice_at_once(stream: StreamDesk) -> None:
    room = stream.desk.room
    with stream.started("--host_delay", str(POLITE_S)):
        stream.await_runs(1)
        for hours in (12, 12, 12, 12, 1, 1):
            stream.await_runs(stream.next_hour(hours) + 2)
        stream.await_runs(15)
        asked = room.requests
        assert stream.cluster.checkpoint_timeouts_ms() == [DAY_MS], "a long piece holds up its checkpoint"
    articles = [manifest["tables"].get("articles", 0) for manifest in stream.manifests()]
    assert sum(number > 0 for number in articles) == 7, articles
    assert shortest_pause_s(asked) >= POLITE_S - NOTED_S
    stream.assert_rows_of_bounded_runs()


def test_a_stream_whose_client_was_killed_goes_on_and_takes_turns_with_other_writers(stream: StreamDesk) -> None:
    with stream.started("--tick", UNHURRIED) as client:
        stream.await_runs(1)
        client.kill()
        client.wait()
        statuses: list[int] = []
        before = stream.turns()
        other = stream.begun("stream", "--tick", UNHURRIED)

        def all_have_had_a_turn_or_ingest_tries_again() -> bool:
            if (stream.turns() - before).keys() == {"job", "stream", "ingest"}:
                return True
            statuses.append(stream.ended("ingest").returncode)
            return False

        try:
            for hours in (12, 12, 12, 12, 1, 1):
                stream.next_hour(hours)
                statuses += [stream.ended("ingest").returncode, stream.ended("ingest").returncode]
            await_true(all_have_had_a_turn_or_ingest_tries_again, 200, lambda: f"{stream.turns()}, {statuses}")
        finally:
            other.send_signal(signal.SIGTERM)
            other.wait(60)
        stream.await_runs(stream.runs() + 2)  # the newest of which sees the last hour
        assert len(stream.cluster.jobs()) == 1
    assert set(statuses) <= {0, LOCKED}
    assert stream.turns()["ingest"] == statuses.count(0)
    stream.assert_rows_of_bounded_runs()


def test_a_cancelled_stream_leaves_nothing_running_and_goes_on_at_once_without_its_checkpoints(
    stream: StreamDesk,
) -> None:
    cluster = stream.cluster
    with stream.started("--host_delay", str(SLOW_S)) as client:
        stream.await_runs(1)
        before = stream.next_hour(24)
        stream.await_fetch()
        client.send_signal(signal.SIGTERM)
        assert client.wait(60) == TERMINATED, stream.logged()
        assert cluster.jobs() == []
        await_true(lambda: cluster.workers() == [], 20)
        assert "Traceback" not in stream.logged()
        assert stream.runs() == before
    shutil.rmtree(cluster.plan.folder / "checkpoints")
    (cluster.plan.folder / "checkpoints").mkdir()
    with stream.started("--host_delay", "0.01"):
        stream.await_runs(before + 1)
    stream.assert_rows_of_bounded_runs()


def test_what_is_killed_comes_again_and_nothing_is_lost_or_doubled(stream: StreamDesk, s3: S3Server) -> None:  # noqa: F811
    cluster = stream.cluster
    with stream.started("--host_delay", str(SLOW_S), "--flush_seconds", "1") as client:
        stream.await_runs(1)

        stream.run_to_disturb(8)
        os.kill(cluster.workers()[0], signal.SIGKILL)
        stream.await_recovery()

        stream.run_to_disturb(8)
        known = cluster.workers()
        os.kill(known[-1], signal.SIGKILL)
        os.kill(stream.await_worker_beside(known), signal.SIGKILL)
        stream.await_recovery()

        stream.run_to_disturb(8)
        os.kill(living(cluster.plan.folder)["task-manager-1"], signal.SIGKILL)
        restart(cluster.plan, "task-manager-1")
        stream.await_recovery()

        stream.run_to_disturb(8)
        with s3.stopped():  # its requests are tried again; where that is not enough, the next run goes on
            time.sleep(AWAY_S)
        stream.await_recovery()

        run = stream.run_to_disturb(8)
        with stream.without_bucket():
            time.sleep(AWAY_S)
        stream.await_recovery()
        assert run not in [manifest["run_id"] for manifest in stream.manifests()], "it has failed"

        stream.run_to_disturb(8)
        os.kill(living(cluster.plan.folder)["job-server"], signal.SIGKILL)
        stream.await_recovery()
        stream.await_runs(stream.runs() + 1)
        assert client.poll() is None
        restart(cluster.plan, "job-server")
        client.send_signal(signal.SIGTERM)
        assert client.wait(60) == TERMINATED
        assert cluster.jobs() == []
    assert shortest_pause_s(stream.desk.room.requests) >= SLOW_S - NOTED_S
    assert "Traceback" not in stream.logged()
    assert stream.logged().count("Beam's job server has ended") == 1
    stream.assert_rows_of_bounded_runs()
