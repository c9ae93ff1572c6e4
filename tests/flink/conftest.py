"""A Flink cluster with two task managers for the tests of this folder, and how to run newsbeam on it."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.flink.cluster import down, rest, up
from deploy.flink.parts import Plan
from deploy.flink.prepare import MissingToolError, check_tools
from deploy.flink.processes import living
from tests.conftest import Desk

_RUNNING = ("CREATED", "RUNNING", "RESTARTING", "FAILING", "CANCELLING")


class Cluster:
    """A running cluster."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.options = tuple(plan.beam_options)

    def jobs(self) -> list[str]:
        """The names of the jobs that have not ended."""
        jobs = rest(self.plan, "/jobs/overview")["jobs"]
        return [job["name"] for job in jobs if job["state"] in _RUNNING]

    def cancel(self) -> None:
        """End all jobs, as Flink's web page does, and wait until they have ended."""
        for job in rest(self.plan, "/jobs/overview")["jobs"]:
            if job["state"] in _RUNNING:
                url = f"http://localhost:{self.plan.rest_port}/jobs/{job['jid']}?mode=cancel"
                with urllib.request.urlopen(urllib.request.Request(url, method="PATCH"), timeout=20):
                    pass
        until_s = time.monotonic() + 60
        while self.jobs():
            assert time.monotonic() < until_s, f"jobs do not end: {self.jobs()}"
            time.sleep(0.2)

    def checkpoint_timeouts_ms(self) -> list[int]:
        """How long each job lets its checkpoints take."""
        running = [job["jid"] for job in rest(self.plan, "/jobs/overview")["jobs"] if job["state"] == "RUNNING"]
        return [rest(self.plan, f"/jobs/{job}/checkpoints/config")["timeout"] for job in running]

    def workers(self) -> list[int]:
        """The Python workers: the children of the worker pools."""
        pools = [pid for name, pid in living(self.plan.folder).items() if name.startswith("worker-pool")]
        return [child for pool in pools for child in children(pool)]

    def processes(self) -> list[int]:
        """All processes of the cluster, also those that its own have started."""
        return [pid for part in living(self.plan.folder).values() for pid in (part, *descendants(part))]

    def run(self, desk: Desk, lake: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Ingest on the cluster, in a process of its own that works in the desk's folder, into a relative lake."""
        arguments = desk.arguments(lake, *self.options, *more, "--output", lake)
        env = {**os.environ, "PYTHONPATH": os.getcwd(), **environment}
        return subprocess.run(
            arguments, capture_output=True, text=True, timeout=170, check=False, cwd=desk.folder, env=env
        )


def children(pid: int) -> list[int]:
    """The processes that a process has started, of those that live."""
    try:
        text = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(word) for word in text.split()]


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, those that these have started, and so on."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def said(ended: subprocess.CompletedProcess[str]) -> list[dict[str, Any] | str]:
    """The lines on standard error, log records as mappings."""
    return [json.loads(line) if line.startswith("{") else line for line in ended.stderr.splitlines()]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster; its logs are in pytest's temporary folder."""
    try:
        check_tools()
    except MissingToolError as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("cluster")
    try:
        yield Cluster(up(folder, task_managers=2, slots=1))
    finally:
        down(folder)
