"""What each subcommand does with its options. Imports are made where they are needed: `report` loads no Beam."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import options
from pipelines.options import UsageError

if TYPE_CHECKING:
    from pipelines.logs import RunLogs
    from schemas.feed import FeedSpec
    from schemas.run import RunManifest


def run(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    """Run the subcommand that was named; its exit status."""
    if given.command == "ingest":
        return _ingest(given, beam_args)
    if given.command == "stream":
        return _stream(given, beam_args)
    if given.command == "report":
        return _report(given)
    if given.command == "extract":
        return _extract(given)
    return _demo(given)


def _ingest(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    from pipelines.logs import start_logging

    return ingest_once(given, beam_args, start_logging(given.log_format, given.verbose))


def ingest_once(given: argparse.Namespace, beam_args: Sequence[str], logs: RunLogs) -> int:
    """One bounded run with its report on standard output; the exit status. UsageError for a user's mistake."""
    specs = read_feeds(given.feeds)
    settings = options.ingest_settings(given, beam_args, [spec.url for spec in specs])
    clock = options.clock_of(given)
    from pipelines.ingest import RunFailedError, ingest
    from pipelines.logs import shown_progress
    from transforms.lake.lock import LakeLockedError

    try:
        with shown_progress():
            shown = options.shown_settings(given, beam_args)
            manifest = ingest(specs, given.output, settings, beam_args, clock, shown, logs.name_run)
    except LakeLockedError as error:
        raise UsageError(str(error)) from None
    except RunFailedError as error:
        print(f"newsbeam {given.command}: not committed: {error}", file=sys.stderr)
        return 1
    _print_run(manifest, given.json)
    return 0


def _print_run(manifest: RunManifest, as_json: bool) -> None:
    from pipelines.report import print_run

    if as_json:
        print(json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True))
    else:
        print_run(manifest)


def _stream(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    from pipelines.stream import stream

    return stream(given, beam_args)


def _report(given: argparse.Namespace) -> int:
    from pipelines.report import read_run

    manifest = read_run(given.output, given.run)
    _print_run(manifest, given.json)
    return 0


def _extract(given: argparse.Namespace) -> int:
    from pipelines.extract import extract

    return extract(given)


def _demo(given: argparse.Namespace) -> int:
    from pipelines.demo import demo

    return demo(given)


def read_feeds(path: str) -> list[FeedSpec]:
    """The feeds of a list file. UsageError when it cannot be read."""
    from transforms.feeds.feed_list import FeedListError, read_feed_list

    try:
        return read_feed_list(Path(path).read_bytes(), path)
    except OSError as error:
        raise UsageError(f"cannot read the feed list {path}: {error.strerror}") from None
    except FeedListError as error:
        raise UsageError(str(error)) from None
