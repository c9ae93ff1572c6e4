"""The options of ``newsbeam backfill``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from pipelines.checks import lake, number, whole
from pipelines.given.times import moment
from pipelines.options import add_build, add_logging, add_run
from pipelines.telemetry.options import add_telemetry

SHOWN: Final = (
    "warc", "output", "prefix", "hosts", "since", "until", "languages", "sample", "again", "store_pages",
    "max_run_pages", "max_run_mb", "copies_horizon_days", "keep_links", "stories_across_languages",
    "entities",
)  # fmt: skip
"""The options that the manifest records."""


def add_backfill(parser: argparse.ArgumentParser) -> None:
    """Add the options of a backfill; unknown options are passed on to Beam."""
    parser.add_argument(
        "--warc",
        required=True,
        nargs="+",
        action="extend",
        metavar="GLOB|LIST|URL",
        help="WARC files (plain, gzip, zstd): names, globs, URIs of stores or https, or a text file with one a line",
    )
    parser.add_argument(
        "--output", required=True, type=lake, metavar="LAKE", help="folder of the lake; made if it is not there"
    )
    parser.add_argument("--prefix", default="", metavar="P", help="put before each relative path of a list")
    group = parser.add_argument_group("which pages")
    group.add_argument(
        "--hosts", type=_list, default=(), metavar="HOST,…", help="of these hosts or registrable domains only"
    )
    group.add_argument("--since", type=moment, metavar="DAY|ISO|90d", help="captured then or later")
    group.add_argument("--until", type=moment, metavar="DAY|ISO|90d", help="captured before then")
    group.add_argument(
        "--languages",
        type=_list,
        default=(),
        metavar="LANG,…",
        help="not those that say in Content-Language, or in <html lang> within their first KB, that they are in others",
    )
    group.add_argument(
        "--sample", type=number(0, 1), metavar="SHARE", help="a share of the pages, chosen by address: 0.01"
    )
    group.add_argument(
        "--again", action="store_true", help="also of archives that were read before, such as with other filters"
    )
    group = parser.add_argument_group("the runs")
    group.add_argument("--store_pages", action="store_true", help="keep the pages' bytes in the lake too")
    group.add_argument(
        "--max_run_pages",
        type=whole(1, 1_000_000),
        default=10_000,
        metavar="N",
        help="begin no file in a run that has found N pages (default 10000)",
    )
    group.add_argument(
        "--max_run_mb",
        type=whole(1, 1_000_000),
        default=2_000,
        metavar="MB",
        help="files of a run together, but always one (default 2000)",
    )
    add_build(group)
    add_run(group)
    add_telemetry(parser)
    add_logging(parser)


def _list(text: str) -> tuple[str, ...]:
    words = tuple(filter(None, (word.strip().lower() for word in text.split(","))))
    if not words:
        raise argparse.ArgumentTypeError(f"{text!r} names nothing")
    return words


def shown(given: argparse.Namespace, plain: Callable[[Any], Any] = str) -> dict[str, Any]:
    """The options as the manifest records them."""
    values = {name: getattr(given, name) for name in SHOWN}
    return {name: plain(value) if name in ("since", "until") and value else value for name, value in values.items()}
