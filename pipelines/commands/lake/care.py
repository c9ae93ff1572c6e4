"""What the commands that change a lake without a run share: the lock, the clock, and one line for each error."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import Final

from pipelines.checks import CommandError
from pipelines.commands.report.report import lake_at
from pipelines.logs import shown_progress
from pipelines.printable import plain
from schemas.run import ManifestError
from transforms.lake.accounts import AccountsError
from transforms.lake.files.lock import LakeGoneError, LakeLockedError, LockLostError, lake_lock
from transforms.lake.files.parts import DamagedPartError
from transforms.lake.files.storage import Storage, StorageError

LOCKED: Final = os.EX_TEMPFAIL
LOOK: Final = 3

_TROUBLE = (StorageError, LakeGoneError, LockLostError, DamagedPartError, ManifestError, AccountsError)


def now_us_of(given: argparse.Namespace) -> int:
    """The instant of ``--now``, or now, in microseconds."""
    return time.time_ns() // 1000 if given.now is None else round(given.now.timestamp() * 1_000_000)


def under_lock(given: argparse.Namespace, do: Callable[[Storage, int], int]) -> int:
    """The exit status of `do`, called with the lake and the generation of its lock; 75 if another run holds it.

    Raises CommandError (status 1) if the lake cannot be read or written, UsageError if there is none.
    """
    storage = lake_at(given.output)
    try:
        with shown_progress(), lake_lock(storage, given.command) as generation:
            return do(storage, generation)
    except LakeLockedError as error:
        print(f"newsbeam {given.command}: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except _TROUBLE as error:
        raise CommandError(str(error)) from error


def size(size_bytes: int) -> str:
    """A size for people, like ``12.3 MB``."""
    return f"{size_bytes / 1e6:,.1f} MB"
