"""A process that makes one run after another gives what separate processes give, whatever happens in between."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import transforms.lake.commit_run
from pipelines.commands.run_once import run_once
from pipelines.logs import RunLogs
from pipelines.parser import command_parser
from pipelines.run.engine.run_pipeline import Plan, WarmPipeline
from tests.command import newsbeam
from tests.conftest import Desk
from transforms.lake.kept import KEPT

FEEDS = 4

pytestmark = pytest.mark.stream


class Warm:
    """Ticks of one process, as a stream makes them."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        self.pipeline = WarmPipeline()
        self._desk = desk
        self._capsys = capsys

    def tick(self, lake: str = "warm") -> tuple[int, dict[str, Any]]:
        """The exit status of a tick and, if it was committed, its summary."""
        given, _ = command_parser().parse_known_args(arguments(self._desk, lake, "stream"))
        self._capsys.readouterr()
        status = run_once(given, [], RunLogs("text"), 60.0, self.pipeline)
        lines = self._capsys.readouterr().out.splitlines()
        return status, json.loads(lines[-1]) if lines else {}


def arguments(desk: Desk, lake: str, command: str = "ingest") -> list[str]:
    given = [command, "--feeds", str(desk.folder / "few.txt"), "--output", str(desk.folder / lake)]
    return [*given, "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--poll_interval", "0", "--json"]


def choose_feeds(desk: Desk, *numbers: int) -> None:
    (desk.folder / "few.txt").write_text("\n".join(desk.room.feeds[number] for number in numbers))


@pytest.fixture
def warm(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Iterator[Warm]:
    choose_feeds(desk, *range(FEEDS))
    warm = Warm(desk, capsys)
    yield warm
    warm.pipeline.close()


def test_a_warm_process_writes_the_rows_of_separate_runs(desk: Desk, warm: Warm) -> None:
    for _ in range(3):
        assert warm.tick()[0] == 0
        assert newsbeam(*arguments(desk, "apart")).returncode == 0
        desk.room.advance(hours=1)
    for table in ("articles", "pages", "failures", "feed_polls"):
        rows = desk.content(table, "warm")
        assert rows, table
        assert rows == desk.content(table, "apart"), table


def test_a_pipeline_is_built_once_for_equal_settings_and_anew_for_others(desk: Desk, warm: Warm) -> None:
    warm.tick()
    built = warm.pipeline._built
    assert built is not None
    assert isinstance(built.plan, Plan)
    warm.tick()
    assert warm.pipeline._built is built
    with (desk.folder / "few.txt").open("a") as feeds:
        feeds.write(f"\n{desk.room.feeds[FEEDS]}\n")
    warm.tick()
    assert warm.pipeline._built is built, "the feed list is no setting"


def test_a_changed_feed_list_counts_from_the_next_tick(desk: Desk, warm: Warm) -> None:
    choose_feeds(desk, 0)
    assert warm.tick()[1]["counts"]["feeds"] == 1
    choose_feeds(desk, 0, 1, 2)
    assert warm.tick()[1]["counts"]["feeds"] == 3
    choose_feeds(desk, 2)
    assert warm.tick()[1]["counts"]["feeds"] == 1
    asked = {row["feed_url"] for row in desk.rows("feed_polls", "warm")}
    assert asked == {desk.room.feeds[number] for number in (0, 1, 2)}


def test_workers_that_are_killed_between_ticks_are_replaced(desk: Desk, warm: Warm) -> None:
    choose_feeds(desk, 0)
    warm.tick()
    pool = warm.pipeline._pool
    assert pool is not None
    pool.submit(os.getpid).result()
    killed = [worker._pid for worker in pool._workers]
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    choose_feeds(desk, 1)
    status, done = warm.tick()
    assert status == 0
    assert done["tables"]["articles"] == done["counts"]["fetches.page"] - done["counts"].get("failures.extract", 0) > 0
    assert warm.pipeline._pool is pool


def test_after_a_tick_that_failed_nothing_is_kept_and_the_next_tick_commits_its_pages(
    desk: Desk, warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a bug")

    choose_feeds(desk, 0)
    assert warm.tick()[0] == 0
    choose_feeds(desk, 0, 1)
    with monkeypatch.context() as patch:
        patch.setattr(transforms.lake.commit_run, "completed", broken)
        assert warm.tick()[0] == 1
    assert (warm.pipeline._built, warm.pipeline._pool, KEPT.nbytes) == (None, None, 0)
    status, done = warm.tick()
    assert status == 0
    assert done["counts"]["pages.adopted"] == done["tables"]["articles"] > 0
    assert [thread for thread in threading.enumerate() if thread.name.startswith("sandbox")]


def test_what_is_kept_has_a_limit_and_ends_with_the_process(desk: Desk, warm: Warm) -> None:
    warm.pipeline = WarmPipeline(kept_bytes=20_000)
    for feeds in (1, 4, 10):
        choose_feeds(desk, *range(feeds))
        assert warm.tick()[1]["tables"]["articles"] > 0
        assert KEPT.nbytes <= 20_000
    assert KEPT.nbytes > 0
    warm.pipeline.close()
    assert KEPT.nbytes == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sandbox")]


@pytest.mark.parametrize("mode", ["multi_threading", "multi_processing"])
def test_runs_follow_each_other_in_other_modes_of_beams_runner(desk: Desk, mode: str, tmp_path: Path) -> None:
    choose_feeds(desk, 0)
    more = ["--max_ticks", "2", "--tick", "1s", f"--direct_running_mode={mode}", "--direct_num_workers=2"]
    done = newsbeam(*arguments(desk, "lake", "stream"), *more)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["tables"]["articles"] > 0
    assert second["counts"]["polls.asked"] == 1
