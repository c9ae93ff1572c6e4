"""Writes and reads the folders of a feed as a path, ``Papers/Norway``; a slash in a name is escaped by a backslash."""

from __future__ import annotations

import re

MAX_DEPTH = 16
"""The most folders of a path; deeper ones are dropped: no feed reader shows them, and nobody makes them by hand."""

_NAME = re.compile(r"(?:[^\\/]|\\.|\\$)+", re.S)
_ESCAPED = re.compile(r"\\([\\/])")
_SIGN = re.compile(r"[\\/]")


def path_of(folders: tuple[str, ...]) -> str | None:
    """The path of a feed in its list; None for a feed outside all folders."""
    return "/".join(_SIGN.sub(r"\\\g<0>", name) for name in folders) or None


def folders_of(path: str | None) -> tuple[str, ...]:
    """The folders that a path names, outermost first; empty names are skipped."""
    names = (_ESCAPED.sub(r"\1", name).strip() for name in _NAME.findall(path or ""))
    return tuple(name for name in names if name)[:MAX_DEPTH]
