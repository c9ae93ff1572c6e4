"""Makes one run after another until all archives are read: each is of bounded size, and committed for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.archives.backfill_runs import BackfillRuns
from pipelines.archives.open_archive import open_archive, size_of
from pipelines.run.engine.run_pipeline import Plan, RunPipeline
from pipelines.run.ingest import AskedRun, make_run
from pipelines.run.settings import IngestSettings
from schemas.run import RunManifest
from transforms.common.clock import Clock
from transforms.common.freed_memory import give_back_after_run
from transforms.lake.captured.read_archives import read_archives
from transforms.lake.files.storage import Storage
from transforms.pages.warc.archive_file import ArchiveError
from transforms.pages.warc.archive_work import MAX_RUN_PAGES, ArchivesAsked, GivenArchive
from transforms.pages.warc.filters import Filters
from transforms.pages.warc.page_of_record import instant_us
from transforms.pages.warc.records import first_date

_ASKED_AT_ONCE: Final = 16
"""Archives of which the size is asked for at a time."""
_PEEK_BYTES: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class BackfillAsked:
    """What a backfill is asked to do with its archives; see `ArchivesAsked`. `max_run_bytes` limits the archives of a
    run, but one is always read."""

    filters: Filters = field(default_factory=Filters)
    store_pages: bool = False
    max_run_pages: int = MAX_RUN_PAGES
    max_run_bytes: int = 2_000_000_000
    shown_settings: dict[str, Any] = field(default_factory=dict)


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
    output: str,
    asked: BackfillAsked,
    settings: IngestSettings,
    run_pipeline: RunPipeline,
    beam_args: Sequence[str] = (),
    clock: Clock | None = None,
    name_run: Callable[[str], None] | None = None,
) -> Iterator[RunManifest]:
    """The manifest of each committed run. Archives that a run leaves over are read by the next one.

    Raises what `make_run` raises; what was committed before stays so.
    """
    clock = clock or Clock()
    left = list(archives)
    while left:
        plan = Plan(settings, clock, tuple(beam_args), runs=BackfillRuns)
        batch = _first_of(left, asked.max_run_bytes)
        work = ArchivesAsked(tuple(batch), asked.filters, asked.store_pages, asked.max_run_pages)
        one = AskedRun(
            (), settings, "backfill", asked.shown_settings, archives=work, earliest_us=_earliest_us(batch, clock)
        )
        manifest = make_run(one, output, plan, name_run, run_pipeline)
        give_back_after_run()
        left = left[len(batch) - manifest.counts.get("archives.deferred", 0) :]
        yield manifest


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


def _earliest_us(archives: Sequence[GivenArchive], clock: Clock) -> int | None:
    """The earliest date with which one of the archives begins: what was fetched long before it is no former revision
    and no original. None if there is none, or none before now."""
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as threads:
        dates = list(threads.map(_first_date, (one.warc_file for one in archives)))
    found = [us for date in dates if date and (us := instant_us(date)) is not None]
    earliest = min(found, default=None)
    return None if earliest is None or earliest > clock.now_us() else earliest


def _first_date(warc_file: str) -> str | None:
    try:
        with closing(open_archive(warc_file)) as file:
            return first_date(file.read(0, min(_PEEK_BYTES, file.size_bytes)))
    except ArchiveError:
        return None
