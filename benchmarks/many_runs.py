"""What a month of runs does to a lake: what a run costs at its end, and what queries cost.

    python -m benchmarks.many_runs [--runs 3000] [--articles 5] [--lake FOLDER]

Makes so many runs, a quarter of an hour apart by their clock, over one feed on loopback that has some new articles each
time, with `--compact auto` as it is by default. Then it asks the documented queries of that lake and of a copy in which
every partition is one file. Figures are ratios: of processor time of runs, the median of 20 around each place, and of
the best of five answers. Asked: a run at the end <= 1.2 times one at place 30, a query <= 1.5 times.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
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
_README = Path(__file__).parents[1] / "README.md"
_BY_ID = "select headline, article_body from articles where article_id = '{}'"


def main() -> None:
    """Make the runs, ask the queries, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3_000)
    parser.add_argument("--articles", type=int, default=5, help="new articles a run")
    parser.add_argument("--lake", help="where to keep the lake (default: it is deleted)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(given.lake or f"{folder}/lake")
        _show_runs(_run(lake, given.runs, given.articles))
        _show_files(lake)
        _ask(lake, _merged(lake, Path(folder) / "merged"))


def _run(lake: Path, runs: int, articles: int) -> list[float]:
    """The processor seconds of each run, of all its processes."""
    now_us, costs = _FIRST_US, []
    pipeline = WarmPipeline()
    news = News(lambda _: True, articles, lambda: datetime.fromtimestamp(now_us / 1e6, UTC))
    with loopback_server([_HOST], news) as (port, _):
        specs = [FeedSpec(f"http://{_HOST}:{port}/feed")]
        settings = IngestSettings(
            http=HttpSettings(host_delay_s=0), guard=AddressGuard(("127.0.0.0/8",)), polling=PollSettings(run_gap_s=900)
        )
        for number in range(runs):
            before_s = _own_cpu_s()
            _Set.now = now_us = _FIRST_US + number * _GAP_US
            ingest(specs, str(lake), settings, (), _Set(), run_pipeline=pipeline)
            costs.append(_own_cpu_s() - before_s)
            if (number + 1) % 100 == 0:
                print(f"{number + 1} runs: {median(costs[-20:]):.3f} s", flush=True)
    pipeline.close()
    return costs


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


def _show_runs(costs: list[float]) -> None:
    early = median(costs[_EARLY - _AROUND : _EARLY + _AROUND])
    late = median(costs[-2 * _AROUND :])
    print(f"a run: {early:.3f} s at {_EARLY}, {late:.3f} s at {len(costs)}: {late / early:.2f}")
    print(f"all runs: mean {sum(costs) / len(costs):.3f} s, the dearest {max(costs):.2f} s")


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
    queries = re.findall(r"<!-- run -->\n```sql\n(.*?)```", _README.read_text(), re.S)
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
