"""What a month of runs does to a lake: what a run costs at its end, and what queries cost.

    python -m benchmarks.many_runs [--runs 3000] [--articles 5] [--lake FOLDER]

Makes so many runs, a quarter of an hour apart by their clock, over one feed on loopback that has some new articles each
time, with `--compact auto` as it is by default. Then it asks the documented queries of that lake and of a copy in which
every partition is one file. Figures are ratios: of processor time, the median of 20 runs of this lake and of 20 of
one that has had only 30, in turn; and of the best of five answers. Asked: a run at the end <= 1.2 times one at place
30, a query <= 1.5 times.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.loopback import loopback_server
from benchmarks.stream_embedded import News
from pipelines.run.engine.run_pipeline import WarmPipeline
from pipelines.run.ingest import ingest
from pipelines.run.settings import IngestSettings
from schemas.feed import FeedSpec
from transforms.common.clock import DAY_US, Clock
from transforms.feeds.scheduling.cursor import PollSettings
from transforms.lake.committed import committed
from transforms.lake.editions.compact import compact
from transforms.lake.editions.edition import delete_replaced
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage
from transforms.lake.views import write_views
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

_HOST = "127.0.3.2"
_FIRST_US = 1_772_323_200_000_000  # 2026-03-01
_GAP_US = 900_000_000
_EARLY = 30
_AROUND = 10
_READING = Path(__file__).parents[1] / "docs/reading.md"
_OneRun = Callable[[Path, int], float]
_BY_ID = "select headline, article_body from articles where article_id = '{}'"


def main() -> None:
    """Make the runs, ask the queries, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3_000)
    parser.add_argument("--articles", type=int, default=5, help="new articles a run")
    parser.add_argument("--lake", help="where to keep the lake, or one to go on with (default: it is deleted)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _runs(given.articles) as one_run:
        lake = Path(given.lake or f"{folder}/lake")
        _run_often(one_run, lake, given.runs)
        _show_runs(*_run_in_turn(one_run, lake, Path(folder) / "young"))
        _show_files(lake)
        _ask(lake, _merged(lake, Path(folder) / "merged"))


@contextmanager
def _runs(articles: int) -> Iterator[_OneRun]:
    """A function that makes a lake's next run and says what it cost, in processor seconds of all its processes."""
    pipeline = WarmPipeline()
    news = News(lambda _: True, articles, lambda: datetime.fromtimestamp(_Set.now / 1e6, UTC))
    with loopback_server([_HOST], news) as (port, _):
        specs = [FeedSpec(f"http://{_HOST}:{port}/feed")]
        settings = IngestSettings(
            http=HttpSettings(host_delay_s=0), guard=AddressGuard(("127.0.0.0/8",)), polling=PollSettings(run_gap_s=900)
        )

        def one_run(lake: Path, number: int) -> float:
            before_s = _own_cpu_s()
            _Set.now = _FIRST_US + number * _GAP_US
            ingest(specs, str(lake), settings, (), _Set(), run_pipeline=pipeline)
            return _own_cpu_s() - before_s

        yield one_run
    pipeline.close()


def _run_often(one_run: _OneRun, lake: Path, runs: int) -> None:
    for number in range(_made(lake), runs):
        cost_s = one_run(lake, number)
        if (number + 1) % 100 == 0:
            print(f"{number + 1} runs: {cost_s:.3f} s", flush=True)


def _run_in_turn(one_run: _OneRun, lake: Path, young: Path) -> tuple[list[float], list[float]]:
    """What runs cost a lake around place 30 and one that is as old as it is now, each after the other: what else the
    machine does then weighs on both alike."""
    for number in range(_EARLY - _AROUND):
        one_run(young, number)
    made = _made(lake)
    costs = [(one_run(young, _EARLY - _AROUND + place), one_run(lake, made + place)) for place in range(2 * _AROUND)]
    return [early for early, _ in costs], [late for _, late in costs]


def _made(lake: Path) -> int:
    return len(list((lake / "runs").glob("*.json")))


class _Set(Clock):
    """A clock that stands where it is set; one plan serves all runs, as in a stream."""

    now = 0

    def now_us(self) -> int:
        """The instant that was set."""
        return _Set.now


def _own_cpu_s() -> float:
    """The processor seconds of this process and of its children that have ended; workers live on, as idle costs."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _show_runs(early: list[float], late: list[float]) -> None:
    ratio = median(late) / median(early)
    print(f"a run: {median(early):.3f} s at {_EARLY}, {median(late):.3f} s at the end: {ratio:.2f}", flush=True)


def _show_files(lake: Path) -> None:
    for folder in ("articles", "pages", "failures", "feed_polls", "runs", "editions", "_state"):
        files = [path for path in (lake / folder).rglob("*") if path.is_file()]
        print(f"{folder}: {len(files)} files, {sum(path.stat().st_size for path in files) >> 20} MiB")


def _merged(lake: Path, copy: Path) -> Path:
    shutil.copytree(lake, copy)
    storage = Storage(str(copy))
    with lake_lock(storage, "benchmark") as generation:
        compact(storage, generation, _FIRST_US + 400 * DAY_US)
        delete_replaced(storage, _FIRST_US + 800 * DAY_US, 0)
        write_views(committed(storage))
    return copy


def _ask(lake: Path, merged: Path) -> None:
    queries = re.findall(r"<!-- run -->\n```sql\n(.*?)```", _READING.read_text(), re.S)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{lake}/lake.duckdb' as lake (read_only); use lake")
        [[some]] = connection.sql("select any_value(article_id) from articles").fetchall()
    for query in (_BY_ID.format(some), *queries):
        now, best = _seconds(lake, query), _seconds(merged, query)
        print(f"{now:.3f} s, merged {best:.3f} s: {now / best:.2f}  {' '.join(query.split())[:70]}")


def _seconds(lake: Path, query: str) -> float:
    """The best of five answers, each in a connection of its own."""
    return min(_timed(lambda: _answer(lake, query)) for _ in range(5))


def _answer(lake: Path, query: str) -> None:
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as connection:
        connection.execute(f"attach '{lake}/lake.duckdb' as lake (read_only); use lake")
        connection.sql(query).fetchall()


def _timed(call: Callable[[], None]) -> float:
    began_s = time.perf_counter()
    call()
    return time.perf_counter() - began_s


if __name__ == "__main__":
    main()
