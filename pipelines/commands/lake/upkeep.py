"""What all commands that change a lake without a run have in common: its lock, its views, their exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from pipelines.checks import LOCKED, CommandError
from pipelines.given.lakes import lake_at, runs_of
from pipelines.given.times import clock_of
from pipelines.printable import plain
from schemas.run import ManifestError
from transforms.lake.accounts import AccountsError
from transforms.lake.committed import committed
from transforms.lake.files.lock import LakeGoneError, LakeLockedError, LockLostError, lake_lock
from transforms.lake.files.storage import DamagedPartError, Storage, StorageError
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.views import write_views


def upkeep(given: argparse.Namespace, work: Callable[[Storage, int, int], None]) -> int:
    """0 after `work` (which takes lake, generation and now) has changed the lake under its lock, and its views follow.

    75 if a run holds the lake. Raises CommandError (status 1) if the lake cannot be read or written, and UsageError
    without a committed run.
    """
    storage = lake_at(given.output)
    try:
        runs_of(storage, given.output)
        with lake_lock(storage, given.command) as generation:
            now_us = clock_of(given).now_us()
            finish_forgetting(storage, now_us)  # before others delete the list of files that tells what is left to do
            work(storage, generation, now_us)
            write_views(committed(storage))
    except LakeLockedError as error:
        print(f"newsbeam {given.command}: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except (StorageError, LakeGoneError, LockLostError, DamagedPartError, ManifestError, AccountsError) as error:
        raise CommandError(str(error)) from error
    return 0
