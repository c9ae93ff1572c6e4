"""1,000 feeds on 250 loopback hosts, nine of ten not modified: newsbeam's polling against a bare aiohttp loop.

    python -m benchmarks.polling [--feeds 1000] [--hosts 250] [--rounds 3]

The server runs in this process and answers after 10 ms; each poller is a process of its own. Measured are: a bare
aiohttp loop that makes the same requests and reads the bodies (the baseline); that loop with bare feedparser reading
each body; `poll_feeds`, which obeys robots.txt, sends one request at a time to a host, and parses in killable
processes; and the whole `PollFeeds` transform in Beam's local runner. The host delay is 0, so that only work counts.

Prints polls a wall second and a processor second without start-up (of the process tree, and of the process with the
event loop alone), their ratios to the baseline, and the peak memory of each process tree. Then, with a host delay of
0.3 s and feeds that were never polled, prints what the server saw (the most requests to one host at once, the smallest
gap, the largest bursts), and how far apart the next polls are. Loopback only; under a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from benchmarks.loopback import Answer, Log, loopback_server
from benchmarks.measured import Measured, measured
from benchmarks.polling_job import OLD, ROLES, Job, hosts_of

ANSWER_S = 0.01
POLITE_DELAY_S = 0.3
ENTRIES = 30
NEW = '"new"'
_RATES = {"wall_s": "polls/s", "cpu_s": "polls/cpu s", "loop_s": "in the loop"}


def main() -> None:
    """Measure and print, or be one of the pollers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--job", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        # Imported late: the parsers' processes import this module again, and must not load Beam with it.
        from benchmarks.pollers import poll  # noqa: PLC0415

        print(json.dumps(poll(Job(**json.loads(given.job)))))
        return
    print(f"{given.feeds} feeds on {given.hosts} hosts, {given.rounds} rounds")
    print(f"{'':19}{''.join(f'{label:>13}{chr(32)}ratio' for label in _RATES.values())} peak MiB   answers")
    base: dict[str, float] = {}
    for role in ROLES:
        result, run, log = _run(Job(role, 0, given.feeds, given.hosts, given.rounds))
        polls = given.feeds * given.rounds
        rates = {name: polls / result[name] for name in _RATES}
        base = base or rates
        answers = Counter(one.status for one in log.pages())
        shown = "".join(f"{rate:13.0f}{rate / base[name]:6.2f}" for name, rate in rates.items())
        kinds = ", ".join(f"{number} × {status}" for status, number in sorted(answers.items()))
        print(f"{role:19}{shown} {run.peak_bytes >> 20:8}   {kinds}")
    job = Job(ROLES[-1], 0, given.feeds, given.hosts, 1, POLITE_DELAY_S, is_first=True)
    result, _, log = _run(job)
    at_once, of_all = log.most_at_once()
    print(f"\nfeeds never polled before, host delay {POLITE_DELAY_S} s, {result['wall_s']:.1f} s for all")
    print(f"requests at once      to one host {at_once}, to all {of_all}")
    print(f"smallest gap          {log.smallest_gap_s():.3f} s")
    print(
        f"largest burst         {log.largest_burst(0.1)} in the first 0.1 s, {log.largest_burst(1.0)} in the first 1 s"
    )
    if "due" in result:
        print(f"next polls            {result['due']}")


def _run(job: Job) -> tuple[dict[str, Any], Measured, Log]:
    with loopback_server(hosts_of(job.hosts), _answer) as (port, log):
        told = json.dumps(asdict(replace(job, port=port)))
        run = measured([sys.executable, "-m", "benchmarks.polling", "--job", told])
    return json.loads(run.output.splitlines()[-1]), run, log


def _answer(host: str, path: str, headers: Mapping[str, str]) -> Answer:
    if path == "/robots.txt":
        return Answer(404, {}, b"", ANSWER_S)
    number = int(path.rpartition("/")[2])
    if headers.get("if-none-match") == OLD and number % 10:
        return Answer(304, {"ETag": OLD}, b"", ANSWER_S)
    return Answer(200, {"ETag": NEW, "Content-Type": "application/rss+xml"}, _feed(host, number), ANSWER_S)


@cache
def _feed(host: str, number: int) -> bytes:
    items = "".join(
        f"<item><title>Story {n} of feed {number}</title><link>http://{host}/{number}/{n}</link>"
        f"<guid>{number}-{n}</guid><pubDate>Mon, 02 Mar 2026 0{n % 10}:00:00 GMT</pubDate>"
        f"<description>{'Words of a summary. ' * 10}</description></item>"
        for n in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


if __name__ == "__main__":
    main()
