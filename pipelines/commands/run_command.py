"""Runs a subcommand of ``newsbeam``, and imports only what that subcommand needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from io import TextIOWrapper
from typing import TYPE_CHECKING

from pipelines.checks import INTERRUPTED, MISTAKE, TERMINATED, CommandError, Terminated, UsageError, unknown_option
from pipelines.config.precedence import TAKE_BEAM_OPTIONS
from pipelines.given.command_line import parsed
from pipelines.parser import command_parser, options_by_command
from pipelines.printable import plain

if TYPE_CHECKING:
    from pipelines.logs import RunLogs

_OTHERS = ("config", "extract", "feeds")
_LOOK_AFTER_LAKES = ("check", "compact", "forget", "retain", "verify")
_TELL_OF_ARTICLES = ("why", "diff")
_WRITE_FOR_OTHERS = ("export", "dedupe")
_TOLD_EVERY_S = 60.0
"""How often a backfill, which may go on for days, tells of the runs that it has committed."""


def run_command(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the subcommand, after running it.

    0: done and committed; 1: failed; 2: a user's mistake; 3: committed, but someone should look; 4: `check` has found
    something; 5: its message could not be delivered; 75: the lake is locked; 130: interrupted; 143: terminated, where
    the run's job on a cluster had to be ended first. A user's mistake, or a bug of ours outside a run, is one line on
    standard error.
    """
    parser = command_parser()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        given, rest = parsed(arguments, parser)
    except UsageError as error:
        print(f"newsbeam: {plain(str(error))}", file=sys.stderr)
        return MISTAKE
    name = f"newsbeam {given.command}"
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # terminals, or names, without Unicode
    try:
        status = _run(given, rest, options_by_command(parser))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, so that a full disk or a closed pipe is reported below
        return status
    except UsageError as error:
        print(f"{name}: {plain(str(error))}", file=sys.stderr)
        return MISTAKE
    except CommandError as error:
        print(f"{name}: {plain(str(error))}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has closed it
        _drop_output()
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        said = error.strerror or str(error).partition("\n")[0]
        print(f"{name}: {plain(f'{said}{where}')}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # it was the output that failed
            _drop_output()
        return 1
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        from pipelines.run.run_errors import last_word

        print(f"{name}: {plain(last_word(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        is_run = given.command in TAKE_BEAM_OPTIONS
        lost = "; nothing of this run was committed, the next one goes on" if is_run else ""
        print(f"newsbeam: interrupted{lost}", file=sys.stderr)
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED


def _drop_output() -> None:
    """Send the rest of the output nowhere; otherwise Python would fail again when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: argparse.Namespace, rest: Sequence[str], options: Mapping[str, Sequence[str]]) -> int:
    own = options[" ".join(filter(None, (given.command, getattr(given, f"{given.command}_command", None))))]
    if rest and given.command not in TAKE_BEAM_OPTIONS:
        raise UsageError(unknown_option(rest[0], own, options))
    if given.command == "report":
        from pipelines.commands.report.report import report

        return report(given)
    if given.command == "views":
        from pipelines.commands.views import views

        return views(given)
    if given.command == "files":
        from pipelines.commands.lake.files import files

        return files(given)
    if given.command == "register":
        from pipelines.commands.lake.register import register

        return register(given)
    if given.command == "repair":
        from pipelines.commands.lake.repair import repair

        return repair(given)
    if given.command in (*_LOOK_AFTER_LAKES, *_TELL_OF_ARTICLES):
        return _look_after(given)
    if given.command in _WRITE_FOR_OTHERS:
        return _write_for_others(given)
    if given.command in _OTHERS:
        return _other(given)
    from pipelines.logs import start_logging

    logs = start_logging(given.log_format, given.verbose)  # before the import of Beam, which logs at once
    if given.command == "workers":
        from pipelines.commands.workers import workers

        return workers(given)
    if given.command == "demo":
        from pipelines.commands.demo import demo

        return demo(given, logs)
    return _make_runs(given, rest, logs, options)


def _make_runs(
    given: argparse.Namespace, rest: Sequence[str], logs: RunLogs, options: Mapping[str, Sequence[str]]
) -> int:
    from pipelines.given.early import check_early

    check_early(given, rest, options)
    if given.command == "backfill":
        return _backfill(given, rest, logs, options)
    return _run_on_beam(given, rest, logs, options)


def _backfill(
    given: argparse.Namespace, rest: Sequence[str], logs: RunLogs, options: Mapping[str, Sequence[str]]
) -> int:
    """Beam is loaded only where a run is made, which may be another process."""
    from pipelines.commands.backfill.backfill import backfill
    from pipelines.telemetry.telemetry import telemetry_of

    if rest:
        from pipelines.run.beam_options import check_beam_options

        check_beam_options(rest, options[given.command], options)
    with telemetry_of(given, logs) as telemetry, telemetry.following(_TOLD_EVERY_S):
        return telemetry.run(partial(backfill, given, rest, logs))


def _run_on_beam(
    given: argparse.Namespace, rest: Sequence[str], logs: RunLogs, options: Mapping[str, Sequence[str]]
) -> int:
    from pipelines.loading import loading

    with loading():
        from pipelines.run.beam_options import check_beam_options
        from pipelines.start_workers import start_workers_early
        from pipelines.telemetry.telemetry import telemetry_of
        from transforms.common.freed_memory import keep_freed_memory_together

        if given.command == "rebuild":
            from pipelines.commands.lake.rebuild import rebuild
        else:
            start_workers_early(given.feeds, given.output, given.entities)  # loads beside Beam
            from pipelines.commands.run_once import run_once
            from pipelines.commands.stream import stream

    keep_freed_memory_together()  # before Beam's threads
    check_beam_options(rest, options[given.command], options)
    if given.command == "rebuild":
        return rebuild(given, rest)
    with telemetry_of(given, logs) as telemetry:
        if given.command == "stream":
            return stream(given, rest, logs, telemetry)
        return telemetry.run(partial(run_once, given, rest, logs))


def _other(given: argparse.Namespace) -> int:
    if given.command == "config":
        from pipelines.commands.config import config

        return config(given)
    if given.command == "extract":
        from pipelines.commands.extract import extract

        return extract(given)
    from pipelines.commands.feeds.feeds import feeds

    return feeds(given)


def _look_after(given: argparse.Namespace) -> int:
    if given.command == "check":
        from pipelines.commands.check.check import check

        return check(given)
    if given.command == "compact":
        from pipelines.commands.lake.compact import compact

        return compact(given)
    if given.command == "forget":
        from pipelines.commands.lake.forget import forget_command

        return forget_command(given)
    if given.command == "retain":
        from pipelines.commands.lake.retain import retain_command

        return retain_command(given)
    if given.command == "why":
        from pipelines.commands.why.why import why

        return why(given)
    if given.command == "diff":
        from pipelines.commands.why.diff import diff

        return diff(given)
    from pipelines.commands.lake.verify import verify_command

    return verify_command(given)


def _write_for_others(given: argparse.Namespace) -> int:
    if given.command == "dedupe":
        from pipelines.commands.dedupe.dedupe import dedupe

        return dedupe(given)
    if given.export_command == "articles":
        from pipelines.commands.export.articles import export_articles

        return export_articles(given)
    from pipelines.commands.export.export import export

    return export(given)
