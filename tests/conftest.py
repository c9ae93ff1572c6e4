"""What whole runs need: a newsroom, the command as a user types it, and a lake read as a user reads it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from hypothesis import settings

from newsroom import Newsroom
from schemas.run import iso
from tests.command import logging_as_it_was, newsbeam
from tests.committed_rows import committed_rows
from tests.fork_server import start_fork_server
from tests.loopback_stores import keep_on_loopback

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell's background jobs begin, and all that they start
    signal.signal(signal.SIGINT, signal.default_int_handler)

COMMAND = [sys.executable, "-m", "pipelines.cli"]
settings.register_profile("shared", deadline=None)  # a busy machine says nothing about an example
settings.load_profile("shared")

_HERE = Path(__file__).parent
_LONGEST = ("test_end_to_end", "test_old_lakes", "test_bugs", "test_demo")
_OF_THE_RUN = {"run_id", "fetched_at", "ingested_at", "failed_at", "polled_at", "elapsed_ms", "next_poll_at"}


class Desk:
    """A newsroom, its feed list, and lakes to ingest it into."""

    def __init__(self, room: Newsroom, folder: Path) -> None:
        self.room = room
        self.folder = folder
        self.feeds = folder / "feeds.opml"
        room.write_feeds(self.feeds)

    def arguments(self, lake: str = "lake", *more: str, command: str = "ingest") -> list[str]:
        """The command line of a run against the newsroom."""
        arguments = [command, "--feeds", str(self.feeds), "--output", str(self.folder / lake)]
        arguments += ["--allow_networks", "127.0.0.0/8", "--host_delay", "0.01", "--json", "--log_format", "json"]
        if "--now" not in more:
            arguments += ["--now", iso(self.room.now_us)]
        return [*COMMAND, *arguments, *more]

    def run(self, lake: str = "lake", *more: str) -> dict[str, Any]:
        """Ingest once, in this process, and give the summary of the committed run."""
        return summary(self.ended(lake, *more))

    def ended(self, lake: str = "lake", *more: str) -> subprocess.CompletedProcess[str]:
        """Ingest once, in this process, and give how that ended."""
        return newsbeam(*self.arguments(lake, *more)[len(COMMAND) :])

    def run_apart(self, lake: str = "lake", *more: str) -> dict[str, Any]:
        """As `run`, in a process of its own."""
        return summary(
            subprocess.run(self.arguments(lake, *more), capture_output=True, text=True, timeout=110, check=False)
        )

    def start(self, lake: str = "lake", *more: str, command: str = "ingest") -> subprocess.Popen[str]:
        """Begin a run in a process of its own and do not wait for it."""
        return subprocess.Popen(
            self.arguments(lake, *more, command=command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def rows(self, table: str, lake: str = "lake") -> list[dict[str, Any]]:
        """The committed rows of a table with their partition."""
        return committed_rows(self.folder / lake, table)

    def stored(self, table: str, lake: str = "lake") -> list[dict[str, Any]]:
        """The rows of all files of a table, or below ``_state/``, also of runs that have not happened."""
        folder = self.folder / lake / table
        return list(ds.dataset(folder, partitioning="hive").to_table().to_pylist()) if folder.is_dir() else []

    def content(self, table: str, lake: str = "lake") -> list[dict[str, Any]]:
        """The rows apart from run ids and times, in an order of their own."""
        rows = (
            {name: value for name, value in row.items() if name not in _OF_THE_RUN} for row in self.rows(table, lake)
        )
        return sorted(rows, key=repr)


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a run that was committed says of itself."""
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def pytest_configure() -> None:
    """No test, nor a process that it starts, reaches anyone's object store."""
    keep_on_loopback()


@pytest.fixture(scope="session", autouse=True)
def _fork_server() -> None:
    start_fork_server()


@pytest.hookimpl(trylast=True)  # behind the plugin that shuffles
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of whole runs come first, the longest at the front, so that no core is idle at the end."""
    items.sort(key=lambda item: (item.path.parent != _HERE, item.path.stem not in _LONGEST))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A fresh newsroom whose slow host is not slow."""
    with Newsroom(slow_s=0.01) as room:
        yield Desk(room, tmp_path)


@pytest.fixture
def clean_logging() -> Iterator[None]:
    """Logging as it was before the test, which starts ours."""
    with logging_as_it_was():
        yield
