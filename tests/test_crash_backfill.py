"""A backfill that is killed anywhere and run again leaves the lake of an undisturbed one."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from newsroom import Newsroom
from schemas.run import iso
from tests.conftest import COMMAND, Desk
from tests.test_backfill import backfill, content, rows
from tests.test_crash import assert_only_committed_files
from tests.warc_files import record, records_of, write
from transforms.lake.files.layout import run_of

FILES = 6


@pytest.mark.crash
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(3))
def test_a_backfill_killed_at_any_moment_and_run_again_gives_the_lake_of_an_undisturbed_one(
    tmp_path: Path, seed: int
) -> None:
    """Four runs in a row are killed, by reference and by value; an `ingest` may come between."""
    with Newsroom(slow_s=0.0) as room:
        desk = Desk(room, tmp_path)
        desk.run("fetched")
        now = iso(room.now_us)
        stored = sorted(rows(tmp_path / "fetched", "pages"), key=lambda row: row["url_key"])
        for number in range(FILES):
            records = [*records_of(stored[number::FILES], with_facts=True), record(length=5 + number)]
            write(tmp_path / f"crawl/{number}.warc.gz", records)
        more = ["--compact", "off", "--max_run_pages", "40", *(["--store_pages"] if seed % 2 else [])]
        started = time.monotonic()
        backfill(tmp_path / "undisturbed", tmp_path / "crawl/*", more=more, now=now)
        whole_s = time.monotonic() - started + 2.0  # a process of its own loads Beam
        moments = random.Random(f"{seed} {time.time_ns()}")
        killed = tmp_path / "killed"
        command = [
            *COMMAND,
            "backfill",
            "--warc",
            str(tmp_path / "crawl/*"),
            "--output",
            str(killed),
            "--now",
            now,
            *more,
        ]
        for _ in range(4):
            run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(moments.uniform(0.3, 1.0) * whole_s)
            run.kill()
            run.communicate()
        last = backfill(killed, tmp_path / "crawl/*", more=more, now=now)

    for table in ("pages", "articles", "failures"):
        assert content(killed, table) == content(tmp_path / "undisturbed", table), table
    manifest = {"run_id": last["runs"][-1]} if last["runs"] else {"run_id": newest(killed)}
    assert_only_committed_files(killed, manifest)


def newest(lake: Path) -> str:
    """The newest committed run."""
    return max(path.stem for path in (lake / "runs").glob("*.json") if run_of(path.name) is None)
