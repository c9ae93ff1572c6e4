"""A backfill on a Flink cluster gives the rows of a local one."""

from __future__ import annotations

import os
import subprocess

import pytest

from schemas.run import iso
from tests.conftest import COMMAND, Desk, summary
from tests.flink.conftest import Cluster
from tests.test_backfill import backfill, content, rows
from tests.warc_files import record, records_of, write

pytestmark = [pytest.mark.flink, pytest.mark.timeout(400)]


def test_a_backfill_on_two_task_managers_gives_the_rows_of_a_local_one(desk: Desk, cluster: Cluster) -> None:
    desk.run("fetched")
    stored = sorted(rows(desk.folder / "fetched", "pages"), key=lambda row: row["url_key"])
    for number in range(3):
        records = [*records_of(stored[number::3], with_facts=True), record(length=5)]
        write(desk.folder / f"crawl/{number}.warc.gz", records)
    backfill(desk.folder / "local", desk.folder / "crawl/*.warc.gz", now=iso(desk.room.now_us))
    command = [*COMMAND, "backfill", "--warc", "crawl/*.warc.gz", "--output", "flink", "--now", iso(desk.room.now_us)]
    done = subprocess.run(
        [*command, "--json", *cluster.options],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    said = summary(done)
    assert said["counts"]["records.page"] == len(stored)
    assert said["counts"]["records.broken"] == 3
    for table in ("pages", "articles", "failures"):
        assert content(desk.folder / "flink", table) == content(desk.folder / "local", table), table
    assert cluster.jobs() == []
