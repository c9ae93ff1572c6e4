"""Ctrl-C while the command is still being loaded: one line and status 130, and not a word from its other processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from pipelines.cli import main

ROOT = Path(__file__).parents[1]
LOADED = "pipelines.commands.run_command"
SLOW = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(0.5)\npathlib.Path('loaded').touch()\n"
STARTED = """
import time
from transforms.sandbox.fork_server import start_fork_server
if __name__ == "__main__":
    start_fork_server(["slow_to_load"])
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


class _Interrupted(MetaPathFinder):
    """Ctrl-C at the import of the module that has all else of the command."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == LOADED:
            raise KeyboardInterrupt


def test_an_interrupt_while_the_command_is_loaded_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, LOADED, raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Interrupted(), *sys.meta_path])
    assert main(["--version"]) == 130
    assert capsys.readouterr() == ("", "newsbeam: interrupted\n")


def test_an_interrupt_passes_by_the_fork_server_while_it_loads(tmp_path: Path) -> None:
    (tmp_path / "slow_to_load.py").write_text(SLOW)
    (tmp_path / "start.py").write_text(STARTED)
    started = subprocess.Popen(
        [sys.executable, "start.py"], cwd=tmp_path, start_new_session=True, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to all of its processes
    said = started.communicate(timeout=60)[1]
    assert (started.returncode, said) == (0, "")
    assert (tmp_path / "loaded").exists()
