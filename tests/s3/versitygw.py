"""The S3 server of these tests: versitygw, built from the Go module proxy, over a folder: ``python -m`` builds it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.loopback_stores import ENVIRONMENT, KEY_ID, SECRET

VERSION = "v1.8.0"
TOOLS = Path(__file__).resolve().parents[2] / ".tools"
_PROGRAM = TOOLS / f"versitygw-{VERSION}" / "versitygw"
_LOGGED = re.compile(r" s3_(?P<operation>\w+) \S+ (?P<address>/\S*) (?P<status>\d{3}) ")


def program() -> Path | None:
    """The server's program, built if it is not there; None where Go is missing."""
    if _PROGRAM.exists():
        return _PROGRAM
    go = shutil.which("go")
    if go is None:
        return None
    command = [go, "install", f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"]
    subprocess.run(command, env=os.environ | {"GOBIN": str(_PROGRAM.parent), "GOFLAGS": ""}, check=True, timeout=900)
    return _PROGRAM


class S3Server:
    """A running server on loopback, at `address`. A folder below `folder` is a bucket, a file in it an object.

    `keeps_alive`: it answers several requests on one connection. Of the uploads that pyarrow's client makes in parts
    it then refuses some two in a hundred, whose last request it cannot parse.
    """

    def __init__(self, folder: Path, keeps_alive: bool = True) -> None:
        self.folder = folder / "buckets"
        self._log = folder / "access.log"
        self._options = ("--keep-alive",) if keeps_alive else ()
        self.folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        path = program()
        assert path is not None
        command = [path, "--port", f"127.0.0.1:{self._port}", "--quiet", *self._options]
        command += ["--access-log", self._log, "posix", self.folder]
        secrets = {"ROOT_ACCESS_KEY": KEY_ID, "ROOT_SECRET_KEY": SECRET}
        self._process = subprocess.Popen(
            command, env=os.environ | secrets, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(400):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return self
            assert self._process.poll() is None, "versitygw has ended"
            time.sleep(0.05)
        raise TimeoutError("versitygw does not listen")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()  # asked to end, it waits for ten seconds
        self._process.wait(timeout=20)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server does not run in the block; what was stored is there again behind it."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()

    def bucket(self, name: str) -> Path:
        """The folder of a new bucket."""
        (self.folder / name).mkdir()
        return self.folder / name

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to reach this server, and nobody else."""
        return ENVIRONMENT | {"AWS_ENDPOINT_URL": self.address}

    def forget(self) -> None:
        """Begin the log of requests anew."""
        os.truncate(self._log, 0)

    def requests(self) -> Counter[str]:
        """How many requests were made: by operation, and those for locks once more as ``lock …``."""
        found: Counter[str] = Counter()
        for logged in _LOGGED.finditer(self._log.read_text()):
            found[logged["operation"]] += 1
            if re.search(r"_state(/|%2F)lock", logged["address"]):
                found[f"lock {logged['operation']}"] += 1
        return found


if __name__ == "__main__":
    print(program() or "Go is missing, so versitygw cannot be built")
