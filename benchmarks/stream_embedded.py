"""``newsbeam stream`` against a loopback feed that has ten new articles whenever the benchmark wants them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.loopback import Answer, loopback_server
from benchmarks.measured import tree_cpu_s, tree_memory_bytes
from benchmarks.stored_lake import store
from benchmarks.synthetic import pages

_HOST = "127.0.3.1"
_ARTICLES = 10
_TICK_S = 4.0
_DATE = re.compile(rb"\d{4}-\d\d-\d\dT09:\d\d:00Z")
_ADDRESS = re.compile(rb'href="https://paper[^"]+"')
_PLAN = (True, True, False, False, False, False, True, True, True, True)
"""Which polls of the feed find ten new articles."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Medians of some ticks: processor and wall seconds; and the memory of all processes after the last."""

    cpu_s: float
    wall_s: float
    memory_mib: int


@dataclass(frozen=True, slots=True)
class _Tick:
    cpu_s: float
    wall_s: float
    memory_mib: int


def ticks_against(folder: Path, stored: int) -> dict[str, Ticks]:
    """The start, ticks with nothing new and ticks with ten articles, against so many stored articles."""
    former, lake = folder / f"stored-{stored}", folder / "lake"
    if not former.exists():
        former.mkdir(parents=True)
        store(stored, str(former))
    shutil.rmtree(lake, ignore_errors=True)
    shutil.copytree(former, lake)
    with _stream(folder, lake, _PLAN.__getitem__, len(_PLAN), _TICK_S) as ticks:
        done = list(ticks)
    empty = [tick for tick, is_new in zip(done[2:], _PLAN[2:], strict=True) if not is_new]
    new = [tick for tick, is_new in zip(done[2:], _PLAN[2:], strict=True) if is_new]
    return {
        "start and ten articles": _medians(done[:1]),
        "an empty tick": _medians(empty),
        "ten articles": _medians(new),
    }


def memory_over(folder: Path, ticks: int) -> Iterator[tuple[int, int]]:
    """The memory in MiB of all processes after some of these many ticks, of which each tenth has ten articles."""
    lake = folder / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    with _stream(folder, lake, lambda number: number % 10 == 0, ticks, 0.01) as done:
        for number, tick in enumerate(done, 1):
            if number % max(1, ticks // 10) == 0:
                yield number, tick.memory_mib


@contextmanager
def _stream(
    folder: Path, lake: Path, is_new: Callable[[int], bool], ticks: int, tick_s: float
) -> Iterator[Iterator[_Tick]]:
    """The ticks of a stream, as they end."""
    with loopback_server([_HOST], News(is_new)) as (port, _):
        (folder / "feeds.txt").write_text(f"http://{_HOST}:{port}/feed\n")
        command = [sys.executable, "-m", "pipelines.cli", "stream", "--feeds", str(folder / "feeds.txt")]
        command += ["--output", str(lake), "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--json"]
        command += ["--poll_interval", "0", "--tick", f"{tick_s}s", "--max_ticks", str(ticks)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            yield _ticks(process, ticks, tick_s)
        finally:
            process.kill()
            process.communicate()


def _ticks(process: subprocess.Popen[str], ticks: int, tick_s: float) -> Iterator[_Tick]:
    assert process.stdout is not None
    before_s, began_s = 0.0, time.monotonic()
    for number, _ in enumerate(process.stdout):
        wall_s = time.monotonic() - began_s
        if number < ticks - 1:
            time.sleep(min(0.8, tick_s / 4))  # what idle workers do before they end counts too
        cpu_s = tree_cpu_s(process.pid)
        yield _Tick(cpu_s - before_s, wall_s, tree_memory_bytes(process.pid) >> 20)
        before_s, began_s = cpu_s, began_s + max(tick_s, wall_s)


def _medians(ticks: Sequence[_Tick]) -> Ticks:
    return Ticks(
        median(tick.cpu_s for tick in ticks),
        median(tick.wall_s for tick in ticks),
        max(tick.memory_mib for tick in ticks),
    )


class News:
    """Answers for a feed that has new articles or none (`is_new` of the poll's number), and for its articles."""

    def __init__(
        self,
        is_new: Callable[[int], bool],
        articles: int = _ARTICLES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._is_new = is_new
        self._articles = articles
        self._now = now
        self._polls = 0
        self._invented = (page.body for page in pages(1_000_000))
        self._bodies: dict[str, bytes] = {}

    def __call__(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            self._polls += 1
            if not self._is_new(self._polls - 1):
                return Answer(304, {"ETag": '"same"'})
            feed = self._feed(f"http://{headers['host']}")
            return Answer(200, {"ETag": f'"{self._polls}"', "Content-Type": "application/rss+xml"}, feed)
        body = self._bodies.get(path)
        return Answer(404, {}) if body is None else Answer(200, {"Content-Type": "text/html; charset=utf-8"}, body)

    def _feed(self, base: str) -> bytes:
        now = self._now()
        self._bodies = {}
        for number, body in enumerate(islice(self._invented, self._articles)):
            path = f"/news/{self._polls}-{number}"
            dated = _DATE.sub(now.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), body)
            self._bodies[path] = _ADDRESS.sub(f'href="{base}{path}"'.encode(), dated, count=1)
        links = "".join(f"<item><link>{base}{path}</link><guid>{path}</guid></item>" for path in self._bodies)
        return f"<rss version='2.0'><channel><title>News</title>{links}</channel></rss>".encode()
