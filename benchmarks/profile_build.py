"""Where the time of building a page goes: processor milliseconds a page by room, and the functions that cost most.

    python -m benchmarks.profile_build FOLDER… [--every N] [--rounds N] [--functions N]

FOLDER is as for `benchmarks.extraction`. The build is interrupted every few milliseconds of processor time, and the
innermost of our functions that was at work gets the sample, with the library calls it was waiting for; what trafilatura
does stands under its own name. Also printed: the same pages through one bare trafilatura call each, as the measure.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Final

import trafilatura

from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import BuildPage
from schemas.page import Page
from transforms.extract.extract_error import ExtractError

_TICK_S: Final = 0.002
_ROOT: Final = str(Path(__file__).resolve().parents[1])
_OURS: Final = tuple(f"{_ROOT}/{room}/" for room in ("transforms", "schemas", "pipelines"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=4, help="only each n-th page (default: 4)")
    parser.add_argument("--rounds", type=int, default=3, help="how often the pages are built (default: 3)")
    parser.add_argument("--functions", type=int, default=20, help="how many functions are printed (default: 20)")
    given = parser.parse_args()
    pages = [
        page_of(address(pages, page_id), body)
        for pages in map(PageSet, given.folders)
        for page_id, body in list(pages.bodies.items())[:: given.every]
    ]
    build = BuildPage()
    _build_all(build, pages[: len(pages) // 4 + 1])  # warm
    samples, bare_s = _Samples(), 0.0
    for _ in range(given.rounds):  # in turn, so that a busy machine is busy for both
        with samples:
            _build_all(build, pages)
        bare_s += _bare(pages)
    calls = len(pages) * given.rounds
    ms_a_sample = 1000 * samples.cpu_s / samples.count / calls
    print(f"{len(pages)} pages  build {1000 * samples.cpu_s / calls:.1f} ms a page", end="  ")
    print(f"bare trafilatura {1000 * bare_s / calls:.1f}  ratio {samples.cpu_s / bare_s:.2f}")
    for title, counts in (("room", samples.rooms), ("function", samples.functions)):
        print(f"\n{title:60} ms a page  share")
        for name, count in counts.most_common(given.functions):
            print(f"{name:60}{count * ms_a_sample:10.2f}{count / samples.count:7.1%}")


def _build_all(build: BuildPage, pages: list[Page]) -> None:
    for page in random.sample(pages, len(pages)):  # in another order each time: no page pays for the one before it
        with contextlib.suppress(ExtractError):
            build(page)


def _bare(pages: list[Page]) -> float:
    started = time.process_time()
    for page in pages:
        trafilatura.bare_extraction(page.body, include_comments=False, with_metadata=True)
    return time.process_time() - started


class _Samples:
    """Counts, while it is entered, which of our rooms and functions are at work at each tick of processor time."""

    def __init__(self) -> None:
        self.rooms: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        self.cpu_s = 0.0

    @property
    def count(self) -> int:
        return self.rooms.total()

    def __enter__(self) -> None:
        self.cpu_s -= time.process_time()
        signal.signal(signal.SIGPROF, self._tick)
        signal.setitimer(signal.ITIMER_PROF, _TICK_S, _TICK_S)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        self.cpu_s += time.process_time()

    def _tick(self, _number: int, frame: FrameType | None) -> None:
        room, function = _whose(frame)
        self.rooms[room] += 1
        self.functions[function] += 1


def _whose(frame: FrameType | None) -> tuple[str, str]:
    """The room and the function at work: the innermost frame of ours, or trafilatura's if that is further in."""
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_OURS):
            module = path.removeprefix(f"{_ROOT}/").removesuffix(".py")
            room, _, file = module.rpartition("/")
            return room.removeprefix(
                "transforms/"
            ), f"{room.removeprefix('transforms/')}/{file}: {frame.f_code.co_name}"
        if "/trafilatura/" in path or "/justext/" in path:
            return "trafilatura", f"trafilatura: {frame.f_code.co_name}"
        frame = frame.f_back
    return "other", "other"


if __name__ == "__main__":
    sys.exit(main())
