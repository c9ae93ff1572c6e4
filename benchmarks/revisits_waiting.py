"""What waiting revisits cost a run in which none is due.

    python -m benchmarks.revisits_waiting [--articles 100000] [--runs 7]

Makes the state of a lake in which so many articles wait, as runs of a week leave it (a merged part, and small parts of
the last runs), and in a process each time the steps of a run that meet it: the check of the state, its list of files,
and the search for what is due. Prints their processor and wall seconds beside those in a lake without such state, and
what merging all parts costs, which comes when the newer ones are as large as the old one.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from pipelines.run.revisits.due import FindRevisits
from pipelines.run.settings import IngestSettings
from schemas.revisit import REVISITS, Revisit
from schemas.run import Run, RunManifest, iso, new_run_id
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.layout import manifest_path
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import merge_parts
from transforms.lake.revisits.schedule import kept_us
from transforms.lake.state import state_parts, tidy_state

_NOW_US = 1_772_452_800_000_000
_INTERVALS_US = (HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US)
_SMALL_PARTS = 6
_SMALL_ROWS = 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--look", metavar="LAKE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.look:
        print(*_look(given.look))
        return
    with tempfile.TemporaryDirectory() as folder:
        full, empty = f"{folder}/full", f"{folder}/empty"
        _write(full, given.articles)
        _write(empty, 0)
        size = sum(path.stat().st_size for path in Path(full, "_state/revisits").glob("*.parquet"))
        cost = {lake: _median(lake, given.runs) for lake in (full, empty)}
        print(f"{given.articles:,} articles wait, none due; {size / 1e6:.1f} MB of state{'':8}processor s  wall s")
        for name, lake in (("steps of a run that meet them", full), ("the same without any", empty)):
            print(f"{name:58}{cost[lake][0]:11.3f}{cost[lake][1]:8.3f}")
        print(f"{'more':58}{cost[full][0] - cost[empty][0]:11.3f}{cost[full][1] - cost[empty][1]:8.3f}")
        storage = Storage(full)
        begun_s, began_s = time.process_time(), time.monotonic()
        merge_parts(storage, REVISITS, committed(storage).parts(REVISITS), new_run_id(_NOW_US + DAY_US, None))
        took = time.process_time() - begun_s, time.monotonic() - began_s
        print(f"{'all parts merged, when the small ones are as large':58}{took[0]:11.3f}{took[1]:8.3f}")


def _write(lake: str, articles: int) -> None:
    """The state that runs have left, with a manifest for each."""
    storage = Storage(lake)
    old = articles - min(articles, _SMALL_PARTS * _SMALL_ROWS)
    numbers = [range(old)] + [
        range(first, min(articles, first + _SMALL_ROWS)) for first in range(old, articles, _SMALL_ROWS)
    ]
    for number, some in enumerate(numbers):
        run_id = new_run_id(_NOW_US - (len(numbers) - number) * HOUR_US // 4, None)
        part = PartWriter(storage, run_id).write(REVISITS, [_row(one) for one in some], "00001")
        files = (part,) if number else ()
        if not number:
            merge_parts(storage, REVISITS, [part.path], run_id)
        manifest = RunManifest(run_id, "ingest", iso(_NOW_US), iso(_NOW_US), {}, {}, {}, {}, files)
        storage.put(manifest_path(run_id), manifest.to_json())


def _row(number: int) -> Revisit:
    """An article that was asked for lately: each of its former revisits is over, and the next is not due."""
    name = hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()
    seen_us = _NOW_US - (2 * HOUR_US + number * 60_000_000) % (6 * DAY_US)
    domain, url = (
        f"paper-{number % 500}.example.org",
        f"https://paper-{number % 500}.example.org/{number}/a-story-of-the-day",
    )
    until_us = seen_us + kept_us(_INTERVALS_US)
    return Revisit(name, name[::-1], domain, seen_us, seen_us, until_us, _NOW_US, url, f'W/"{name[:12]}"', None)


def _median(lake: str, runs: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.revisits_waiting", "--look", lake]
    lines = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(runs)]
    return median(float(cpu) for cpu, _ in lines), median(float(wall) for _, wall in lines)


def _look(lake: str) -> tuple[float, float]:
    """Processor and wall seconds of the steps of one run; raises where something is due or wrong."""
    storage = Storage(lake)
    begun_s, began_s = time.process_time(), time.monotonic()
    held = committed(storage)
    assert check_state(held).damaged == ()
    run = Run(new_run_id(_NOW_US, None), _NOW_US, storage.address, state=state_parts(held))
    assert list(FindRevisits(IngestSettings(revisit_us=_INTERVALS_US))(run)) == []
    tidy_state(held, run.run_id, _NOW_US)
    return time.process_time() - begun_s, time.monotonic() - began_s


if __name__ == "__main__":
    main()
