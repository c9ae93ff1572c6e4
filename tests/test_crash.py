"""Killed anywhere and run again, a lake is as if nothing had happened."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Desk
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

FLUSH_OFTEN = ("--flush_seconds", "0")


@pytest.mark.crash
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(4))
def test_a_run_killed_at_any_moment_and_run_again_gives_the_lake_of_an_undisturbed_run(desk: Desk, seed: int) -> None:
    """Four lakes, three runs killed in a row on each: the first while it fetches, the others anywhere."""
    if seed % 2:  # what is left over for the next run may be fetched by one that dies
        desk.run("undisturbed", "--max_pages", "20")
        desk.run("killed", "--max_pages", "20")
    started = time.monotonic()
    desk.run("undisturbed")
    whole_run_s = time.monotonic() - started
    moments = random.Random(f"{seed} {time.time_ns()}")
    desk.room.clear_requests()
    before = stored_pages(desk.folder / "killed")
    killed_run(desk, 60, lambda: len(desk.room.requests) > 80 and stored_pages(desk.folder / "killed") > before)
    assert stored_pages(desk.folder / "killed") > before, "the first run is killed while it fetches, with pages stored"
    for command in ("ingest", "stream"):
        killed_run(desk, moments.uniform(0.3, 1.0) * whole_run_s, command=command)
    stored = stored_pages(desk.folder / "killed")
    desk.room.clear_requests()
    manifest = desk.run("killed", *FLUSH_OFTEN)

    again = Counter(request.path for request in desk.room.requests if request.status == 200)
    assert not {path_of(url) for url in stored} & again.keys(), "a stored page was fetched again"
    for table in ("articles", "pages", "failures"):
        undisturbed, killed = without_repeats(desk, table, "undisturbed"), without_repeats(desk, table, "killed")
        assert killed == undisturbed, table
    assert_only_committed_files(desk.folder / "killed", manifest)


def killed_run(
    desk: Desk, after_s: float, is_time: Callable[[], bool] = lambda: False, command: str = "ingest"
) -> None:
    """A run that is killed after some seconds, or sooner where it `is_time`."""
    run = desk.start("killed", *FLUSH_OFTEN, command=command)
    end_s = time.monotonic() + after_s
    while run.poll() is None and time.monotonic() < end_s and not is_time():
        time.sleep(0.01)
    run.kill()
    run.communicate()


def without_repeats(desk: Desk, table: str, lake: str) -> list[dict[str, Any]]:
    """A table's content. Failures of a run that was committed before its kill stand again in the rerun's."""
    rows = desk.content(table, lake)
    return [row for n, row in enumerate(rows) if table != "failures" or row not in rows[:n]]


def stored_pages(lake: Path) -> set[str]:
    """The addresses of pages that lie in whole files."""
    urls: set[str] = set()
    for path in lake.glob("pages/*/*.parquet"):
        try:
            urls.update(pq.read_table(path, columns=["url"]).column("url").to_pylist())
        except pa.ArrowInvalid:
            continue
    return urls


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def assert_only_committed_files(lake: Path, newest: dict[str, Any]) -> None:
    held = committed(Storage(str(lake)))
    assert newest["run_id"] in held.runs
    for path in lake.rglob("*"):
        name = path.relative_to(lake).as_posix()
        assert "#" not in name, f"left by a killed write: {name}"
        if path.suffix == ".parquet":
            assert held.among([name]) or name in held.replaced, f"left by a dead run: {name}"
    assert not list(lake.glob("_state/open/*")), "every run that began has been cleaned up after"
