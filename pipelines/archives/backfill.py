"""Takes the archives of a backfill run by run until all are read: each run is bounded, and committed for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from pipelines.archives.open_archive import size_of
from schemas.run import RunManifest
from transforms.lake.captured.read_archives import read_archives
from transforms.lake.files.storage import Storage
from transforms.pages.warc.archive_work import GivenArchive

_ASKED_AT_ONCE: Final = 16
"""Archives of which the size is asked for at a time."""


class NotMade(NamedTuple):
    """Why a run was not committed: the exit status that its command ends with, and one line."""

    status: int
    why: str


def left_to_read(warc_files: Sequence[str], output: str, again: bool = False) -> list[GivenArchive]:
    """Those of the archives that no committed run has read, at the size that they have now; in the same order.

    With `again` all of them: captures that the lake has are known, so nothing comes twice.
    """
    done = {} if again else read_archives(Storage(output))
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as threads:
        given = [
            GivenArchive(name, size) for name, size in zip(warc_files, threads.map(size_of, warc_files), strict=True)
        ]
    return [one for one in given if not {one.size_bytes, None} & done.get(one.warc_file, frozenset())]


def backfill(
    archives: Sequence[GivenArchive],
    max_run_bytes: int,
    make_run: Callable[[Sequence[GivenArchive]], RunManifest | NotMade],
) -> Iterator[RunManifest | NotMade]:
    """What became of each run, until all archives are read or a run is not made. Those that a run leaves over are read
    by the next one. Archives of a run are together no larger than `max_run_bytes`, but one is always read."""
    left = list(archives)
    while left:
        batch = _first_of(left, max_run_bytes)
        made = make_run(batch)
        yield made
        if isinstance(made, NotMade):
            return
        left = left[len(batch) - made.counts.get("archives.deferred", 0) :]


def _first_of(archives: Sequence[GivenArchive], max_bytes: int) -> list[GivenArchive]:
    """The first archives, at least one, that are together no larger than `max_bytes`."""
    batch: list[GivenArchive] = []
    size = 0
    for archive in archives:
        size += archive.size_bytes or 0
        if batch and size > max_bytes:
            break
        batch.append(archive)
    return batch
