"""A stream that is killed again and again loses nothing and doubles nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.run import iso
from tests.conftest import Desk
from tests.test_crash import assert_only_committed_files
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

HOURS = 4
KILLS_AN_HOUR = 5
FEEDS = 6


class Nursery:
    """Runs the command in children that can be killed."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(self, arguments: list[str], after_ms: int | None = None) -> int:
        """The exit status of the command, -9 if it was killed after so many milliseconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"arguments": arguments, "at": after_ms, "how": "after"}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return int(json.loads(self._process.stdout.readline())["status"])

    def log(self) -> str:
        """What the last child said."""
        return (self._folder / "operations.log").read_text()[-4_000:]


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.crash_nursery", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process, tmp_path)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_a_stream_killed_twenty_times_has_the_rows_of_a_run_an_hour(desk: Desk, nursery: Nursery) -> None:
    (desk.folder / "feeds.txt").write_text("\n".join(desk.room.feeds[:FEEDS]))
    given = ["--feeds", str(desk.folder / "feeds.txt"), "--allow_networks", "127.0.0.0/8", "--host_delay", "0"]
    given += ["--poll_interval", "0", "--flush_seconds", "0", "--extract_workers", "1", "--json"]
    ingest = ["ingest", *given, "--output", str(desk.folder / "batch")]
    stream = ["stream", *given, "--tick", "0.1s", "--output", str(desk.folder / "killed")]
    seed = time.time_ns()
    moments, killed = random.Random(seed), 0
    for _ in range(HOURS):
        now = "--now", iso(desk.room.now_us)
        assert nursery.run([*ingest, *now]) == 0, nursery.log()
        for _ in range(KILLS_AN_HOUR):
            killed += nursery.run([*stream, *now], after_ms=moments.randrange(100, 3_000)) == -9
        assert nursery.run([*stream, *now, "--max_ticks", "1"]) == 0, nursery.log()  # the hour's last news
        desk.room.advance(hours=1)
    assert killed == HOURS * KILLS_AN_HOUR
    for table in ("articles", "pages"):
        assert desk.content(table, "killed") == desk.content(table, "batch"), f"{table}, seed {seed}"
    rows = Counter((row["article_id"], row["revision"]) for row in desk.rows("articles", "killed"))
    assert set(rows.values()) == {1}
    assert any(revision > 1 for _, revision in rows), "the newsroom edits in these hours"
    lake = desk.folder / "killed"
    manifests: list[dict[str, Any]] = [json.loads(path.read_text()) for path in lake.glob("runs/*.json")]
    assert_only_committed_files(lake, max(manifests, key=lambda one: one["run_id"]))
    assert len(manifests) > HOURS, "some ticks were committed before their process was killed"
    assert check_state(committed(Storage(str(lake))), thoroughly=True).damaged == ()
