"""Makes one run of a backfill: reads its archives, builds the articles of their pages, commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

from pipelines.archives.backfill_runs import BackfillRuns
from pipelines.archives.open_archive import open_archive
from pipelines.run.engine.run_pipeline import Plan
from pipelines.run.ingest import AskedRun, make_run
from pipelines.run.settings import IngestSettings
from schemas.run import RunManifest
from transforms.common.clock import Clock
from transforms.pages.warc.archive_file import ArchiveError
from transforms.pages.warc.archive_work import ArchivesAsked, GivenArchive
from transforms.pages.warc.page_of_record import instant_us
from transforms.pages.warc.records import first_date

_ASKED_AT_ONCE: Final = 16
"""Archives of which the first date is asked for at a time."""
_PEEK_BYTES: Final = 64 << 10


def make_backfill_run(
    asked: ArchivesAsked,
    output: str,
    settings: IngestSettings,
    shown_settings: Mapping[str, Any],
    beam_args: Sequence[str],
    clock: Clock,
    name_run: Callable[[str], None],
) -> RunManifest:
    """The manifest of one committed run over archives. Raises what `make_run` raises."""
    plan = Plan(settings, clock, tuple(beam_args), runs=BackfillRuns)
    earliest_us = _earliest_us(asked.archives, clock)
    run = AskedRun((), settings, "backfill", shown_settings, archives=asked, earliest_us=earliest_us)
    return make_run(run, output, plan, name_run)


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
