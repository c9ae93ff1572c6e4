"""The options by which commands are given a settings file, and the subcommands of ``newsbeam config``."""

from __future__ import annotations

import argparse

from pipelines.config.precedence import FILE_NAME, NO_FILE


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add ``--config`` to each command below a parser."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inner:
        for command in action.choices.values():
            add_config(command)
    if not inner:
        parser.add_argument(
            "--config",
            metavar="FILE",
            help=f"settings file (default: {FILE_NAME} beside the feed list, if it is there; {NO_FILE}: no file); "
            "docs/settings.md",
        )


def add_config_commands(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``newsbeam config``."""
    commands = parser.add_subparsers(dest="config_command", required=True, metavar="check|schema")
    check = commands.add_parser(
        "check",
        help="tell all mistakes of a settings file; show what applies to a feed",
        description="Tell all mistakes of a settings file, each with its line and what was probably meant.",
        epilog="Makes no request. Shows no secret: of credentials the names of their variables, and whether they are\n"
        "set here. Exit status 1 when there is a mistake.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    check.add_argument("file", nargs="?", metavar="FILE", help=f"the file (default: {FILE_NAME} in this folder)")
    check.add_argument("--for", dest="url", metavar="URL", help="show what applies to this feed, and where it is said")
    check.add_argument("--feeds", metavar="FILE", help="feed list: tell which tables fit none of its feeds")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    commands.add_parser(
        "schema",
        help="print the JSON schema of settings files, for editors",
        description="Print the JSON schema of settings files, by which editors check and complete them.",
        allow_abbrev=False,
    )
