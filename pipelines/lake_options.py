"""The options of the subcommands that look after a lake."""

from __future__ import annotations

import argparse

from pipelines import options
from pipelines.checks import instant, lake, whole

TARGET_MB = 128
"""As much as readers like to read at a time, and what Spark reads by default as one piece."""


TABLES = ("articles", "pages", "failures", "feed_polls")
"""The tables for readers. Their declarations are not imported here: `--help` need not wait for Arrow."""


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
    """Add the options of every command that changes a lake without a run."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    options.add_grace(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
