"""The files below a local folder, whatever others have put between them."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

_BEING_WRITTEN = re.compile(r"#\d+\Z", re.ASCII)
"""What the names of objects that are not whole yet end in."""


def local_files(root: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """The path below `root` and the state of each plain file below `root/prefix`, in no order.

    Links are followed. What no name of ours can be is left aside: names that are no text or hold control characters
    (``Icon\\r``, which a Mac leaves in folders), dead links, links that lead back into themselves, pipes. What goes
    while we look is not there. Raises OSError where a folder cannot be read.
    """
    start = root / prefix
    if start.is_file():
        return
    try:
        yield from _below(start, prefix, (os.path.realpath(start),))
    except FileNotFoundError:
        return


def _below(folder: Path, path: str, ancestors: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as found:
        for one in found:
            if not _can_be_ours(one.name):
                continue
            below = f"{path}/{one.name}" if path else one.name
            try:
                if one.is_file():
                    yield below, one.stat()
                elif one.is_dir():
                    real = os.path.realpath(one.path)
                    if not one.is_symlink() or not any(_is_within(ancestor, real) for ancestor in ancestors):
                        yield from _below(Path(one.path), below, (*ancestors, real))
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ELOOP):
                    raise


def _can_be_ours(name: str) -> bool:
    return name.isprintable() and _BEING_WRITTEN.search(name) is None


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
