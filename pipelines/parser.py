"""What can be typed: the subcommands of ``newsbeam`` with their help."""

from __future__ import annotations

import argparse
from importlib import metadata

from pipelines import options

_ABOUT = """\
News feeds in, a clean Parquet lake out.

  newsbeam demo                                          see it all work, no network needed
  newsbeam ingest --feeds feeds.opml --output lake \\
                  --contact https://example.org/about    poll the feeds once, fetch and keep what is new
  newsbeam stream --feeds feeds.opml --output lake \\
                  --contact … --tick 60s                 the same again and again, until SIGTERM
  newsbeam report --output lake                          what the last run did
  newsbeam repair --output lake                          check a lake's files, mend what is damaged
  newsbeam extract page.html                             what becomes of one page, as JSON
  newsbeam feeds discover https://example.org            what feeds a site has; check and import work on lists
"""


def command_parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    parser = argparse.ArgumentParser(
        prog="newsbeam", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ingest = _command(
        commands,
        "ingest",
        "poll feeds once, fetch what is new, write it to the lake",
        "Any other option goes to Beam: --runner, --direct_num_workers=2 --direct_running_mode=multi_processing, …\n"
        "Exit status 0 only when the run was committed. A run that was killed is cleaned up after by the next one:\n"
        "what it stored is not fetched again.",
    )
    options.add_ingest(ingest)

    stream = _command(
        commands,
        "stream",
        "the same bounded run again every --tick, until SIGTERM or SIGINT",
        "One process; the lake is its only memory, so it can be killed and started again at any moment.\n"
        "SIGTERM and SIGINT finish the run under way and then end.",
    )
    options.add_ingest(stream)
    stream.add_argument("--tick", default="60s", metavar="T", help="time from one start to the next: 90, 60s, 5m, 1h")
    stream.add_argument("--max_ticks", type=int, metavar="N", help="end after N runs")

    report = _command(commands, "report", "what a run did: sums, rows, failures, files", "")
    report.add_argument("--output", required=True, metavar="LAKE", help="folder of the lake")
    report.add_argument("--run", metavar="RUN_ID", help="a run's id (default: the newest)")
    report.add_argument("--json", action="store_true", help="the manifest as one JSON object")

    repair = _command(
        commands,
        "repair",
        "check every file of a lake, and mend what is damaged",
        "Files are compared with what the manifests say of them. State that is damaged or lost is rebuilt from the\n"
        "tables; damaged files of the tables are put aside, so that the rest can be read. Files of others stay.\n"
        "Exit status 0 when all is whole or mended, 3 when something is lost, 1 when it could not be done.",
    )
    repair.add_argument("--output", required=True, metavar="LAKE", help="folder of the lake")
    repair.add_argument("--json", action="store_true", help="what was found as one JSON object")

    extract = _command(
        commands,
        "extract",
        "one page to JSON on standard output, to see what the pipeline sees",
        "A URL is fetched as politely as in a run (robots.txt, address guard); a file is taken as fetched from --url.",
    )
    extract.add_argument("page", metavar="PAGE.html|URL", help="a file, - for standard input, or an address")
    extract.add_argument(
        "--explain",
        nargs="?",
        const="-",
        metavar="FILE.html",
        help="instead of the JSON, show the page's blocks, kept, removed and recovered, with their scores; "
        "in the terminal, or as an HTML page to look at",
    )
    extract.add_argument("--url", default="http://localhost/page.html", help="the address that a file came from")
    options.add_network(extract)

    _add_feeds(
        _command(commands, "feeds", "find the feeds of a site, check a list of feeds, turn one list into another", "")
    )

    demo = _command(
        commands,
        "demo",
        "the whole thing against the bundled sample newsroom, no network needed",
        "Starts a press of its own on loopback, ingests it twice, an hour apart by its clock, and shows what happened.",
    )
    demo.add_argument("--output", default="demo-lake", metavar="LAKE", help="folder of the lake (default demo-lake)")
    options.add_logging(demo)
    return parser


def _add_feeds(parser: argparse.ArgumentParser) -> None:
    """The subcommands of ``newsbeam feeds``."""
    commands = parser.add_subparsers(dest="feeds_command", required=True, metavar="discover|check|import")

    discover = _command(
        commands,
        "discover",
        "find the feeds of a site",
        "Looked at, each as politely as in a run: the page and what it names, the sitemaps of robots.txt, and where\n"
        "feeds usually lie if these gave none. Exit status 1 when a site has no feed that could be read.",
    )
    discover.add_argument("urls", nargs="+", metavar="URL", help="a page of the site")
    discover.add_argument("--all", action="store_true", help="try the usual places also where other feeds were found")
    discover.add_argument("--max_requests", type=int, default=25, metavar="N", help="ask a site at most N times (25)")
    discover.add_argument("--opml", metavar="FILE", help="write what was found as a feed list, - for standard output")
    _add_feeds_network(discover)

    check = _command(
        commands,
        "check",
        "read every feed of a list, and once more with a condition",
        "Exit status 1 when any feed is bad: not to be had, not a feed, or not for us.",
    )
    check.add_argument("file", metavar="FILE", help="feed list: OPML, CSV, JSON or one address a line; - for stdin")
    _add_feeds_network(check)

    convert = _command(
        commands,
        "import",
        "write a feed list in another form",
        "Title, language and country of each feed are kept; an address that is listed twice is written once.",
    )
    convert.add_argument("file", metavar="FILE", help="feed list: OPML, CSV, JSON or one address a line; - for stdin")
    convert.add_argument("--to", required=True, metavar="FILE", help="what to write, - for standard output")
    convert.add_argument("--form", choices=("opml", "csv", "json", "txt"), help="its form (default: by its name)")


def _add_feeds_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--now", metavar="ISO", help="take this instant for now (replays and tests)")
    options.add_network(parser)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, more: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _version() -> str:
    return metadata.version("newsbeam")
