"""Whatever a run meets, it ends in one line, and the stream goes on to the next tick."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import pipelines.commands.run_once
import pipelines.commands.stream
import pipelines.run.ingest
from pipelines.checks import UsageError
from pipelines.cli import main
from pipelines.commands.stream import pause_s, stream
from pipelines.logs import RunLogs
from pipelines.run.ingest_runs import BegunRun
from pipelines.run.run_errors import in_one_line, no_room, stated_reason, workers_fault
from pipelines.run.settings import IngestSettings
from schemas.run import Run, RunManifest
from tests.conftest import Desk
from transforms.lake.accounts import AccountsError
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.storage import Storage, StorageError
from transforms.sandbox import NoWorkersError

OBJECT_STORE = "Generic LocalFileSystem error: Unable to copy data to file: No space left on device (os error 28)"
FROM_A_WORKER = f"Traceback (most recent call last):\nobstore.GenericError: {OBJECT_STORE} [while running 'X']"


def full() -> Exception:
    try:
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise RuntimeError("the layers around it") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full (No space left on device)"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/lake/x"), "the disk quota is used up (Disk quota exceeded)"),
        (OSError(errno.EROFS, "Read-only file system"), "the file system is read-only (Read-only file system)"),
        (Exception(OBJECT_STORE), "the disk is full (No space left on device)"),
        (RuntimeError(FROM_A_WORKER), "the disk is full (No space left on device)"),
        (full(), "the disk is full (No space left on device)"),
        (OSError(errno.ECONNRESET, "Connection reset by peer"), None),
        (KeyError("os error"), None),
    ],
)
def test_a_want_of_the_disk_is_known_through_all_layers(error: Exception, said: str | None) -> None:
    assert no_room(error) == said


@pytest.mark.parametrize("error_type", [AccountsError, NoWorkersError])
def test_what_a_run_says_of_its_end_is_found_in_the_text_of_another_process(error_type: type[Exception]) -> None:
    error = error_type("why it is so")
    assert stated_reason(error) == "why it is so"
    text = f"Traceback:\n  File x\nmodule.{error_type.__name__}: why it is so [while running 'Y']\n\nmore"
    assert stated_reason(RuntimeError(text)) == "why it is so"
    assert stated_reason(KeyError("section")) is None


def test_a_bug_is_told_in_one_line() -> None:
    assert in_one_line(KeyError("section")) == "KeyError: 'section'"
    assert "\n" not in in_one_line(RuntimeError("many\n  lines"))


def asked(lake: Path, **values: Any) -> argparse.Namespace:
    from pipelines.given.command_line import parsed

    feeds = lake.parent / "feeds.txt"
    feeds.write_text("https://127.0.0.1:1/feed\n")
    given, _ = parsed(["stream", "--feeds", str(feeds), "--output", str(lake), "--tick", "60s"])
    return argparse.Namespace(**{**vars(given), **values})


def test_a_bug_ends_a_run_with_one_line_and_its_traceback_is_in_the_log(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("section")

    monkeypatch.setattr(pipelines.commands.run_once, "ingest", broken)
    assert pipelines.commands.run_once.run_once(asked(tmp_path / "lake"), [], RunLogs("text")) == 1
    assert capsys.readouterr().err.splitlines() == [
        "newsbeam stream: not committed: KeyError: 'section'; run again: pages that were stored are not fetched again"
    ]
    (record,) = [record for record in caplog.records if record.name == "newsbeam.run"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[0] is KeyError


def test_a_full_disk_ends_a_run_with_one_line_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def put(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Storage, "put", put)
    assert pipelines.commands.run_once.run_once(asked(tmp_path / "lake"), [], RunLogs("text")) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("newsbeam stream: not committed: the disk is full (No space left on device); run again")
    assert not [record for record in caplog.records if record.exc_info]


def test_what_fails_after_the_commit_leaves_the_run_committed_and_calls_for_someone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pipelines.run.ingest, "tidy_state", full_disk)
    manifest = pipelines.run.ingest.ingest([], str(desk.folder / "lake"), pipelines.run.ingest.IngestSettings())
    assert len(manifest.attention) == 1
    assert list((desk.folder / "lake").glob("runs/*.json"))
    (record,) = (record for record in caplog.records if "tidy up" in record.message)
    assert (record.exc_info, record.__dict__["reason"]) == (None, "the disk is full (No space left on device)")
    monkeypatch.undo()
    assert (
        pipelines.run.ingest.ingest([], str(desk.folder / "lake"), pipelines.run.ingest.IngestSettings()).attention
        == ()
    )


def test_a_process_that_could_not_give_the_lock_back_is_not_locked_out_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(str(tmp_path))
    with lake_lock(storage, "one"):
        monkeypatch.setattr(Storage, "put", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    monkeypatch.undo()
    with lake_lock(storage, "two") as generation:
        assert generation == 2


class Pauses(threading.Event):
    """Remembers how long it was to wait, and waits not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_s: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited_s.append(timeout or 0.0)
        return self.is_set()


def ticking(monkeypatch: pytest.MonkeyPatch, *outcomes: int | Exception) -> Pauses:
    left: Iterator[int | Exception] = iter(outcomes)

    def tick(*_: object) -> int:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    pauses = Pauses()
    monkeypatch.setattr(pipelines.commands.stream, "run_once", tick)
    monkeypatch.setattr(pipelines.commands.stream, "_stopped_by_signals", lambda: nullcontext(pauses))
    return pauses


def test_the_stream_goes_on_after_any_error_with_pauses_that_grow_and_ends_with_its_last_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [1, OSError(errno.EIO, "a broken disk"), 1, UsageError("half a feed list"), 0, 3, 75, 1, 0]
    pauses = ticking(monkeypatch, *errors)
    assert stream(asked(tmp_path / "lake", max_ticks=len(errors)), [], RunLogs("text")) == 0
    assert [round(pause, 0) for pause in pauses.waited_s] == [60, 120, 240, 480, 60, 60, 60, 60]
    failed = [record for record in caplog.records if record.message == "tick failed"]
    assert [record.exc_info is not None for record in failed] == [True, False]


@pytest.mark.parametrize("last", [0, 1, 3, 75])
def test_the_stream_ends_with_the_status_of_its_last_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    ticking(monkeypatch, 1 if last == 0 else 0, last)
    assert stream(asked(tmp_path / "lake", max_ticks=2), [], RunLogs("text")) == last


def test_a_users_mistake_ends_the_stream_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch, UsageError("no such feed list"))
    with pytest.raises(UsageError):
        stream(asked(tmp_path / "lake", max_ticks=5), [], RunLogs("text"))


@pytest.mark.parametrize(
    ("tick_s", "took_s", "failures", "pause"),
    [(60, 10, 0, 50), (60, 70, 0, 0), (60, 70, 1, 60), (60, 0, 5, 960), (60, 0, 9, 1800), (1, 9, 99, 1800),
     (7200, 9, 3, 7200)],
)  # fmt: skip
def test_pauses_are_at_least_a_tick_after_a_failure_and_at_most_half_an_hour_or_a_tick(
    tick_s: float, took_s: float, failures: int, pause: float
) -> None:
    assert pause_s(tick_s, took_s, failures) == pause


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_stream_waits_after_a_failure_ends_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(pipelines.commands.stream, "run_once", lambda *_: 1)
    sender = threading.Timer(0.5, os.kill, (os.getpid(), number))
    sender.start()
    try:
        started = time.monotonic()
        assert stream(asked(tmp_path / "lake", max_ticks=None), [], RunLogs("text")) == 1
        assert 0.3 < time.monotonic() - started < 10
    finally:
        sender.join()
        for one, handler in before.items():
            signal.signal(one, handler)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Sets the size of a file system of its own at ``disk``."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small file system here")
    try:
        yield lambda size: subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True) and None
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_stream_on_a_full_disk_says_so_and_commits_once_there_is_room(
    desk: Desk, small_disk: Callable[[str], None]
) -> None:
    run = desk.start("disk/lake", "--tick", "1s", command="stream")
    assert run.stderr is not None
    try:
        lines = iter(run.stderr.readline, "")
        said = next(line for line in lines if "not committed" in line)
        assert said.startswith("newsbeam stream: not committed: the disk is full (No space left on device)")
        small_disk("64m")
        assert any("run committed" in line for line in lines)
        run.send_signal(signal.SIGTERM)
        _, rest = run.communicate(timeout=100)
    finally:
        run.kill()
    assert run.returncode == 0
    assert "Traceback" not in rest
    assert desk.rows("articles", "disk/lake")


@pytest.mark.parametrize(
    ("error", "reason", "is_bug"),
    [
        (StorageError("cannot write pages in the lake at x: Permission denied"), None, False),
        (KeyError("section"), "KeyError: 'section'", True),
    ],
)
def test_only_a_bug_after_the_commit_is_logged_with_its_traceback(
    error: Exception,
    reason: str | None,
    is_bug: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipelines.run.ingest, "write_table_schemas", broken)
    manifest = RunManifest("x", "ingest", "", "", {}, {}, {}, {}, ())
    begun = BegunRun(Run("x", 0, str(tmp_path)), (), manifest)
    tidied = pipelines.run.ingest.tidied(manifest, Storage(str(tmp_path)), begun, IngestSettings())
    assert len(tidied.attention) == 1
    (record,) = caplog.records
    assert (record.exc_info is not None, record.__dict__["reason"]) == (is_bug, reason or str(error))


def test_a_stream_whose_reports_nobody_reads_any_more_goes_on_at_its_pace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = ticking(monkeypatch, BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, 0)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr("sys.stdout", out)
        assert stream(asked(tmp_path / "lake", max_ticks=3), [], RunLogs("text")) == 0
        print("into nothing", file=out, flush=True)
    assert [round(pause, 0) for pause in pauses.waited_s] == [60, 60]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.usefixtures("clean_logging")
@pytest.mark.parametrize("committed", [True, False])
def test_what_ctrl_c_says_of_the_run_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], committed: bool
) -> None:
    run_id = "20260302T080000.000000Z"

    def interrupted(*_: Any, name_run: Callable[[str], None], **__: Any) -> None:
        name_run(run_id)
        if committed:
            Storage(str(tmp_path / "lake")).put(f"runs/{run_id}.json", b"{}")
        raise KeyboardInterrupt

    monkeypatch.setattr(pipelines.commands.run_once, "ingest", interrupted)
    (tmp_path / "feeds").write_text("http://127.0.0.1:9/feed\n")
    assert main(["ingest", "--feeds", str(tmp_path / "feeds"), "--output", str(tmp_path / "lake")]) == 130
    said = f"but run {run_id} is committed" if committed else "nothing of this run was committed"
    assert said in capsys.readouterr().err


IN_FLINK = "Pipeline BeamApp failed in state FAILED: java.lang.RuntimeException: Error received from SDK harness: "


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            "Traceback\nModuleNotFoundError: No module named 'pipelines.run' [while running 'X']\n",
            "a worker cannot load this version of newsbeam; install one version on both "
            "(ModuleNotFoundError: No module named 'pipelines.run')",
        ),
        (
            "AttributeError: Can't get attribute '_new' on <module 'transforms.x'>\n\n",
            "a worker cannot load this version of newsbeam; install one version on both "
            "(AttributeError: Can't get attribute '_new' on <module 'transforms.x'>)",
        ),
        (
            "io.grpc.StatusRuntimeException: CANCELLED: client cancelled\n\tat x",
            "a worker of the cluster was lost in the midst of the run "
            "(StatusRuntimeException: CANCELLED: client cancelled)",
        ),
        ("ModuleNotFoundError: No module named 'numpy'", None),
        ("KeyError: 'section'", None),
    ],
)
def test_what_the_workers_of_a_cluster_lack_is_told_in_one_line(said: str, fault: str | None) -> None:
    assert workers_fault(RuntimeError(IN_FLINK + said)) == fault
