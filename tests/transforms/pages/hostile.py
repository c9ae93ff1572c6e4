"""What the tests of hostile bodies share: the cases, how much memory a step took, a flood that costs us nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.shared_data import SHARED

MIB = 1 << 20

_FLOOD = """
import asyncio, sys

async def answer(reader, writer):
    try:
        while head := await reader.readuntil(b"\\r\\n\\r\\n"):
            if b" /robots.txt " in head[:40]:
                writer.write(b"HTTP/1.1 404 None\\r\\nContent-Length: 0\\r\\n\\r\\n")
                continue
            size = int(head.split()[1].rpartition(b"/")[2])
            length = b"Content-Length: %d\\r\\n" % size if size < 1 << 30 else b""
            writer.write(b"HTTP/1.1 200 OK\\r\\n" + length + b"\\r\\n<html><p>")
            piece = b"The river rose. " * 4096
            for start in range(9, size, len(piece)):
                writer.write(piece[: size - start])
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(answer, "0.0.0.0", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def hostile_cases(kind: str) -> dict[str, tuple[Any, dict[str, str]]]:
    """Name to (what makes the bytes, facts) of the shared set's cases of one kind; none where the set is absent."""
    path = SHARED / "tools" / "bad_inputs.py" if SHARED is not None else None
    if path is None or not path.exists():
        return {}
    spec = importlib.util.spec_from_file_location("bad_inputs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: (make, facts) for name, (of, _, make, facts) in module.CASES.items() if of == kind}


class Peak:
    """The memory of this process: how far it grew since the last `reset`, at most."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = _status("VmRSS")

    @property
    def growth_bytes(self) -> int:
        return _status("VmHWM") - self._before


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


@contextmanager
def running_flood() -> Iterator[int]:
    """The port of a server in a process of its own, on every loopback address: ``/<n>`` sends n bytes, from a
    gibibyte on without saying so."""
    flood = subprocess.Popen([sys.executable, "-c", _FLOOD], stdout=subprocess.PIPE, text=True)
    try:
        assert flood.stdout is not None
        yield int(flood.stdout.readline())
    finally:
        flood.kill()
        flood.communicate()
