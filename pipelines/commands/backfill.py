"""``newsbeam backfill``: the pages of WARC files into the lake, in runs of bounded size."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing

from pipelines.archives.backfill import BackfillAsked, left_to_read
from pipelines.archives.backfill import backfill as backfilled
from pipelines.archives.backfill_options import shown
from pipelines.checks import INTERRUPTED, LOCKED, LOOK, TERMINATED, CommandError, Terminated, UsageError
from pipelines.commands.report.report import print_run
from pipelines.commands.run_once import told_of_termination, why_not
from pipelines.given.config_choices import config_shown
from pipelines.given.run_settings import build_settings
from pipelines.given.times import clock_of
from pipelines.logs import RunLogs, shown_progress
from pipelines.printable import json_text, plain
from pipelines.run.engine.run_pipeline import WarmPipeline
from schemas.run import ATTENTION, RunManifest
from transforms.lake.files.lock import LakeLockedError
from transforms.lake.files.storage import DamagedPartError, StorageError
from transforms.pages.warc.archive_work import GivenArchive
from transforms.pages.warc.filters import Filters

_GOES_ON = "run again: it goes on with the files not yet read"


def backfill(given: argparse.Namespace, beam_args: Sequence[str], logs: RunLogs) -> int:
    """The exit status of reading all archives that `check_early` found and no run has read, run by run; prints
    what each run did.

    After an error the runs before it stay committed, and the same command goes on behind them. Raises UsageError for a
    user's mistake, and CommandError if the lake cannot be read.
    """
    names = given.archives
    try:
        left = left_to_read(names, given.output, given.again)
    except (StorageError, DamagedPartError) as error:
        raise CommandError(str(error)) from error
    done: list[RunManifest] = []
    status = _runs(given, beam_args, logs, left, done)
    _show_all(given, names, len(names) - len(left), done)
    return status if status or not any(one.attention for one in done) else LOOK


def _runs(
    given: argparse.Namespace,
    beam_args: Sequence[str],
    logs: RunLogs,
    left: Sequence[GivenArchive],
    done: list[RunManifest],
) -> int:
    """The exit status of the runs; each that was committed is printed, and added to `done`."""
    warm = WarmPipeline(kept_bytes=0)  # its runs are long: what they read of the state is not worth its memory
    settings = build_settings(given, beam_args)
    try:
        with closing(warm), shown_progress(), told_of_termination(beam_args):
            for manifest in backfilled(
                left,
                given.output,
                _asked(given, beam_args),
                settings,
                warm,
                beam_args,
                clock_of(given),
                logs.name_run,
            ):
                done.append(manifest)
                if not given.json:
                    print_run(manifest)
    except LakeLockedError as error:
        print(f"newsbeam backfill: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except UsageError:
        raise
    except KeyboardInterrupt as stop:
        print(f"newsbeam backfill: interrupted after {len(done)} run(s); {_GOES_ON}", file=sys.stderr)
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except Exception as error:
        logs.failure = why_not(error)
        print(f"newsbeam backfill: not committed: {plain(logs.failure)}; {_GOES_ON}", file=sys.stderr)
        return 1
    return 0


def _asked(given: argparse.Namespace, beam_args: Sequence[str]) -> BackfillAsked:
    filters = Filters(
        hosts=tuple(given.hosts),
        since_us=None if given.since is None else round(given.since.timestamp() * 1_000_000),
        until_us=None if given.until is None else round(given.until.timestamp() * 1_000_000),
        languages=tuple(given.languages),
        sample=given.sample,
    )
    return BackfillAsked(
        filters=filters,
        store_pages=given.store_pages,
        max_run_pages=given.max_run_pages,
        max_run_bytes=given.max_run_mb * 1_000_000,
        shown_settings=shown(given) | config_shown(given, beam_args),
    )


def _show_all(given: argparse.Namespace, names: Sequence[str], before: int, done: Sequence[RunManifest]) -> None:
    """Print the sum of all runs: a line for people, or one JSON object on the last line."""
    counts, reasons, tables = Counter[str](), Counter[str](), Counter[str]()
    for one in done:
        counts.update(one.counts)
        reasons.update(one.reasons)
        tables.update(one.tables)
    attention = [f"{counts[name]} {what}" for name, what in ATTENTION.items() if counts[name]]
    if given.json:
        runs = [one.run_id for one in done]
        result = {
            "output": given.output,
            "archives": len(names),
            "read_before": before,
            "runs": runs,
            "counts": counts,
            "reasons": reasons,
            "tables": tables,
            "attention": attention,
        }
        print(json_text(result, sort_keys=True))
        return
    said = f"{len(names)} archive(s): {before} read before, {counts['archives.read']} read now in {len(done)} run(s)"
    failed = counts["archives.failed"]
    print(f"{said}, {counts['records.page']} new page(s)" + (f", {failed} archive(s) failed" if failed else ""))
    if before and (given.hosts or given.since or given.until or given.languages or given.sample is not None):
        print("What was read before is passed over, also with other filters: --again reads it once more.")
