"""Bounded runs on a Flink cluster with two task managers, as a user starts them."""

from __future__ import annotations

import ipaddress
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.flink.cluster import answers
from deploy.flink.parts import worker_pool
from deploy.flink.processes import Part, start, stop
from pipelines.commands.run_once import TERMINATED
from tests.conftest import Desk, summary
from tests.flink.conftest import Cluster, descendants, said
from tests.flink.listening import listening

pytestmark = [pytest.mark.flink, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("articles", "pages", "failures", "feed_polls")


def test_two_runs_give_the_rows_of_local_runs_in_external_workers_and_in_those_of_the_client(
    desk: Desk, cluster: Cluster
) -> None:
    desk.run("local")
    first = summary(cluster.run(desk, "flink"))
    assert first["tables"]["articles"] > 100
    assert_equal(desk)
    assert not list(cluster.plan.folder.glob("flink*")), "a relative --output is the client's"

    desk.room.advance(hours=1)
    desk.run("local")
    loopback = {"LD_PRELOAD": str(cluster.plan.preload)}
    second = summary(cluster.run(desk, "flink", "--environment_type=LOOPBACK", "--environment_config=", **loopback))
    assert 0 < second["tables"]["articles"] < 20
    assert_equal(desk)
    assert cluster.jobs() == []


def test_a_run_ended_by_sigterm_leaves_no_job_that_asks_hosts_and_the_next_run_goes_on(
    desk: Desk, cluster: Cluster
) -> None:
    desk.run("local")
    desk.room.clear_requests()
    with started(desk, cluster) as run:
        await_true(lambda: len(desk.room.requests) > 60)
        addresses = listening(cluster.processes())
        run.send_signal(signal.SIGTERM)
        _, stderr = run.communicate(timeout=60)
    assert run.returncode == TERMINATED, stderr
    assert "interrupted; nothing of this run was committed" in stderr
    assert "Traceback" not in stderr
    assert cluster.jobs() == []
    asked = len(desk.room.requests)
    assert len(addresses) >= 3, "the cluster's own, and one of each worker pool"
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses), addresses

    desk.run("flink")
    assert desk.room.requests[asked].headers, "asked by the local run only"
    assert_equal(desk)


def test_a_lost_lock_reaches_the_client_soon_in_one_line_and_the_job_is_not_started_again(
    desk: Desk, cluster: Cluster
) -> None:
    with started(desk, cluster) as run:
        await_true(lambda: len(desk.room.requests) > 60)
        locks = desk.folder / "flink/_state/lock"
        shutil.copy(locks / "0000000001.json", locks / "0000000002.json")
        began_s = time.monotonic()
        _, stderr = run.communicate(timeout=100)
    assert time.monotonic() - began_s < 30
    assert run.returncode == 1
    assert stderr.splitlines()[-1].startswith("newsbeam ingest: not committed: another run took over this lake")
    assert len(stderr.splitlines()) == 2, stderr
    assert cluster.jobs() == []


def test_a_worker_that_is_killed_fails_the_run_in_one_line_leaves_no_orphan_and_the_next_run_gives_equal_rows(
    desk: Desk, cluster: Cluster
) -> None:
    desk.run("local")
    idle = set(cluster.workers())  # they wait a minute for more of their job
    with started(desk, cluster, "--flush_seconds", "1") as run:
        await_true(lambda: any(desk.folder.glob("flink/pages/*/*.parquet")))
        workers = set(cluster.workers()) - idle
        assert len(workers) == 2, "one beside each task manager"
        offspring = [one for worker in workers for one in descendants(worker)]
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        _, stderr = run.communicate(timeout=100)
    assert run.returncode == 1
    assert "a worker of the cluster was lost in the midst of the run" in stderr.splitlines()[-1]
    assert len(stderr.splitlines()) == 2, stderr
    assert offspring, "fork servers and their workers"
    await_true(lambda: not any(Path(f"/proc/{one}").exists() for one in offspring))

    again = summary(cluster.run(desk, "flink"))
    assert again["counts"]["pages.adopted"] > 0
    assert_equal(desk, ("articles", "pages", "failures"))  # to its polls the adopted entries are no new ones


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("other", "not committed: a worker runs newsbeam"),
        ("none", "not committed: a worker has no newsbeam that it can load (No module named"),
    ],
)
def test_a_worker_of_another_version_is_refused_before_it_asks_any_host(
    desk: Desk, cluster: Cluster, tmp_path: Path, change: str, expected: str
) -> None:
    with pool_of(code_of(tmp_path / "code", change), cluster, tmp_path) as address:
        ended = cluster.run(desk, "flink", f"--environment_config={address}")
    assert ended.returncode == 1
    lines = said(ended)
    assert len(lines) == 2, ended.stderr
    assert expected in lines[-1]
    assert desk.room.requests == []


def assert_equal(desk: Desk, tables: Sequence[str] = TABLES) -> None:
    for table in tables:
        assert desk.content(table, "flink") == desk.content(table, "local"), table


def await_true(is_so: Callable[[], bool], most_s: float = 170.0) -> None:
    until_s = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < until_s, "it does not come true"
        time.sleep(0.02)


@contextmanager
def started(desk: Desk, cluster: Cluster, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A run on the cluster that takes its time with each host."""
    run = desk.start("flink", *cluster.options, "--host_delay", "0.2", *more)
    try:
        yield run
    finally:
        run.kill()
        run.communicate()


def code_of(folder: Path, change: str) -> Path:
    """A folder with newsbeam's code that differs in one comment, or with what hides newsbeam from each process."""
    folder.mkdir()
    if change == "none":
        (folder / "sitecustomize.py").write_text(HIDDEN)
        return folder
    for room in ("schemas", "transforms", "pipelines"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    with open(folder / "transforms/clean/rules.py", "a") as code:
        code.write("# a change\n")
    return folder


HIDDEN = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("schemas", "transforms", "pipelines", "newsbeam"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
"""
"""Python runs this at its start. Empty packages in front would not do: of an editable installation setuptools finds
their modules all the same."""


@contextmanager
def pool_of(code: Path, cluster: Cluster, folder: Path) -> Iterator[str]:
    """The address of a pool of workers that run this code: Beam's own pool where that holds no newsbeam."""
    pool = worker_pool(cluster.plan, 9)
    assert pool.address is not None
    if not (code / "pipelines/worker.py").exists():
        host, port = pool.address
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it starts its workers as `python`
        preload = {"LD_PRELOAD": str(cluster.plan.preload), "BIND_LOOPBACK": host, "PATH": path}
        command = [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main", f"--service_port={port}"]
        pool = Part(pool.name, command, preload, pool.address, signal.SIGINT)
    try:
        start(replace(pool, environment={**pool.environment, "PYTHONPATH": str(code)}), folder)
        await_true(lambda: answers(pool.address))
        yield ":".join(map(str, pool.address))
    finally:
        stop(folder)
