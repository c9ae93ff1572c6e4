"""Each run of a large backfill is made in a process of its own, which ends with the command, however that ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import COMMAND
from tests.test_backfill import ended, rows
from tests.warc_files import record, write
from transforms.lake.files.layout import LOCKS
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage

pytestmark = pytest.mark.upkeep

GIVES_UP_S = 60.0


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two archives of a page each, which are more than a megabyte together."""
    folder = tmp_path_factory.mktemp("crawl")
    padding = record("resource", "https://example.org/film", b"\0" * 1_000_000)
    write(folder / "0.warc", [record(uri="https://example.org/a"), padding], "plain")
    write(folder / "1.warc", [record(uri="https://example.org/b")], "plain")
    return folder


def test_runs_have_processes_of_their_own_and_are_told_as_one_command(crawl: Path, tmp_path: Path) -> None:
    """The lake is that of a backfill in one process; what it says, logs and measures too."""
    with started(crawl, tmp_path / "lake", "--metrics_file", str(tmp_path / "runs.prom")) as backfill:
        out, err = backfill.communicate(timeout=GIVES_UP_S)
    assert backfill.returncode == 0, err
    said = json.loads(out.splitlines()[-1])
    assert len(said["runs"]) == said["archives"] == said["counts"]["archives.read"] == 2
    logs = [json.loads(line) for line in err.splitlines()]
    assert [(one["message"], one["run"]) for one in logs if one["message"].startswith("run ")] == [
        (message, run) for run in said["runs"] for message in ("run started", "run committed")
    ]
    assert holders_of(tmp_path / "lake")[-1]["pid"] != backfill.pid
    assert {row["final_url"] for row in rows(tmp_path / "lake", "pages")} == {
        "https://example.org/a",
        "https://example.org/b",
    }
    assert 'status="committed"} 2.0' in (tmp_path / "runs.prom").read_text()
    again = ended(tmp_path / "lake", crawl / "*.warc")
    assert json.loads(again.stdout.splitlines()[-1])["read_before"] == 2


@pytest.mark.parametrize("to_all", [False, True], ids=["to the command", "to all processes, as a terminal sends it"])
def test_an_interrupted_run_ends_and_the_next_backfill_goes_on(crawl: Path, tmp_path: Path, to_all: bool) -> None:
    with started(crawl, tmp_path / "lake") as backfill:
        run = pid_of_run(backfill, tmp_path / "lake")
        (os.killpg if to_all else os.kill)(backfill.pid, signal.SIGINT)
        _, err = backfill.communicate(timeout=GIVES_UP_S)
    assert backfill.returncode == 130
    assert err.splitlines()[-1] == (
        "newsbeam backfill: interrupted after 0 run(s); run again: it goes on with the files not yet read"
    )
    assert "Traceback" not in err
    assert not is_alive(run)
    assert holders_of(tmp_path / "lake")[-1]["released"]
    assert len(said_of(crawl, tmp_path / "lake")["runs"]) == 2


def test_a_killed_command_takes_its_run_with_it(crawl: Path, tmp_path: Path) -> None:
    with started(crawl, tmp_path / "lake") as backfill:
        run = pid_of_run(backfill, tmp_path / "lake")
        backfill.kill()
        backfill.communicate(timeout=GIVES_UP_S)  # until no process holds its output any more
    assert not is_alive(run)
    assert said_of(crawl, tmp_path / "lake")["counts"]["archives.read"] == 2


def test_a_killed_run_is_told_in_one_line(crawl: Path, tmp_path: Path) -> None:
    """As the kernel does where memory is short."""
    with started(crawl, tmp_path / "lake") as backfill:
        os.kill(pid_of_run(backfill, tmp_path / "lake"), signal.SIGKILL)
        out, err = backfill.communicate(timeout=GIVES_UP_S)
    assert backfill.returncode == 1
    assert err.splitlines()[-1] == (
        "newsbeam backfill: not committed: the process of the run ended with exit code -9: has it too little memory?; "
        "run again: it goes on with the files not yet read"
    )
    assert json.loads(out.splitlines()[-1])["runs"] == []
    assert said_of(crawl, tmp_path / "lake")["counts"]["archives.read"] == 2


def test_what_a_run_refuses_is_told_as_by_the_command(crawl: Path, tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "lake"))
    with lake_lock(storage, "20260302T080000.000000Z"), started(crawl, tmp_path / "lake") as backfill:
        _, err = backfill.communicate(timeout=GIVES_UP_S)
    assert (backfill.returncode, err.count("\n")) == (75, 1), err
    assert err.startswith("newsbeam backfill: ")


def said_of(crawl: Path, lake: Path) -> dict[str, dict[str, int]]:
    """What the next backfill says."""
    with started(crawl, lake) as backfill:
        out, err = backfill.communicate(timeout=GIVES_UP_S)
    assert backfill.returncode == 0, err
    return dict(json.loads(out.splitlines()[-1]))


@contextmanager
def started(crawl: Path, lake: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A backfill of a run an archive, in a process group of its own."""
    command = [*COMMAND, "backfill", "--warc", str(crawl / "*.warc"), "--output", str(lake), "--max_run_mb", "1"]
    backfill = subprocess.Popen(
        [*command, "--json", "--log_format", "json", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield backfill
    finally:
        if backfill.poll() is None:
            os.killpg(backfill.pid, signal.SIGKILL)
            backfill.communicate()


def pid_of_run(backfill: subprocess.Popen[str], lake: Path) -> int:
    """The process of the first run, as soon as it has begun to work."""
    assert backfill.stderr is not None
    for line in backfill.stderr:
        if "run started" in line:
            time.sleep(0.3)
            return int(holders_of(lake)[-1]["pid"])
    raise AssertionError("no run started")


def holders_of(lake: Path) -> list[dict[str, int]]:
    """Who held the lake's lock, the newest last."""
    return [json.loads(path.read_bytes()) for path in sorted((lake / LOCKS).iterdir()) if path.stat().st_size]


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
