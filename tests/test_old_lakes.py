"""A lake of an earlier release goes on under this version, also where its state is damaged."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow.parquet as pq
import pytest

from newsroom import Newsroom
from schemas.run import iso
from tests.command import newsbeam
from tests.conftest import Desk

pytestmark = pytest.mark.timeout(600)

LAKES = Path(__file__).parent / "lakes"


RELEASES = [path.name for path in sorted(LAKES.iterdir()) if path.is_dir()]


@contextmanager
def newsroom_of(release: str) -> Iterator[Newsroom]:
    """The newsroom that a release's lake was made from, an hour after its second run."""
    cursors = next((LAKES / release / "_state/feed_cursors").glob("*.parquet"))
    port = urlsplit(pq.read_table(cursors, columns=["feed_url"]).column(0)[0].as_py()).port
    with Newsroom(port=port, slow_s=0.01) as room:
        room.advance(hours=2)
        yield room


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The desk of the newsroom of the test's `release`, or of the first one."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    with newsroom_of(parameters.get("release", RELEASES[0])) as room:
        yield Desk(room, tmp_path)


def run(desk: Desk, *more: str) -> tuple[int, dict[str, Any], str]:
    done = desk.ended("lake", *more)
    assert "Traceback" not in done.stderr, done.stderr[-4_000:]
    return done.returncode, json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}, done.stderr


def known_pages(lake: Path) -> set[str]:
    return {
        "/" + url.split("/", 3)[3]
        for path in lake.glob("pages/*/*.parquet")
        for url in pq.read_table(path, columns=["url"]).column(0).to_pylist()
    }


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("is_damaged", [False, True], ids=["whole", "damaged"])
def test_a_run_over_an_old_lake_fetches_and_writes_nothing_that_it_knows(
    desk: Desk, release: str, is_damaged: bool
) -> None:
    lake = desk.folder / "lake"
    shutil.copytree(LAKES / release, lake)
    before = known_pages(lake)
    articles = duckdb.sql(f"select count(*), max(revision) from '{lake}/articles/*/*.parquet'").fetchall()
    state = list(lake.glob("_state/*/*.parquet"))
    if is_damaged:
        for n, path in enumerate(state):
            path.write_bytes((b"", b"garbage", path.read_bytes()[:-20])[n % 3])
        (lake / "_state/lock").mkdir(exist_ok=True)
        (lake / "_state/lock/0000000001.json").write_bytes(b"")
        (lake / "_state/open").mkdir(exist_ok=True)
        for place in ("runs", "_state/open", "_state/lock", "_state/seen", "articles"):
            (lake / place / ".DS_Store").write_bytes(b"\0")
        (lake / "runs/notes.json").write_text("{}")

    status, summary, said = run(desk)

    assert status == (3 if is_damaged else 0), said
    assert summary["counts"].get("attention.damaged_state", 0) == (len(state) if is_damaged else 0)
    for path in state if is_damaged else ():
        assert said.count(path.relative_to(lake).as_posix()) == 1, "one line for each file"
    asked = {request.path for request in desk.room.requests if request.status == 200}
    assert not before & asked, "a page that the lake has was fetched again"
    assert summary["counts"]["entries.known"] > 0
    assert summary["tables"].get("articles", 0) == summary["counts"]["entries.fetch"]
    query = "select count(*), max(revision), count(distinct (article_id, revision)) from read_parquet('{}', {})"
    options = "hive_partitioning = true, union_by_name = true"
    [now] = duckdb.sql(query.format(f"{lake}/articles/*/*.parquet", options)).fetchall()
    assert now[:2] == (articles[0][0] + summary["tables"].get("articles", 0), articles[0][1])
    assert now[0] == now[2], "no article twice"
    assert run(desk)[0] == 0, "the next run finds all whole"


@pytest.mark.upkeep
@pytest.mark.parametrize("release", RELEASES)
def test_an_old_lake_is_used_looked_after_and_rebuilt_by_this_version(desk: Desk, release: str) -> None:
    lake = desk.folder / "lake"
    shutil.copytree(LAKES / release, lake)
    before = {row["article_id"] for row in desk.rows("articles")}
    pages = len(desk.rows("pages"))

    def verified() -> list[str]:
        done = newsbeam("verify", "--output", str(lake), "--json")
        assert done.returncode in (0, 3), done.stderr
        return [str(one) for one in json.loads(done.stdout.splitlines()[-1])["troubles"]]

    def kept(command: str, *more: str) -> dict[str, Any]:
        done = newsbeam(command, "--output", str(lake), "--json", *more)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout.splitlines()[-1]))

    assert verified() == []
    status, summary, said = run(desk, "--compact", "off")
    assert status == 0, said
    new = summary["tables"].get("articles", 0)
    assert len(desk.rows("articles")) == 149 + new

    now = ("--now", iso(desk.room.now_us))
    kept("compact", "--all", "--grace", "0", *now)
    assert len(list(lake.glob("articles/published_date=2026-03-02/*.parquet"))) == 1
    assert {row["article_id"] for row in desk.rows("articles")} >= before
    assert verified() == []

    rebuilt = kept("rebuild", "--grace", "0", *now)
    assert rebuilt["counts"]["pages"] == pages + summary["tables"].get("pages", 0)
    rows = desk.rows("articles")
    assert before <= {row["article_id"] for row in rows}, "a rebuild loses no article"
    assert len({(row["article_id"], row["revision"]) for row in rows}) == len(rows)
    assert {row["facts_sources"] is None for row in rows} == {False}, "columns that the release did not have are filled"
    assert verified() == []

    told = kept("report")
    assert told["run_id"] == summary["run_id"]
    assert run(desk)[0] == 0, "and the next run goes on from there"
    assert verified() == []


@pytest.mark.slow
def test_a_lake_that_is_deleted_during_a_run_is_told_in_one_line_and_not_made_anew(desk: Desk) -> None:
    lake = desk.folder / "lake"
    given = desk.arguments("lake", "--host_delay", "0.3", "--flush_seconds", "0")
    with subprocess.Popen(given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as going:
        end_s = time.monotonic() + 200
        while not list(lake.glob("pages/*/*.parquet")) and going.poll() is None and time.monotonic() < end_s:
            time.sleep(0.05)
        shutil.rmtree(lake)
        out, said = going.communicate(timeout=300)
    assert (going.returncode, out) == (1, "")
    assert said.splitlines()[-1] == (
        f"newsbeam ingest: not committed: the lake at {lake} was deleted while the run was writing to it"
    )
    assert "Traceback" not in said
    assert not lake.exists()
