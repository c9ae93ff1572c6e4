"""The tutorial is followed word for word in one shell, but for the newsroom's port, and prints what it says."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.followed_page import Block, blocks_of, follow

TUTORIAL = (Path(__file__).resolve().parents[1] / "docs/tutorial.md").read_text()


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


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_a_newcomer_who_follows_the_tutorial_sees_what_it_shows(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    port = free_port()
    page = TUTORIAL.replace("8765", str(port))
    assert [block.name or block.kind for block in blocks_of(page)] == [
        "run", "feeds.txt", "run", "printed", "run", "printed", "look.py", "run", "printed", "chart.py", "run",
    ]  # fmt: skip

    def behind(block: Block) -> None:
        if "newsroom" in block.text:
            await_listening(port)

    follow(page, tmp_path, {}, behind)
    assert (tmp_path / "my-news/chart.png").read_bytes().startswith(b"\x89PNG")
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.11", port)) != 0, "the newsroom is still there"
