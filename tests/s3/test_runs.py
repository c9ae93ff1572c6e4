"""Whole runs into an object store give the rows of a lake on a disk, and every command reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import newsbeam as library
from schemas.run import iso
from schemas.tables import DATA, STATE
from tests.command import newsbeam
from tests.loopback_stores import KEY_ID, SECRET
from tests.s3.conftest import StoreDesk
from tests.s3.versitygw import S3Server
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.layout import table_folder
from transforms.lake.files.storage import Storage

LAKE = "bucket/lake"
MOST_REQUESTS = 185
"""A run over 14 feeds with some new articles makes some 170, 67 of them listings."""


def said(*arguments: str) -> str:
    """What a command that succeeds prints."""
    done = newsbeam(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def states(lake: Path) -> dict[str, list[str]]:
    """The parts of the state, without the names of their runs."""
    return {
        table.name: sorted(path.name.partition("Z-")[2] for path in (lake / table_folder(table)).glob("*.parquet"))
        for table in STATE
    }


@pytest.mark.timeout(240)
def test_two_runs_give_the_rows_of_a_local_lake_and_every_command_reads_them(store_desk: StoreDesk) -> None:
    desk, uri = store_desk, store_desk.uri
    for lake in ("lake", LAKE):
        desk.room.clear_requests()
        first = desk.run(lake)
        assert first["settings"]["output"] == (uri if lake == LAKE else str(desk.folder / "lake"))
    desk.room.advance(hours=1)
    now = ("--now", iso(desk.room.now_us))
    counts = {lake: desk.run(lake, *now)["counts"] for lake in ("lake", LAKE)}
    assert counts[LAKE] == counts["lake"]
    for table in DATA:
        rows = desk.content(table.name, LAKE)
        assert rows == desk.content(table.name), table.name
        assert library.read(uri, table=table.name).count_rows() == len(rows) > 0
        common = desk.folder / LAKE / table.name / "_common_metadata"
        assert common.read_bytes() == (desk.folder / "lake" / table.name / "_common_metadata").read_bytes()
    assert states(desk.folder / LAKE) == states(desk.folder / "lake")
    assert check_state(committed(Storage(uri)), thoroughly=True).damaged == ()

    report = json.loads(said("report", "--output", uri, "--json"))
    assert report["tables"] == json.loads(said("report", "--output", str(desk.folder / "lake"), "--json"))["tables"]
    assert "committed" in said("report", "--output", uri)
    status = [
        said("feeds", "status", "--output", place).splitlines()[:-1] for place in (uri, str(desk.folder / "lake"))
    ]
    assert len(status[0]) == len(status[1]) > 10
    views = said("views", "--output", f"{uri}/")
    assert f"read_parquet(['{uri}/articles/published_date=2" in views
    assert said("repair", "--output", uri) == "The lake is whole.\n"


@pytest.mark.timeout(240)
def test_a_stream_and_the_worker_processes_of_beam_write_to_it(store_desk: StoreDesk) -> None:
    desk = store_desk
    desk.run("lake")
    arguments = desk.arguments("bucket/stream", "--tick", "0.1s", "--max_ticks", "2", command="stream")[3:]
    assert newsbeam(*arguments).returncode == 0
    desk.run_apart("bucket/beam", "--direct_num_workers=2", "--direct_running_mode=multi_processing")
    for lake in ("bucket/stream", "bucket/beam"):
        assert desk.content("articles", lake) == desk.content("articles")
    assert len(list((desk.folder / "bucket/stream/runs").iterdir())) == 2


@pytest.mark.timeout(120)
def test_a_run_asks_for_few_objects_and_nobody_is_told_the_credentials(
    store_desk: StoreDesk, reached: S3Server, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = store_desk
    desk.run(LAKE)
    desk.room.advance(hours=1)
    reached.forget()
    done = desk.ended(LAKE, "--now", iso(desk.room.now_us), "--verbose")
    assert done.returncode == 0, done.stderr
    requests = reached.requests()
    assert requests["lock ListObjectsV2"] <= 5, requests
    assert requests["lock HeadObject"] >= requests["PutObject"] - 5, "each write asks for the lock"
    assert sum(n for name, n in requests.items() if not name.startswith("lock ")) <= MOST_REQUESTS
    told = [done.stdout, done.stderr, *capfd.readouterr()]
    for command in (["report"], ["report", "--json"], ["views"], ["feeds", "status"], ["repair", "--json"]):
        told.append(said(*command, "--output", desk.uri))
    objects = [path.read_bytes() for path in (desk.folder / LAKE).rglob("*") if path.is_file()]
    assert len(objects) > 20
    for hidden in (KEY_ID, SECRET):
        assert not any(hidden in text for text in told)
        assert not any(hidden.encode() in data for data in objects)
