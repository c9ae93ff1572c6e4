"""A stream on two task managers against the sample newsroom: is any host asked for two things at once, or too soon?

    python -m benchmarks.stream_politeness [--minutes 30] [--host-delay 0.3] [--tick 5] [--kill-every S]

The newsroom starts with a half of its articles; two more hours of its news come with every 60 seconds (which suffices
for half an hour), and every feed is asked at every tick. With `--kill-every`, a Python worker is killed (SIGKILL) every
so many seconds. Prints the shortest pause between two requests to one host, from the newsroom's own log, and the
requests that came sooner than the delay. Exit status 1 if there are any. It starts a cluster (`deploy.flink.cluster`),
everything on loopback.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

from deploy.flink.cluster import down, up
from deploy.flink.processes import living
from newsroom import Newsroom
from newsroom.pauses import pauses
from schemas.run import iso

_NOTED_S = 0.05
"""How much later than the client the newsroom may note that an answer has ended."""
_HOURS_BACK, _HOURS_A_MINUTE = 58.0, 2.0


def main() -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--host-delay", type=float, default=0.3)
    parser.add_argument("--tick", type=float, default=5.0)
    parser.add_argument("--kill-every", type=float, default=0.0, metavar="S")
    given = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # killed workers hang up
    with tempfile.TemporaryDirectory() as name, Newsroom(slow_s=0.3) as room:
        folder = Path(name)
        room.write_feeds(folder / "feeds.opml")
        now = iso(room.now_us)
        room.advance(-_HOURS_BACK)
        plan = up(folder / "cluster", task_managers=2, slots=1)
        command = [sys.executable, "-m", "pipelines.cli", "stream", "--feeds", folder / "feeds.opml"]
        command += [
            "--output",
            folder / "lake",
            "--now",
            now,
            "--allow_networks",
            "127.0.0.0/8",
            "--flush_seconds",
            "1",
        ]
        command += ["--poll_interval", "0", "--tick", str(given.tick), "--host_delay", str(given.host_delay)]
        with open(folder / "log", "wb") as log:
            client = subprocess.Popen([*command, *plan.stream_options], stdout=log, stderr=log)
        try:
            killed = _let_news_come(room, given.minutes, given.kill_every, plan.folder)
            client.send_signal(signal.SIGTERM)
            client.wait(100)
        finally:
            client.kill()
            client.wait()
            down(plan.folder)
        runs = len(list((folder / "lake/runs").glob("*.json")))
        return _print(room, runs, killed, given.host_delay)


def _let_news_come(room: Newsroom, minutes: float, kill_every_s: float, cluster: Path) -> int:
    """Let news come, and kill workers, for so long from the first request on; how many workers were killed."""
    while not room.requests:
        time.sleep(0.1)
    began_s, killed = time.monotonic(), 0
    for seconds in count(1):
        time.sleep(max(0.0, began_s + seconds - time.monotonic()))
        if seconds >= minutes * 60:
            return killed
        room.advance(_HOURS_A_MINUTE / 60)
        if kill_every_s and seconds % kill_every_s < 1:
            killed += _kill_a_worker(cluster, killed)
    return killed


def _kill_a_worker(cluster: Path, turn: int) -> int:
    """How many Python workers were killed: one, of each pool in turn, or none."""
    pools = [pid for name, pid in living(cluster).items() if name.startswith("worker-pool")]
    pool = pools[turn % len(pools)]
    workers = [int(word) for path in Path(f"/proc/{pool}/task").glob("*/children") for word in path.read_text().split()]
    for worker in workers[:1]:
        os.kill(worker, signal.SIGKILL)
    return len(workers[:1])


def _print(room: Newsroom, runs: int, killed: int, delay_s: float) -> int:
    requests = room.requests
    found = sorted(pauses([one for one in requests if one.end_s is not None]), key=lambda pause: pause.seconds)
    at_once = [pause for pause in found if pause.seconds < 0]
    too_soon = [pause for pause in found if 0 <= pause.seconds < delay_s - _NOTED_S]
    hosts = Counter(one.host for one in requests)
    print(f"{runs} runs, {len(requests)} requests to {len(hosts)} hosts, {killed} workers killed, delay {delay_s} s")
    print(f"shortest pause {found[0].seconds:.3f} s; at once: {len(at_once)}, too soon: {len(too_soon)}")
    for pause in [*at_once, *too_soon][:20]:
        print(f"  {pause.seconds:.3f} s  {pause.after.host}{pause.before.path} then {pause.after.path}")
    return 1 if at_once or too_soon else 0


if __name__ == "__main__":
    sys.exit(main())
