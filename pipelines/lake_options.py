"""The options of the subcommands that look after a lake."""

from __future__ import annotations

import argparse
from typing import Any

from pipelines import options
from pipelines.checks import lake, whole
from pipelines.given.times import FOREVER, day_moment, instant, kept_days

TARGET_MB = 128
"""As much as readers like to read at a time, and what Spark reads by default as one piece."""


TABLES = ("articles", "pages", "failures", "feed_polls")
"""The tables for readers. Their declarations are not imported here: `--help` need not wait for Arrow."""

_KEPT = {
    "pages": "pages as fetched; articles cannot be built anew from what is gone",
    "articles": "articles, by the day of publication",
    "failures": "failures",
    "feed_polls": "polls of feeds",
}


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the subcommands."""
    check = options.subcommand(
        commands,
        "check",
        "what a monitor asks: is anything unlike the lake's own past, or beyond a threshold",
        "Silent feeds, feeds that bring less, a jump of failures, pages built plainly, texts that became shorter,\n"
        "entries left over, the age of the newest run, the disk. Reads the last five weeks, changes nothing.\n"
        "Exit status 0 when all is well, 4 when something was found, 5 when the message could not be delivered,\n"
        "1 when the lake could not be read.",
    )
    add_check(check)

    views = options.subcommand(
        commands,
        "views",
        "the lake's tables as views for DuckDB, printed as SQL",
        "  newsbeam views --output lake > views.sql\n  duckdb -init views.sql\n"
        "Only committed rows; a table that is still empty has all its columns; files older than a column give null.",
    )
    views.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")

    files = options.subcommand(
        commands,
        "files",
        "the paths of a table's committed files, one a line",
        "For readers that take a list of paths (docs/reading.md): they see exactly the committed rows.\n"
        "Each path begins as LAKE is written here. A table that is still empty has no line.",
    )
    add_files(files)

    register = options.subcommand(
        commands,
        "register",
        "let tables of an Iceberg catalog hold exactly the committed files of a lake",
        "Call it after runs and after compaction: files that are not in the tables yet are added where they lie,\n"
        "files that others have replaced are removed, in one snapshot a table. A second call changes nothing.\n"
        "Needs pyiceberg: pip install 'newsbeam[iceberg]'. Address and credentials of a catalog are configured as\n"
        "pyiceberg's documentation says: in ~/.pyiceberg.yaml, in variables, or in the file that --catalog names.",
    )
    add_register(register)

    repair = options.subcommand(
        commands,
        "repair",
        "check every file of a lake, and mend what is damaged",
        "Files are compared with what the manifests say of them. State that is damaged or lost is rebuilt from the\n"
        "tables; damaged files of the tables are put aside, so that the rest can be read. Files of others stay.\n"
        "Exit status 0 when all is whole or mended, 3 when something is lost, 1 when it could not be done.",
    )
    repair.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    repair.add_argument("--json", action="store_true", help="what was found as one JSON object")

    verify = options.subcommand(
        commands,
        "verify",
        "check every file of a lake, and change nothing",
        "Sizes, checksums, sums, rows, schemas, partitions, orders; files that nobody has written. Takes no lock:\n"
        "what is found while a run is under way is looked at twice.\n"
        "Exit status 0 when all is whole, 3 when something is not, 1 when the lake could not be read.",
    )
    add_verify(verify)

    retain = options.subcommand(
        commands,
        "retain",
        "drop what is older than it is to be kept, by whole days",
        "A table that is not named is kept whole. State is kept: what was seen is not fetched again, and copies of\n"
        "what is gone are still known. Readers see the switch at once; the old files stay until --grace is over.",
    )
    add_retain(retain)

    forget = options.subcommand(
        commands,
        "forget",
        "take addresses or domains out of the lake for good",
        "Rows, pages, fingerprints, stories and all else that holds them go from every file at once, without grace.\n"
        "A record stays, so that they are never fetched again. It cannot be undone.",
    )
    add_forget(forget)

    rebuild = options.subcommand(
        commands,
        "rebuild",
        "make the articles of stored pages anew, after a new version",
        "Makes no request. Readers see the old rows until the new ones are complete; a rebuild that was killed has\n"
        "not happened. Ids, revisions and the time that an article was first seen stay. Articles whose pages are no\n"
        "longer kept stay as they are. Any other option goes to Beam. Exit status 0 when done, 3 when some\n"
        "pages could not be built and their rows stay, 75 when the lake is locked, 1 when it could not be done.",
    )
    add_rebuild(rebuild)

    compact = options.subcommand(
        commands,
        "compact",
        "make few large files of the many small ones that runs leave",
        "Rows stay the same. Readers by lake.duckdb, newsbeam.read or newsbeam views see the old files or the new;\n"
        "a plain glob sees both until --grace is over. Exit status 75 when a run holds the lake.",
    )
    add_compact(compact)


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
    parser.add_argument("--yes", action="store_true", help="do not ask first; where no terminal is, it is never asked")
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
    group.add_argument("--since", type=day_moment, metavar="DAY|90d", help="only pages fetched from this UTC day on")
    group.add_argument("--until", type=day_moment, metavar="DAY|90d", help="only pages fetched before this UTC day")
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


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a file of rules of health."""
    parser.add_argument(
        "--rules",
        metavar="FILE.toml",
        help="thresholds of check and of the page, in place of the defaults (docs/monitoring.md)",
    )


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``newsbeam check``."""
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    add_rules(parser)
    parser.add_argument("--json", action="store_true", help="what was found as one JSON object")
    group = parser.add_argument_group("the message, as JSON; without --remember it is sent at each check with findings")
    group.add_argument("--notify", metavar="COMMAND", help="run this with the message on its standard input; no shell")
    group.add_argument("--webhook", metavar="URL|env:NAME", help="post it there; env:NAME: the variable has the URL")
    group.add_argument("--remember", metavar="FILE", help="send only when other things are found than the file says")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")


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
    parser.add_argument("--json", action="store_true", help="what was done as one JSON object")


def add_upkeep(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that changes a lake without a run and lets readers finish."""
    _add_lake(parser)
    options.add_grace(parser)


def _add_lake(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
