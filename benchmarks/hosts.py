"""20 hosts with 50 pages each, one of them slow (5 s an answer) and one dead: do they hold up the others?

    python -m benchmarks.hosts [--run_s 40] [--host_delay 0.3]

The pages go through the whole `FetchPages` transform with a limit of `--run_s` seconds, as --max_run_minutes sets it.
18 hosts answer after 50 ms, one after 5 s, and one drops every attempt to connect. The baseline is ideal. A whole run
takes as long as the slow host's 50 pages, or the limit if that is less; the other hosts take as long as 50 requests
with the delay between them. Prints wall times against these ideals, and what became of the pages of each kind of host.
Loopback only; ends within two minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping

from benchmarks.loopback import Answer, Log, loopback_server
from benchmarks.measured import Measured, measured

HOSTS, PAGES = 20, 50
QUICK_S, SLOW_S = 0.05, 5.0
NAMES = [f"127.0.9.{number}" for number in range(1, HOSTS + 1)]
SLOW, DEAD = NAMES[0], NAMES[-1]
_TEXT = "<p>" + "A sentence of the story that fills the page. " * 20 + "</p>"
_PAGE = f"<!doctype html><html><head><title>Story</title></head><body><article>{_TEXT * 10}</article></body></html>"


def main() -> None:
    """Measure and print, or be the fetcher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run_s", type=float, default=40.0)
    parser.add_argument("--host_delay", type=float, default=0.3)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.port:
        from benchmarks.fetch_hosts import fetch_hosts  # noqa: PLC0415 - the parent is the server and needs no Beam

        print(json.dumps(fetch_hosts(given.port, given.run_s, given.host_delay, NAMES, PAGES)))
        return
    with loopback_server(NAMES[:-1], _answer, dead=[DEAD]) as (port, log):
        told = ["--port", str(port), "--run_s", str(given.run_s), "--host_delay", str(given.host_delay)]
        run = measured([sys.executable, "-m", "benchmarks.hosts", *told])
    _print(run, log, given.run_s, given.host_delay)


def _print(run: Measured, log: Log, run_s: float, delay_s: float) -> None:
    result = json.loads(run.output.splitlines()[-1])
    slow_ideal_s = (PAGES + 1) * (SLOW_S + delay_s)
    ideal_s = min(slow_ideal_s, run_s)
    quick_ideal_s = (PAGES + 1) * (QUICK_S + delay_s)
    first_s = min(one.start_s for one in log.asked)
    quick_s = max(one.end_s for one in log.asked if one.host != SLOW) - first_s
    at_once, of_all = log.most_at_once()
    print(f"{HOSTS} hosts × {PAGES} pages, host delay {delay_s} s, limit {run_s:.0f} s")
    print(f"{'':34} {'wall s':>7} {'ideal s':>8} {'ratio':>6}")
    for label, wall_s, best_s in (("whole run", result["wall_s"], ideal_s), ("18 quick hosts", quick_s, quick_ideal_s)):
        print(f"{label:34} {wall_s:7.1f} {best_s:8.1f} {wall_s / best_s:6.2f}")
    outcomes: dict[str, dict[str, int]] = result["outcomes"]
    total: Counter[str] = Counter()
    for kind, names in (("quick", NAMES[1:-1]), ("slow", [SLOW]), ("dead", [DEAD])):
        counts: Counter[str] = Counter()
        for name in names:
            counts.update(outcomes.get(name, {}))
        total.update(counts)
        print(f"{kind:6} " + ", ".join(f"{outcome} {number}" for outcome, number in sorted(counts.items())))
    print(f"outcomes {total.total()} of {HOSTS * PAGES} pages")
    print(f"requests at once: to one host {at_once}, to all {of_all}; smallest gap {log.smallest_gap_s():.3f} s")
    print(f"peak memory {run.peak_bytes >> 20} MiB")


def _answer(host: str, path: str, headers: Mapping[str, str]) -> Answer:
    delay_s = SLOW_S if host == SLOW else QUICK_S
    if path == "/robots.txt":
        return Answer(404, {}, b"", delay_s)
    return Answer(200, {"Content-Type": "text/html"}, _PAGE.encode(), delay_s)


if __name__ == "__main__":
    main()
