"""The options of the subcommands that look after a lake."""

from __future__ import annotations

import argparse
import re

from pipelines import options
from pipelines.checks import day, instant, lake, whole

TARGET_MB = 128
"""As much as readers like to read at a time, and what Spark reads by default as one piece."""


TABLES = ("articles", "pages", "failures", "feed_polls")
"""The tables for readers. Their declarations are not imported here: `--help` need not wait for Arrow."""

FOREVER = "forever"
_KEPT = {
    "pages": "pages as fetched; articles cannot be built anew from what is gone",
    "articles": "articles, by the day of publication",
    "failures": "failures",
    "feed_polls": "polls of feeds",
}


def kept_days(text: str) -> int:
    """An option's type: ``90d`` in days, 0 for ``forever``."""
    match = re.fullmatch(r"([1-9]\d{0,4})d", text.strip())
    if match is None and text.strip() != FOREVER:
        raise argparse.ArgumentTypeError(f"{text!r} is no time to keep: write it like 90d, or {FOREVER}")
    return int(match[1]) if match else 0


def add_retain(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam retain``."""
    add_upkeep(parser)
    for table, what in _KEPT.items():
        parser.add_argument(f"--{table}", type=kept_days, metavar=f"90d|{FOREVER}", help=f"how long to keep {what}")
    parser.add_argument("--dry_run", action="store_true", help="say what would go, and change nothing")


def add_forget(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam forget``."""
    _add_lake(parser)
    parser.add_argument("what", nargs="*", metavar="URL|DOMAIN", help="an address, or a domain with all hosts below it")
    parser.add_argument("--reason", metavar="TEXT", help="why, for the record")
    parser.add_argument("--list", action="store_true", help="show what was forgotten, and forget nothing")
    parser.add_argument("--dry_run", action="store_true", help="say what would go, and change nothing")


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam verify``."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")


def add_compact(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam compact``."""
    add_upkeep(parser)
    parser.add_argument(
        "--target_mb",
        type=whole(1, 100_000),
        default=TARGET_MB,
        metavar="N",
        help=f"leave files of this size alone, and make none larger (default {TARGET_MB})",
    )
    parser.add_argument("--all", action="store_true", help="also the partitions of today, to which runs still write")


def add_rebuild(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam rebuild``; unknown options are passed on to Beam."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    group = parser.add_argument_group("which pages")
    group.add_argument("--since", type=day, metavar="DAY", help="only pages fetched from this UTC day on")
    group.add_argument("--until", type=day, metavar="DAY", help="only pages fetched until the end of this UTC day")
    group.add_argument(
        "--from",
        dest="source",
        choices=("pages", "failures"),
        default="pages",
        help="all pages, or only those that gave no article (default pages)",
    )
    group.add_argument("--reason", metavar="R", help="with --from failures: only those with this reason (wall, …)")
    group = parser.add_argument_group("the rebuild")
    group.add_argument("--dry_run", action="store_true", help="only tell what would change")
    group.add_argument(
        "--examples", type=whole(0, 1_000), default=3, metavar="N", help="show N examples of each change (default 3)"
    )
    options.add_build(group)
    options.add_grace(group)
    group.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
    group.add_argument("--json", action="store_true", help="print the summary as one JSON object on the last line")
    options.add_logging(parser)


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam files``."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument("--table", choices=TABLES, default="articles", help="the table (default articles)")
    parser.add_argument("--json", action="store_true", help="table, partition column and files as one JSON object")


def add_register(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam register``."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument(
        "--catalog",
        required=True,
        metavar="NAME|FILE.yaml|sqlite:///FILE",
        help="a catalog of pyiceberg's configuration, a file of such configuration, or a SQLite file as local catalog",
    )
    parser.add_argument("--namespace", default="newsbeam", metavar="NAME", help="of the tables (default newsbeam)")
    parser.add_argument("--tables", default=",".join(TABLES), metavar="NAME,…", help="which tables (default all four)")
    parser.add_argument("--json", action="store_true", help="what was done, one JSON object a table")


def add_upkeep(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that changes a lake without a run and lets readers finish."""
    _add_lake(parser)
    options.add_grace(parser)


def _add_lake(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
