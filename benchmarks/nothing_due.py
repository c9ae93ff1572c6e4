"""What a run costs that has nothing to do: ``newsbeam ingest`` over feeds of which none is due.

    python -m benchmarks.nothing_due [--feeds 1000] [--hosts 250]

Polls all feeds once on loopback, then makes three runs in a process each, imports and start of Python included, and
some ticks of one stream. Prints the median processor and wall seconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.loopback import Answer, loopback_server
from benchmarks.measured import measured, tree_cpu_s

_RUNS = 3
_TICKS = 8
_TICK_S = 2.0
_FEED = b"<rss version='2.0'><channel><title>A feed without news</title></channel></rss>"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=250)
    given = parser.parse_args()
    hosts = [f"127.0.{4 + number // 200}.{1 + number % 200}" for number in range(given.hosts)]
    with tempfile.TemporaryDirectory() as name, loopback_server(hosts, _answer) as (port, _):
        feeds = Path(name, "feeds.txt")
        feeds.write_text("\n".join(f"http://{hosts[n % given.hosts]}:{port}/{n}" for n in range(given.feeds)))
        options = ["--feeds", str(feeds), "--output", f"{name}/lake", "--allow_networks", "127.0.0.0/8"]
        options += ["--host_delay", "0", "--json"]
        runs = [measured([sys.executable, "-m", "pipelines.cli", "ingest", *options]) for _ in range(1 + _RUNS)][1:]
        ticks = _ticks(options)
    print(f"{given.feeds} feeds, none due{'':14}processor s  wall s")
    print(f"a run of its own{'':22}{median(run.cpu_s for run in runs):11.2f}{median(run.wall_s for run in runs):8.2f}")
    print(f"a tick of a stream{'':20}{median(ticks):11.2f}")


def _ticks(options: list[str]) -> list[float]:
    """The processor seconds of the ticks of a stream after the first two."""
    command = [sys.executable, "-m", "pipelines.cli", "stream", *options]
    command += ["--tick", f"{_TICK_S}s", "--max_ticks", str(_TICKS)]
    so_far: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for _ in process.stdout:
            if len(so_far) < _TICKS - 1:
                time.sleep(_TICK_S / 4)
            so_far.append(tree_cpu_s(process.pid))
    return [after - before for before, after in pairwise(so_far[1:-1])]


def _answer(_: str, path: str, headers: Mapping[str, str]) -> Answer:
    if path == "/robots.txt":
        return Answer(404, {})
    if "if-none-match" in headers:
        return Answer(304, {"ETag": '"same"'})
    return Answer(200, {"ETag": '"same"', "Content-Type": "application/rss+xml"}, _FEED)


if __name__ == "__main__":
    main()
