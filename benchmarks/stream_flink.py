"""The stream on a Flink cluster of this machine: how soon a row can be read, how many pages a second, what stays flat.

    python -m benchmarks.stream_flink [latency] [throughput] [flat] [source] [--task-managers 2] [--minutes 5] …

- latency: a feed on loopback gets a new article every few seconds; from then to the commit of the run that has its row,
  median and 95th percentile, at a tick of ten seconds.
- throughput: a first tick over 1,000 invented pages on 40 hosts, beside `newsbeam ingest` over the same pages (pages a
  second between the start and the end of the run), and beside `ingest` on the cluster.
- flat: checkpoints, and the memory of all processes of the cluster, over many short ticks, some with articles.
- source: checkpoints over 10,000 ticks of the clock alone.

It starts a cluster (`deploy.flink.cluster`), everything on loopback. Two cores are shared by all of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

import benchmarks.stream_flink as this_module  # noqa: PLW0406  (workers must import what they get)
from benchmarks.loopback import Answer, loopback_server
from benchmarks.measured import tree_memory_bytes
from benchmarks.synthetic import pages
from deploy.flink.cluster import down, rest, up
from deploy.flink.parts import Plan
from deploy.flink.processes import living
from pipelines.stream.open_runs import OpenRuns, StreamState
from pipelines.stream.piece import Piece
from pipelines.stream.run_stream import with_defaults

_EACH = ("latency", "throughput", "flat", "source")
_CLI = [sys.executable, "-m", "pipelines.cli"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=(*_EACH, []), default=_EACH, metavar="what")
    parser.add_argument("--task-managers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=5.0, help="of the latency benchmark")
    parser.add_argument("--pages", type=int, default=1_000, help="of the throughput benchmark")
    parser.add_argument("--ticks", type=int, default=300, help="of the flat benchmark")
    parser.add_argument("--source-ticks", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _cluster(Path(name) / "cluster", given.task_managers) as plan:
        bench = _Bench(plan, Path(name))
        if "latency" in given.what:
            bench.latency(given.minutes)
        if "throughput" in given.what:
            bench.throughput(given.pages)
        if "flat" in given.what:
            bench.flat(given.ticks)
        if "source" in given.what:
            bench.source(given.source_ticks)


@contextmanager
def _cluster(folder: Path, task_managers: int) -> Iterator[Plan]:
    try:
        yield up(folder, task_managers=task_managers, slots=1)
    finally:
        down(folder)


@dataclass
class _Bench:
    plan: Plan
    folder: Path

    def latency(self, minutes: float) -> None:
        """From the appearance of an article in its feed to the commit of its row."""
        news = _News(hosts=4, every_s=3.0)
        waits: list[float] = []
        with loopback_server(news.hosts, news) as (port, _), self._stream("latency", news.feeds(port), 10.0) as lake:
            _await_runs(lake, 1)
            end_s, seen = time.monotonic() + minutes * 60, set(lake.glob("runs/*.json"))
            while time.monotonic() < end_s:
                time.sleep(0.1)
                for manifest in set(lake.glob("runs/*.json")) - seen:
                    seen.add(manifest)
                    now_s = time.monotonic()
                    waits += [now_s - news.appeared[path] for path in _paths_of(lake, manifest)]
        waits = waits[len(waits) // 20 :]
        print(
            f"latency at a tick of 10 s: {len(waits)} articles, median {median(waits):.1f} s, "
            f"95th percentile {quantiles(waits, n=20)[-1]:.1f} s, longest {max(waits):.1f} s",
            flush=True,
        )

    def throughput(self, count: int) -> None:
        """Pages a second of one large run: of the stream, of `ingest` here, and of `ingest` on the cluster."""
        news = _News(hosts=40, first=40)
        with loopback_server(news.hosts, news) as (port, _):
            feeds = news.feeds(port)
            with self._stream("throughput", feeds, 5.0, "--max_pages", "all") as lake:
                _await_runs(lake, 2)  # a stream has its workers, and what they have loaded
                news.add(count)
                stream = _await_pages(lake, count)
            local = self._ingest("local", feeds)
            cluster = self._ingest("cluster", feeds, *self.plan.beam_options)
            for name, manifest in (("ingest", local), ("ingest on the cluster", cluster), ("stream", stream)):
                found, seconds = _run_of(manifest)
                print(
                    f"{name}: {found} pages in {seconds:.1f} s, {found / seconds:.1f} a second, "
                    f"{_rate(manifest) / _rate(local):.2f} of ingest",
                    flush=True,
                )

    def flat(self, ticks: int) -> None:
        """Checkpoints and memory over many ticks, of which every tenth has articles."""
        news = _News(hosts=4, every_s=20.0)
        with loopback_server(news.hosts, news) as (port, _), self._stream("flat", news.feeds(port), 2.0) as lake:
            _await_runs(lake, 5)
            print(f"{'tick':>6}{'checkpoint KB':>15}{'cluster MiB':>13}")
            for tick in range(ticks // 10, ticks + 1, max(1, ticks // 10)):
                _await_runs(lake, tick)
                print(f"{tick:>6}{self._checkpoint_bytes() / 1e3:>15.1f}{self._memory_mib():>13}", flush=True)

    def source(self, ticks: int) -> None:
        """Checkpoints over many ticks of the clock alone."""
        looks = self.folder / "looks"
        arguments = with_defaults([*self.plan.beam_options, "--max_bundle_time_mills=10"])
        options = PipelineOptions(arguments)
        options.view_as(StandardOptions).streaming = True
        pipeline = beam.Pipeline(options=options)
        _ = pipeline | OpenRuns(this_module.Looker(str(looks)))  # type: ignore[arg-type]
        result = pipeline.run()
        try:
            print(f"{'ticks':>6}{'checkpoint KB':>15}")
            for some in range(ticks // 10, ticks + 1, max(1, ticks // 10)):
                while not looks.exists() or looks.stat().st_size < some:
                    time.sleep(0.2)
                print(f"{some:>6}{self._checkpoint_bytes() / 1e3:>15.1f}", flush=True)
        finally:
            result.cancel()

    def _ingest(self, name: str, feeds: Sequence[str], *more: str) -> Path:
        lake = self.folder / name
        subprocess.run([*_CLI, "ingest", *self._options(lake, feeds), *more], capture_output=True, check=True)
        return next(lake.glob("runs/*.json"))

    @contextmanager
    def _stream(self, name: str, feeds: Sequence[str], tick_s: float, *more: str) -> Iterator[Path]:
        lake = self.folder / name
        command = [*_CLI, "stream", *self._options(lake, feeds), "--tick", f"{tick_s}s", *more]
        process = subprocess.Popen([*command, *self.plan.stream_options], stdout=subprocess.DEVNULL, stderr=sys.stderr)
        try:
            yield lake
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()

    def _options(self, lake: Path, feeds: Sequence[str]) -> list[str]:
        listed = self.folder / f"{lake.name}.txt"
        listed.write_text("\n".join(feeds))
        options = ["--feeds", str(listed), "--output", str(lake), "--allow_networks", "127.0.0.0/8"]
        return [*options, "--host_delay", "0", "--poll_interval", "0"]

    def _checkpoint_bytes(self) -> int:
        """The size of the newest checkpoint of the job that is running, once one was taken after this call."""
        asked_ms = time.time() * 1000
        while True:
            (job,) = [job["jid"] for job in rest(self.plan, "/jobs/overview")["jobs"] if job["state"] == "RUNNING"]
            newest: Mapping[str, Any] | None = rest(self.plan, f"/jobs/{job}/checkpoints")["latest"]["completed"]
            if newest is not None and newest["trigger_timestamp"] > asked_ms:
                return int(newest["state_size"])
            time.sleep(0.5)

    def _memory_mib(self) -> int:
        return sum(map(tree_memory_bytes, living(self.plan.folder).values())) >> 20


class Looker:
    """In place of what opens runs: opens none, and notes each look by one byte more in a file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def look(self, state: StreamState) -> tuple[StreamState, list[Piece]]:
        """The state with one tick more."""
        with Path(self._path).open("ab") as file:
            file.write(b".")
        return replace(state, passed=state.passed + 1), []

    def wait_s(self, _: StreamState) -> float:
        """No time at all."""
        return 0.0


class _News:
    """Feeds of invented articles: `first` from the start, then a new one every `every_s` seconds."""

    def __init__(self, hosts: int, first: int = 0, every_s: float = 0.0) -> None:
        self.hosts = [f"127.0.4.{number + 1}" for number in range(hosts)]
        self.appeared: dict[str, float] = {}
        """When each article came into its feed, in monotonic seconds, by its path."""
        self._invented = (page.body for page in pages(1_000_000))
        self._bodies: list[bytes] = list(islice(self._invented, first))
        self._every_s = every_s
        self._began_s = time.monotonic()

    def add(self, count: int) -> None:
        """Put so many articles into the feeds at once."""
        self._bodies += islice(self._invented, count)

    def feeds(self, port: int) -> list[str]:
        """The addresses of the feeds, one a host."""
        return [f"http://{host}:{port}/feed" for host in self.hosts]

    def __call__(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            return self._feed(host, headers["host"])
        with suppress(ValueError, IndexError):
            return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, self._bodies[int(path.rpartition("-")[2])])
        return Answer(404, {})

    def _feed(self, host: str, base: str) -> Answer:
        now_s = time.monotonic()
        if self._every_s:
            due = int((now_s - self._began_s) / self._every_s)
            for number in range(len(self._bodies), due):
                self._bodies.append(next(self._invented))
                # It was there from this moment on, had somebody asked.
                self.appeared[f"/news/2-{number}"] = self._began_s + (number + 1) * self._every_s
        mine = [n for n in range(len(self._bodies)) if self.hosts[n % len(self.hosts)] == host]
        date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        items = "".join(
            f"<item><link>http://{base}/news/2-{n}</link><guid>{n}</guid><pubDate>{date}</pubDate></item>" for n in mine
        )
        body = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()
        return Answer(200, {"Content-Type": "application/rss+xml"}, body)


def _await_runs(lake: Path, count: int) -> None:
    end_s = time.monotonic() + 600
    while len(list(lake.glob("runs/*.json"))) < count:
        if time.monotonic() > end_s:
            raise TimeoutError(f"no {count} runs within ten minutes")
        time.sleep(0.1)


def _await_pages(lake: Path, count: int) -> Path:
    """The manifest of the first run with so many pages."""
    end_s = time.monotonic() + 600
    while time.monotonic() < end_s:
        for manifest in lake.glob("runs/*.json"):
            if _run_of(manifest)[0] >= count:
                return manifest
        time.sleep(0.2)
    raise TimeoutError(f"no run has {count} pages within ten minutes")


def _paths_of(lake: Path, manifest: Path) -> Iterator[str]:
    """The paths of the articles that a run committed."""
    for part in json.loads(manifest.read_text())["files"]:
        if part["table"] == "articles":
            for url in pq.read_table(lake / part["path"], columns=["url"]).column("url").to_pylist():
                yield "/" + url.split("/", 3)[3]


def _run_of(manifest: Path) -> tuple[int, float]:
    run = json.loads(manifest.read_text())
    began, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
    return int(run["tables"].get("pages", 0)), (ended - began).total_seconds()


def _rate(manifest: Path) -> float:
    count, seconds = _run_of(manifest)
    return count / seconds


if __name__ == "__main__":
    main()
