"""The lake that a command is given: it must be there, and what cannot be read of it is told in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pipelines.checks import CommandError, UsageError
from schemas.run import ManifestError, RunManifest
from transforms.lake.committed import committed_runs
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.storage import DamagedPartError, Storage, StorageError

Read = TypeVar("Read")


def lake_at(output: str) -> Storage:
    """An existing lake. Raises UsageError if there is none; no folder is created."""
    storage = Storage(output, must_exist=True)
    if storage.folder is not None and not storage.folder.is_dir():
        raise UsageError(f"there is no lake at {output}")
    return storage


def runs_of(storage: Storage, output: str) -> list[str]:
    """The ids of a lake's committed runs, in order of time. Raises UsageError if there is none, and names the lake
    that lies in the folder, if one does."""
    runs = committed_runs(storage)
    if runs:
        return runs
    inside = [] if storage.folder is None else sorted(path.parent.name for path in storage.folder.glob("*/runs"))
    hint = f"; did you mean {output.rstrip('/')}/{inside[0]}?" if inside else ""
    raise UsageError(f"no run has been committed to {output} yet{hint}")


def read_run(output: str, run_id: str | None) -> RunManifest:
    """A committed run's manifest, by default the newest. Raises UsageError if there is no such run."""
    storage = lake_at(output)
    runs = runs_of(storage, output)
    if run_id is not None and run_id not in runs:
        raise UsageError(f"no committed run or edition {run_id} in {output}; the newest are: {', '.join(runs[-5:])}")
    return read_manifest(storage, run_id or runs[-1])


def read_again(read: Callable[[], Read]) -> Read:
    """What `read` gives, which is called again if a file could not be read: a run may have tidied up meanwhile."""
    try:
        return read()
    except DamagedPartError:
        return read()


@contextmanager
def reading_lake() -> Iterator[None]:
    """Turns the errors of an unreachable lake or a damaged file into a CommandError of one line."""
    try:
        yield
    except (ManifestError, DamagedPartError, StorageError) as error:
        raise CommandError(str(error)) from error
