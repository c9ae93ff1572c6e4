"""Files of the user's that are replaced as a whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pipelines.checks import UsageError


def write_whole(name: str, data: bytes) -> None:
    """Write a local file as a whole or, after an error, not at all. Raises UsageError."""
    unfinished = Path(f"{name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(name)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UsageError(f"cannot write {name}: {error.strerror}") from None
