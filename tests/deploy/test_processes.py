"""Processes that outlive us are found again, and no others are ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.flink.processes import Part, living, start, stop

SLEEP = Part("sleeper", ["sleep", "100"])


def await_true(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def test_a_part_lives_until_it_is_stopped_and_its_log_stays(tmp_path: Path) -> None:
    start(Part("talker", ["sh", "-c", "echo up; exec sleep 100"]), tmp_path)
    try:
        (pid,) = living(tmp_path).values()
        assert os.getpgid(pid) == pid
        await_true(lambda: (tmp_path / "talker.log").read_text() == "up\n")
    finally:
        stop(tmp_path)
    assert living(tmp_path) == {}
    assert not Path(f"/proc/{pid}").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["talker.log"]


def test_what_a_part_has_started_ends_with_it_even_if_the_part_is_deaf(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("deploy.flink.processes._PATIENCE_S", 0.2)
    start(Part("deaf", ["sh", "-c", "trap '' TERM; sleep 100 & echo $!; wait; wait"]), tmp_path)
    await_true(lambda: (tmp_path / "deaf.log").read_text() != "")
    text = (tmp_path / "deaf.log").read_text().strip()
    stop(tmp_path)
    await_true(lambda: not Path(f"/proc/{text}").exists())


def test_another_process_that_has_the_number_now_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "100"]) as stranger:
        try:
            (tmp_path / "sleeper.pid").write_text(f"{stranger.pid} 1 SIGTERM\n")
            assert living(tmp_path) == {}
            stop(tmp_path)
            assert stranger.poll() is None
            assert list(tmp_path.iterdir()) == []
        finally:
            stranger.send_signal(signal.SIGKILL)


def test_a_part_that_was_killed_lives_no_more(tmp_path: Path) -> None:
    start(SLEEP, tmp_path)
    os.kill(living(tmp_path)["sleeper"], signal.SIGKILL)
    await_true(lambda: not living(tmp_path))
    stop(tmp_path)
