"""The command as a user types it, without the seconds that a new interpreter takes to import Beam."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

from pipelines.cli import main


def newsbeam(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What the command returns and says, run in this process, in `folder` if one is given.

    Whatever needs a process of its own (signals, a terminal, a closed input, what imports say, an end with all threads)
    is tested with `COMMAND`.
    """
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with chdir(folder or "."), logging_as_it_was(), redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return subprocess.CompletedProcess(arguments, status, *(_written(stream) for stream in (out, err)))


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Undoes what `start_logging` does in the block."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, root.manager.loggerDict))}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        logging.captureWarnings(False)
        for name in list(root.manager.loggerDict):
            logger = logging.getLogger(name)
            logger.setLevel(levels.get(logger, logging.NOTSET))
        root.setLevel(levels[root])
