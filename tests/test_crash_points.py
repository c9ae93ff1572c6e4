"""A small run, killed once at each of its storage operations and run again, gives the lake of an undisturbed run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from newsroom import Answer, Newsroom
from schemas.run import iso
from tests.committed_rows import committed_rows
from tests.crash_nursery import WRITES
from tests.test_crash import assert_only_committed_files
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1_800)]

_OF_THE_RUN = {"run_id", "fetched_at", "ingested_at", "failed_at", "elapsed_ms", "withdrawn_at"}
_DATE = ("Date", "Mon, 02 Mar 2026 09:00:00 GMT")
_HOUR_US = 3_600_000_000


class Bench:
    """A feed of a few entries, the command in children that can be killed, and lakes."""

    def __init__(self, room: Newsroom, folder: Path, nursery: subprocess.Popen[str]) -> None:
        self.folder = folder
        self._room = room
        self._nursery = nursery
        self._feed = room.feeds[0]
        self._truth = [known for known in room.truth() if known.outcome == "article"][:5]
        self._feeds = folder / "feeds.txt"
        self._feeds.write_text(self._feed)
        self.more: list[str] = []
        """Options of each run."""

    def change_unannounced(self) -> None:
        """Edit the first article and withdraw the second, of which the feed says nothing."""
        page = "".join(f"<p>Paragraph {n} of the text as the desk has rewritten it since.</p>" for n in range(20))
        html = f"<html><body><article><h1>Entry 0</h1>{page}</article></body></html>"
        headers = (("Content-Type", "text/html"), _DATE)
        self._room.script(self._truth[0].canonical_url, Answer(200, headers, html.encode()))
        self._room.script(self._truth[1].canonical_url, Answer(410, headers, b""))

    def publish(self, entries: int, edited: bool) -> None:
        """Let the feed list so many articles and one page that is not there; the first may have been edited."""
        origin = self._feed.split("/", 3)
        urls = [known.canonical_url for known in self._truth[:entries]] + [f"{origin[0]}//{origin[2]}/gone/{entries}"]
        dates = [("2026-03-02T06:00:00Z", "2026-03-02T08:30:00Z" if edited and not n else "2026-03-02T06:00:00Z")
                 for n in range(len(urls))]  # fmt: skip
        listed = "".join(
            f"<entry><id>{url}</id><title>Entry {n}</title><link href='{url}'/><published>{published}</published>"
            f"<updated>{updated}</updated></entry>"
            for n, (url, (published, updated)) in enumerate(zip(urls, dates, strict=True))
        )
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Few</title><id>few</id>{listed}</feed>"
        self._room.script(self._feed, Answer(200, (("Content-Type", "application/atom+xml"), _DATE), feed.encode()))
        if edited:
            page = "".join(f"<p>Paragraph {n} of the text as the desk has rewritten it since.</p>" for n in range(20))
            html = f"<html><body><article><h1>Entry 0</h1>{page}</article></body></html>"
            self._room.script(urls[0], Answer(200, (("Content-Type", "text/html"), _DATE), html.encode()))

    def run(self, lake: str, hours: int, at: int | None = None, how: str = "before") -> dict[str, Any]:
        """Ingest, killed at the storage operation `at`."""
        given = ["ingest", "--feeds", str(self._feeds), "--output", str(self.folder / lake), "--host_delay", "0"]
        given += ["--allow_networks", "127.0.0.0/8", "--flush_seconds", "0", "--extract_workers", "1", "--json"]
        given += ["--now", iso(self._room.now_us + hours * _HOUR_US), *self.more]
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(json.dumps({"arguments": given, "at": at, "how": how}), file=self._nursery.stdin, flush=True)
        return dict(json.loads(self._nursery.stdout.readline()))

    def log(self) -> str:
        """What the last child said."""
        return (self.folder / "operations.log").read_text()[-4_000:]

    def copy(self, lake: str, to: str) -> None:
        shutil.rmtree(self.folder / to, ignore_errors=True)
        shutil.copytree(self.folder / lake, self.folder / to)

    def content(self, lake: str) -> dict[str, list[Any]]:
        """All rows of the tables, and of the state what does not depend on time."""
        found: dict[str, list[Any]] = {}
        for table in ("articles", "pages", "failures"):
            rows = committed_rows(self.folder / lake, table)
            kept = [{name: row[name] for name in sorted(row.keys() - _OF_THE_RUN)} for row in rows]
            found[table] = sorted(map(repr, kept))
        for table, names in (("seen", ["url_key"]), ("fingerprints", ["article_id", "revision", "content_hash"])):
            parts = [str(path) for path in (self.folder / lake / "_state" / table).glob("*.parquet")]
            found[table] = sorted(set(map(repr, ds.dataset(parts).to_table(names).to_pylist())))
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    command = [sys.executable, "-m", "tests.crash_nursery", str(tmp_path)]
    with (
        Newsroom(slow_s=0.0) as room,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery,
    ):
        yield Bench(room, tmp_path, nursery)
        assert nursery.stdin is not None
        nursery.stdin.close()
        nursery.wait(timeout=60)


SHARES = 3
"""The kill points are shared out among so many tests, which can run side by side."""


def assert_no_kill_shows(bench: Bench, start: str, hows: tuple[str, ...], share: int) -> int:
    """Kill the second run over the lake `start` at its operations and run it again; how many kills that were."""
    bench.copy(start, "undisturbed")
    undisturbed = bench.run("undisturbed", hours=1)
    assert undisturbed["status"] == 0, bench.log()
    operations = undisturbed["operations"]
    expected = bench.content("undisturbed")
    points = [(at, how) for how in hows for at, name in enumerate(operations) if how == "before" or name in WRITES]
    for at, how in points[share::SHARES]:
        place = f"killed {how} operation {at} ({operations[at]})"
        bench.copy(start, "killed")
        killed = bench.run("killed", hours=1, at=at, how=how)
        assert killed["status"] == -9, f"{place} was not reached: {bench.log()}"
        again = bench.run("killed", hours=1)
        assert again["status"] == 0, f"{place}: {bench.log()}"
        assert bench.content("killed") == expected, place
        manifests = [json.loads(path.read_text()) for path in (bench.folder / "killed/runs").glob("*.json")]
        assert_only_committed_files(bench.folder / "killed", max(manifests, key=lambda one: one["run_id"]))
        assert check_state(committed(Storage(str(bench.folder / "killed"))), thoroughly=True).damaged == (), place
    return len(points[share::SHARES])


@pytest.mark.parametrize("share", range(SHARES))
def test_a_run_with_revisits_killed_at_any_storage_operation_makes_them_all_and_each_once(
    bench: Bench, capsys: pytest.CaptureFixture[str], share: int
) -> None:
    bench.more = ["--revisit", "30m,7d"]
    bench.publish(entries=2, edited=False)
    assert bench.run("lake", hours=0)["status"] == 0, bench.log()
    bench.change_unannounced()
    kills = assert_no_kill_shows(bench, "lake", ("before", "midst"), share)
    rows = committed_rows(bench.folder / "killed", "articles")
    assert sorted((row["revision"], row["withdrawn_at"] is not None) for row in rows) == [
        (1, False),
        (1, False),
        (2, False),
        (2, True),
    ]
    with capsys.disabled():
        print(f"\n{kills} kills of a run with revisits")


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("adopts", [False, True], ids=["after_a_run", "after_a_dead_run"])
def test_a_run_killed_at_any_storage_operation_and_run_again_gives_the_lake_of_an_undisturbed_run(
    bench: Bench, capsys: pytest.CaptureFixture[str], adopts: bool, share: int
) -> None:
    """Before each operation; writes also in their midst. Half of the lakes hold pages of a dead run to take over."""
    bench.publish(entries=2, edited=False)
    first = bench.run("lake", hours=0)
    assert first["status"] == 0, bench.log()
    bench.publish(entries=4, edited=True)
    if adopts:
        stores = [at for at, name in enumerate(first["operations"]) if name == "put"]
        assert bench.run("lake", hours=1, at=stores[3])["status"] == -9
        assert list((bench.folder / "lake/_state/open").glob("*.json"))
    hows = ("before",) if adopts else ("before", "midst")
    kills = assert_no_kill_shows(bench, "lake", hows, share)
    with capsys.disabled():
        print(f"\n{kills} kill points")
    assert kills >= 51 // SHARES
