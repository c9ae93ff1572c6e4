"""The subcommands of ``newsbeam feeds`` and their options."""

from __future__ import annotations

import argparse

from pipelines import options
from pipelines.checks import lake, whole
from pipelines.given.times import instant
from pipelines.options import subcommand

_LIST = "feed list: OPML, CSV, JSON or one address a line"


def add_feeds(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``newsbeam feeds``."""
    commands = parser.add_subparsers(
        dest="feeds_command", required=True, metavar="discover|check|import|status|add|remove|pause|resume|…"
    )

    discover = subcommand(
        commands,
        "discover",
        "find the feeds of a site",
        "Looked at, each as politely as in a run: the page and what it names, the sitemaps of robots.txt, and where\n"
        "feeds usually lie if these gave none. Exit status 1 when a site has no feed that could be read.",
    )
    discover.add_argument("urls", nargs="+", metavar="URL", help="a page of the site")
    discover.add_argument("--all", action="store_true", help="try the usual places also where other feeds were found")
    _add_most_requests(discover)
    discover.add_argument("--opml", metavar="FILE", help="write what was found as a feed list, - for standard output")
    _add_network(discover)

    check = subcommand(
        commands,
        "check",
        "read every feed of a list, and once more with a condition",
        "Exit status 1 when any feed is bad: not to be had, not a feed, or not for us.",
    )
    check.add_argument("file", metavar="FILE", help=f"{_LIST}; - for stdin")
    _add_network(check)

    convert = subcommand(
        commands,
        "import",
        "write a feed list in another form",
        "Title, language and country of each feed are kept; an address that is listed twice is written once.",
    )
    convert.add_argument("file", metavar="FILE", help=f"{_LIST}; - for stdin")
    convert.add_argument("--to", required=True, metavar="FILE", help="what to write, - for standard output")
    convert.add_argument("--form", choices=("opml", "csv", "json", "txt"), help="its form (default: by its name)")

    status = subcommand(
        commands,
        "status",
        "how the feeds of a lake are doing, what needs a look first",
        "Failing feeds come first, then retired ones, those never read, those that fell silent, those whose\n"
        '"not modified" lied, those that moved, and those that are paused. Times are UTC; makes no request.',
    )
    _add_lake(status)
    status.add_argument(
        "--feeds", metavar="FILE", help="only the feeds of this list, also those that were never polled"
    )
    _add_edits(commands)
    _add_orders(commands)


def _add_edits(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = subcommand(
        commands,
        "add",
        "add feeds to a list, in its own format",
        "Each address is asked for: a feed is added, of a site the surest of its feeds. All else in the list stays as\n"
        "it is. Exit status 1 when an address was refused; the others are added. A list that is not there is made.",
    )
    _add_edited(add, "a feed, or a page of a site")
    add.add_argument("--unchecked", action="store_true", help="ask nobody: add the addresses as they are")
    add.add_argument("--all", action="store_true", help="of a site add all feeds that were found")
    add.add_argument("--title", metavar="TEXT", help="its title (default: the feed's own)")
    add.add_argument("--language", metavar="TAG", help="its language (default: what the feed says)")
    add.add_argument("--country", metavar="CC", help="its country")
    add.add_argument("--folder", metavar="PATH", help="its folder, like Papers/Norway")
    _add_most_requests(add)
    _add_network(add)

    remove = subcommand(
        commands,
        "remove",
        "take feeds out of a list",
        "All else in the list stays as it is, and so does what the lake has of them. Exit status 1 when the list did\n"
        "not have an address; the others are taken out.",
    )
    _add_edited(remove, "the address of a feed")
    remove.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def _add_edited(parser: argparse.ArgumentParser, urls: str) -> None:
    parser.add_argument("urls", nargs="+", metavar="URL", help=urls)
    parser.add_argument("--feeds", required=True, metavar="FILE", help=_LIST)


def _add_orders(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    orders = {
        "pause": ("do not ask feeds for a while", "What they have listed before is still fetched."),
        "resume": ("ask paused feeds again, when they are due", ""),
        "retire": ("never ask feeds again, until they are revived", ""),
        "revive": ("ask retired feeds at the next run, also those that answered 410", ""),
        "force": (
            "ask feeds at the next run, due or not",
            "Also after errors, and without conditions, so that they are read as a whole. A pause that the server\n"
            "asked for (Retry-After) and robots.txt stand.",
        ),
    }
    for name, (summary, more) in orders.items():
        order = subcommand(
            commands,
            name,
            summary,
            f"{more}\nIt counts from the next run on, also of a stream that is running, and needs no lock."
            "\nExit status 1 when an order was refused; the others are given.".strip(),
        )
        order.add_argument("urls", nargs="+", metavar="URL", help="the address of a feed, as in its list or moved")
        _add_lake(order)
        order.add_argument("--feeds", metavar="FILE", help="the feed list, for feeds that were never asked")
        order.add_argument("--reason", metavar="TEXT", help="why; feeds status shows it")
        if name == "pause":
            order.add_argument("--until", type=instant, metavar="ISO", help="when the pause ends (default: never)")
        order.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")


def _add_lake(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")


def _add_most_requests(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max_requests", type=whole(1, 10_000), default=25, metavar="N", help="ask a site at most N times (default 25)"
    )


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
    options.add_network(parser)
