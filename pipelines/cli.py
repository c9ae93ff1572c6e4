"""The ``newsbeam`` command: it starts the subcommand that was named. Imports wait until it is known which."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pipelines.options import UsageError
from pipelines.parser import command_parser

_TAKE_BEAM_OPTIONS = ("ingest", "stream")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and give its exit status.

    0: done and committed; 1: failed; 2: a mistake; 3: committed, but someone should look; 75: the lake is locked;
    130: interrupted.
    """
    parser = command_parser()
    given, rest = parser.parse_known_args(arguments)
    if rest and given.command not in _TAKE_BEAM_OPTIONS:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if not getattr(given, "output", "lake").strip():
            raise UsageError("--output is empty: name the folder of the lake")
        return _run(given, rest)
    except UsageError as error:
        print(f"newsbeam {given.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("newsbeam: interrupted; nothing of this run was committed, the next one goes on", file=sys.stderr)
        return 130


def _run(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    if given.command == "report":
        from pipelines.report import report

        return report(given)
    if given.command == "repair":
        from pipelines.repair import repair

        return repair(given)
    if given.command == "extract":
        from pipelines.extract import extract

        return extract(given)
    if given.command == "feeds":
        from pipelines.feeds import feeds

        return feeds(given)
    from pipelines.logs import start_logging

    logs = start_logging(given.log_format, given.verbose)  # before Beam is imported, which logs at once
    if given.command == "demo":
        from pipelines.demo import demo

        return demo(given, logs)
    if given.command == "stream":
        from pipelines.stream import stream

        return stream(given, beam_args, logs)
    from pipelines.run_once import run_once

    return run_once(given, beam_args, logs)


if __name__ == "__main__":
    sys.exit(main())
