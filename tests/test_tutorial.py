"""The tutorial is followed word for word in one shell, but for the newsroom's port, and prints what it says."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

TUTORIAL = (Path(__file__).resolve().parents[1] / "docs/tutorial.md").read_text()
STEP = re.compile(r"^<!-- (?P<mark>[\w. ]+) -->\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)
RUN, PRINTED = "run in order", "printed"
_DONE = "-- step done:"


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.11", 0))
        return int(server.getsockname()[1])


def await_listening(port: int) -> None:
    for _ in range(600):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.11", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the newsroom does not listen")


def follow(shell: subprocess.Popen[str], commands: str) -> str:
    """What the commands print in the shell; each must succeed."""
    assert shell.stdin is not None
    assert shell.stdout is not None
    printed = []
    for command in commands.splitlines():
        shell.stdin.write(f'{command}\necho "{_DONE} $?"\n')
        shell.stdin.flush()
        for line in iter(shell.stdout.readline, ""):
            if line.startswith(_DONE):
                break
            printed.append(line)
        assert line == f"{_DONE} 0\n", "".join((command, "\n", *printed))
    return "".join(printed)


def in_words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.timeout(240)
def test_a_newcomer_who_follows_the_tutorial_sees_what_it_shows(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    port = free_port()
    steps = [(step["mark"], step["text"]) for step in STEP.finditer(TUTORIAL.replace("8765", str(port)))]
    assert [mark for mark, _ in steps] == [
        RUN, "feeds.txt", RUN, PRINTED, RUN, PRINTED, "look.py", RUN, PRINTED, "chart.py", RUN,
    ]  # fmt: skip
    shell = subprocess.Popen(
        ["bash"],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "160"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = ""
    try:
        for mark, text in steps:
            if mark == RUN:
                printed = follow(shell, text)
                if "newsroom" in text:
                    await_listening(port)
            elif mark == PRINTED:
                for line in text.splitlines():
                    assert in_words(line) in in_words(printed)
            else:
                (tmp_path / "my-news" / mark).write_text(text)
    finally:
        shell.communicate("kill %1\n", timeout=20)
    assert (tmp_path / "my-news/chart.png").read_bytes().startswith(b"\x89PNG")
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.11", port)) != 0, "the newsroom is still there"
