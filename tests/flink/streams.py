"""A stream on the cluster of these tests, with its lake in an S3 server, over a newsroom whose hours a test turns."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from newsroom.server import DEFAULT_START_US
from schemas.run import iso
from tests.flink.conftest import Cluster
from tests.s3.conftest import StoreDesk
from tests.test_crash import without_repeats

LAKE: Final = "bucket/lake"
CLOCK_US: Final = DEFAULT_START_US + 7 * 3_600_000_000
"""What streams and bounded runs take for now when they start: behind all that the newsroom publishes in a test."""
TICK_S: Final = 2


class StreamDesk:
    """The stream, and what is seen of it: its manifests, its pieces, its log."""

    def __init__(self, desk: StoreDesk, cluster: Cluster, environment: Mapping[str, str]) -> None:
        self.desk, self.cluster, self.environment = desk, cluster, environment
        self.folder = desk.folder / LAKE
        self.log = desk.folder / "stream.log"
        self.began_s = time.time()
        self._hours: list[int] = [desk.room.now_us]

    @contextmanager
    def started(self, *more: str) -> Iterator[subprocess.Popen[bytes]]:
        """A client with its stream, both of which end with the block."""
        words = self._arguments("--tick", str(TICK_S), *self.cluster.plan.stream_options, *more)
        words.remove("--json")
        with open(self.log, "ab") as log:
            client = subprocess.Popen(
                ["nice", "-n", "5", *words], stdout=log, stderr=log, env=self.environment, cwd=self.desk.folder
            )
        try:
            yield client
        finally:
            client.kill()
            client.wait()
            self.cluster.cancel()

    def ended(self, command: str, *more: str) -> subprocess.CompletedProcess[str]:
        """A command on the lake in a process of its own on this machine, without the cluster."""
        return subprocess.run(
            self._arguments(*more, command=command),
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
            env=self.environment,
        )

    def begun(self, command: str, *more: str) -> subprocess.Popen[bytes]:
        """As `ended`, but do not wait for it; what it says is in the log."""
        with open(self.log, "ab") as log:  # a pipe that nobody reads would fill, and hold the run and its lock
            return subprocess.Popen(
                self._arguments(*more, command=command), stdout=log, stderr=log, env=self.environment
            )

    def _arguments(self, *more: str, command: str = "stream") -> list[str]:
        now = iso(CLOCK_US + round((time.time() - self.began_s) * 1_000_000))
        return self.desk.arguments(LAKE, "--now", now, "--poll_interval", "0", *more, command=command)

    def manifests(self) -> list[dict[str, Any]]:
        """Those of all runs so far, the oldest first."""
        return [json.loads(path.read_text()) for path in sorted((self.folder / "runs").glob("*.json"))]

    def runs(self) -> int:
        """The number of runs so far."""
        return len(list((self.folder / "runs").glob("*.json")))

    def turns(self) -> Counter[str]:
        """How many runs were committed by each writer: ``job``, the one on the cluster, and commands beside it."""
        manifests = self.manifests()
        return Counter("job" if "ticks.passed_over" in one["counts"] else one["command"] for one in manifests)

    def pieces(self) -> set[str]:
        """The names of the files of the run under way, such as ``poll-00000.pickle``."""
        return {path.name for path in (self.folder / "_state/pieces").glob("*/*") if "#" not in path.name}

    def logged(self) -> str:
        """What the client said."""
        return self.log.read_text()

    def next_hour(self, hours: float = 1.0) -> int:
        """Move the newsroom's clock on between two runs; the number of runs that were before."""
        await_true(self._is_free)
        before = self.runs()
        self.desk.room.advance(hours)
        self._hours.append(self.desk.room.now_us)
        return before

    def await_runs(self, number: int, most_s: float = 100.0) -> float:
        """Wait until there are so many runs; the seconds that it took."""
        began_s = time.monotonic()
        await_true(lambda: self.runs() >= number, most_s, lambda: self.logged()[-2000:])
        return time.monotonic() - began_s

    def run_to_disturb(self, hours: float) -> str:
        """The id of a run that has pages of new hours to fetch, and has begun to."""
        self.next_hour(hours)
        self.await_fetch()
        return self._run_under_way()

    def await_fetch(self) -> None:
        """Wait until the run under way fetches pages."""
        await_true(lambda: {"begunfetch-00000.json", "begunfetch-00001.json"} <= self.pieces())

    def await_recovery(self) -> float:
        """Wait until the run under way, or another one in its place after a restart, is committed; the seconds."""
        assert self.pieces(), "the run has ended before it was disturbed"
        return self.await_runs(self.runs() + 1)

    def await_worker_beside(self, known: Collection[int]) -> int:
        """The process number of the next worker that starts."""
        await_true(lambda: not set(self.cluster.workers()) <= set(known))
        return min(set(self.cluster.workers()) - set(known))

    @contextmanager
    def without_bucket(self) -> Iterator[None]:
        """The store has no such bucket in the block, which is told at once and not tried again."""
        bucket = (self.desk.folder / "bucket").resolve()
        away = bucket.rename(self.desk.folder / "away")
        try:
            yield
        finally:
            shutil.rmtree(bucket, ignore_errors=True)
            away.rename(bucket)

    def _is_free(self) -> bool:
        """Whether no run of any writer is under way."""
        locks = sorted(path for path in (self.folder / "_state/lock").glob("*.json") if "#" not in path.name)
        return bool(json.loads(locks[-1].read_text())["released"])

    def _run_under_way(self) -> str:
        (run,) = {path.parent.name for path in (self.folder / "_state/pieces").glob("*/opened*")}
        return run

    def assert_rows_of_bounded_runs(self) -> None:
        """The lake has the rows of bounded runs on this machine, one an hour of the newsroom's: every row once."""
        room = self.desk.room
        for number, now_us in enumerate(self._hours):
            room.now_us = now_us
            self.desk.run("local", "--now", iso(CLOCK_US + number * 60_000_000), "--poll_interval", "0")
        published = {known.canonical_url for known in room.truth() if known.outcome == "article"}
        assert {row["canonical_url"] for row in self.desk.rows("articles", LAKE)} >= published
        for table in ("articles", "pages", "failures"):
            assert without_repeats(self.desk, table, LAKE) == without_repeats(self.desk, table, "local"), table


def await_true(
    is_so: Callable[[], bool], most_s: float = 100.0, otherwise: Callable[[], str] = lambda: "it does not come true"
) -> None:
    """Wait until something is so. Raises AssertionError if it takes too long."""
    until_s = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < until_s, otherwise()
        time.sleep(0.02)


def environment_of(stores: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that works in another folder, and reaches these stores."""
    return {**os.environ, "PYTHONPATH": os.getcwd(), **stores}
