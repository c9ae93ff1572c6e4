"""Lists the files below a local folder, skipping what cannot be ours."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

_BEING_WRITTEN = re.compile(r"#\d+\Z", re.ASCII)
"""The end of the name of a file that is still being written, like ``#1``."""


def local_files(root: Path, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The path (relative to `root`) and entry of each plain file below `root/prefix`, in no order.

    An entry's `stat` costs a question to the disk, and may raise FileNotFoundError. Links are followed. Skipped are
    names that are not text or hold control characters (``Icon\\r``, which a Mac leaves in folders), dead links, links
    that lead back into their own folder, pipes, and files that vanish during the
    listing. Raises OSError if a folder cannot be read.
    """
    start = root / prefix
    if start.is_file():
        return
    try:
        yield from _below(start, prefix, (os.path.realpath(start),))
    except FileNotFoundError:
        return


def _below(folder: Path, path: str, ancestors: tuple[str, ...]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        for one in found:
            if not _can_be_ours(one.name):
                continue
            below = f"{path}/{one.name}" if path else one.name
            try:
                if one.is_file():
                    yield below, one
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
