"""``newsbeam backfill``: the pages of WARC files into the lake, in runs of bounded size."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from pipelines.archives.backfill import NotMade, left_to_read
from pipelines.archives.backfill import backfill as backfilled
from pipelines.checks import INTERRUPTED, LOCKED, LOOK, MISTAKE, TERMINATED, CommandError, Terminated, UsageError
from pipelines.commands.backfill.one_run import GivenRun, one_run
from pipelines.commands.backfill.own_process import run_in_own_process
from pipelines.commands.report.report import print_run
from pipelines.given.times import clock_of
from pipelines.logs import RunLogs
from pipelines.printable import json_text, plain
from schemas.run import ATTENTION, RunManifest
from transforms.common.clock import Clock
from transforms.lake.files.storage import DamagedPartError, StorageError
from transforms.pages.warc.archive_work import GivenArchive

_SMALL_BYTES: Final = 256_000_000
"""So much is read in this process, if it is a single run: what that leaves behind ends with the command too. A process
of its own takes 2 s and some 60 MiB."""
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
    max_run_bytes = given.max_run_mb * 1_000_000
    has_own = _is_large(left, min(max_run_bytes, _SMALL_BYTES)) and _runs_here(beam_args)
    make = partial(_run, given, tuple(beam_args), clock_of(given), logs, has_own)
    try:
        for made in backfilled(left, max_run_bytes, make):
            if isinstance(made, NotMade):
                return _say_not_made(made, logs, len(done))
            done.append(made)
            if not given.json:
                print_run(made)
    except KeyboardInterrupt as stop:
        return _say_not_made(NotMade(TERMINATED if isinstance(stop, Terminated) else INTERRUPTED, ""), logs, len(done))
    return 0


def _run(
    given: argparse.Namespace,
    beam_args: tuple[str, ...],
    clock: Clock,
    logs: RunLogs,
    has_own: bool,
    archives: Sequence[GivenArchive],
) -> RunManifest | NotMade:
    run = GivenRun(given, beam_args, tuple(archives), clock)
    return run_in_own_process(run, logs) if has_own else one_run(run, logs.name_run)


def _is_large(archives: Sequence[GivenArchive], small_bytes: int) -> bool:
    sizes = [one.size_bytes for one in archives]
    return None in sizes or sum(filter(None, sizes)) > small_bytes


def _runs_here(beam_args: Sequence[str]) -> bool:
    """Whether the steps run on this machine; else their memory is a cluster's."""
    if not beam_args:  # without Beam, which would take memory beside each run
        return True
    from apache_beam.options.pipeline_options import PipelineOptions  # noqa: PLC0415

    from pipelines.run.runners import is_local  # noqa: PLC0415

    return is_local(PipelineOptions(list(beam_args)))


def _say_not_made(made: NotMade, logs: RunLogs, done: int) -> int:
    """The exit status, after saying why there is no further run. Raises UsageError for a user's mistake."""
    if made.status == MISTAKE:
        raise UsageError(made.why)
    if made.status in (INTERRUPTED, TERMINATED):
        said = f"interrupted after {done} run(s); {_GOES_ON}"
    elif made.status == LOCKED:
        said = plain(made.why)
    else:
        logs.failure = made.why
        said = f"not committed: {plain(made.why)}; {_GOES_ON}"
    print(f"newsbeam backfill: {said}", file=sys.stderr)
    return made.status


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
