"""What the last message of ``newsbeam check`` told of, in a file of the user's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from pipelines.checks import CommandError, UsageError, read_input
from pipelines.given.whole_file import write_whole

Key = tuple[str, str]
"""A finding's rule and subject."""


def remembered(file: str) -> frozenset[Key]:
    """What the file holds; nothing if it is not there or empty. Raises UsageError if it holds anything else, since the
    next message would overwrite it.
    """
    if not os.path.lexists(file):
        return frozenset()
    data = read_input(file)
    try:
        told = json.loads(data)["told"] if data.strip() else ()
        return frozenset((str(rule), str(subject)) for rule, subject in told)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UsageError(f"{file} was not written by --remember: remove it, or give another name") from None


def remember(file: str, keys: Iterable[Key]) -> None:
    """Write what was told, as a whole or not at all. Raises CommandError."""
    try:
        write_whole(file, (json.dumps({"told": sorted(keys)}, indent=1) + "\n").encode())
    except UsageError as error:
        raise CommandError(f"{error}; the message is sent again") from None
