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
  newsbeam extract page.html                             what becomes of one page, as JSON
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

    extract = _command(
        commands,
        "extract",
        "one page to JSON on standard output, to see what the pipeline sees",
        "A URL is fetched as politely as in a run (robots.txt, address guard); a file is taken as fetched from --url.",
    )
    extract.add_argument("page", metavar="PAGE.html|URL", help="a file, - for standard input, or an address")
    extract.add_argument("--url", default="http://localhost/page.html", help="the address that a file came from")
    options.add_network(extract)

    demo = _command(
        commands,
        "demo",
        "the whole thing against the bundled sample newsroom, no network needed",
        "Starts a press of its own on loopback, ingests it twice, an hour apart by its clock, and shows what happened.",
    )
    demo.add_argument("--output", default="demo-lake", metavar="LAKE", help="folder of the lake (default demo-lake)")
    options.add_logging(demo)
    return parser


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
