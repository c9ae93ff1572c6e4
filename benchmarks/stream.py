"""What a tick of ``newsbeam stream`` costs, and whether the stream's memory stays flat.

    python -m benchmarks.stream [--stored 300000] [--ticks 300] [--lakes FOLDER]

Embedded: the command as a user types it, on loopback, in a lake without and with so many stored articles
(`benchmarks.stored_lake`; kept for another time with `--lakes`). Prints the processor and wall seconds of the start, of
a tick with nothing new and of one with ten articles (medians), and the memory of all processes over many ticks, of
which each tenth has ten articles.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.stream_embedded import Ticks, memory_over, ticks_against


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=300_000)
    parser.add_argument("--ticks", type=int, default=300, help="ticks to watch the memory over; 0: none")
    parser.add_argument("--lakes", type=Path, help="folder for the lakes, made if it is not there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.lakes or Path(temporary)
        _embedded(folder, given.stored, given.ticks)


def _embedded(folder: Path, stored: int, ticks: int) -> None:
    print(f"{'embedded':<42}{'processor s':>12}{'wall s':>8}{'MiB':>6}")
    for articles in (0, stored):
        measured = ticks_against(folder, articles)
        for name, some in measured.items():
            _row(f"{name}, {articles:,} stored", some)
    if ticks:
        print(f"\nmemory over {ticks} ticks")
        for number, mib in memory_over(folder, ticks):
            print(f"  tick {number:>5}{mib:>8} MiB")


def _row(name: str, ticks: Ticks) -> None:
    print(f"{name:<42}{ticks.cpu_s:>12.2f}{ticks.wall_s:>8.2f}{ticks.memory_mib:>6}")


if __name__ == "__main__":
    main()
