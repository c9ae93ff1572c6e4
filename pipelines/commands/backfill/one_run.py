"""One run of a backfill, from the options of the command to its manifest."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.archives.backfill import NotMade
from pipelines.archives.backfill_options import shown
from pipelines.checks import LOCKED, MISTAKE, UsageError
from pipelines.given.config_choices import config_shown
from pipelines.loading import loading
from schemas.run import RunManifest
from transforms.common.clock import Clock
from transforms.lake.files.lock import LakeLockedError
from transforms.pages.warc.archive_work import ArchivesAsked, GivenArchive
from transforms.pages.warc.filters import Filters


@dataclass(frozen=True, slots=True)
class GivenRun:
    """What a run is made from: the command's options, Beam's, and the archives. Pickles."""

    given: argparse.Namespace
    beam_args: tuple[str, ...]
    archives: tuple[GivenArchive, ...]
    clock: Clock


def one_run(run: GivenRun, name_run: Callable[[str], None]) -> RunManifest | NotMade:
    """The manifest of the run, which is committed, or why it is not. Loads Beam, and calls `name_run` with the run's id
    as soon as it is known. Raises KeyboardInterrupt if the run was interrupted.
    """
    with loading():
        from pipelines.start_workers import start_workers  # noqa: PLC0415

        start_workers(run.given.entities)  # loads beside Beam
        from pipelines.archives.backfill_run import make_backfill_run  # noqa: PLC0415
        from pipelines.commands.run_once import told_of_termination, why_not  # noqa: PLC0415
        from pipelines.given.run_settings import build_settings  # noqa: PLC0415
        from pipelines.logs import shown_progress  # noqa: PLC0415
        from transforms.common.freed_memory import keep_freed_memory_together  # noqa: PLC0415

    keep_freed_memory_together()  # before Beam's threads
    given, beam_args = run.given, run.beam_args
    try:
        with shown_progress(), told_of_termination(beam_args):
            return make_backfill_run(
                _asked(run),
                given.output,
                build_settings(given, beam_args),
                shown(given) | config_shown(given, beam_args),
                beam_args,
                run.clock,
                name_run,
            )
    except LakeLockedError as error:
        return NotMade(LOCKED, str(error))
    except UsageError as error:
        return NotMade(MISTAKE, str(error))
    except Exception as error:
        return NotMade(1, why_not(error))


def _asked(run: GivenRun) -> ArchivesAsked:
    given = run.given
    filters = Filters(
        hosts=tuple(given.hosts),
        since_us=None if given.since is None else round(given.since.timestamp() * 1_000_000),
        until_us=None if given.until is None else round(given.until.timestamp() * 1_000_000),
        languages=tuple(given.languages),
        sample=given.sample,
    )
    return ArchivesAsked(run.archives, filters, given.store_pages, given.max_run_pages)
