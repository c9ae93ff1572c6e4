"""The argument parser of ``newsbeam``: its subcommands, their options and help texts."""

from __future__ import annotations

import argparse
import io
import logging
import platform
import re
from collections.abc import Sequence
from contextlib import redirect_stderr
from importlib import metadata
from typing import NoReturn

from pipelines import lake_options, options
from pipelines.archives.backfill_options import add_backfill
from pipelines.checks import UsageError, hosts, lake, nearest, unknown_option, whole
from pipelines.given.times import day_moment, instant, span_s
from pipelines.options import subcommand
from pipelines.printable import plain
from pipelines.settings_file import with_settings
from transforms.common.this_code import commit

_LOG = logging.getLogger("newsbeam.stream")

_PAGES_A_TICK = 2_000
"""The most pages of a tick: the first one over many feeds would keep all others waiting for hours."""
_TOLD = ("apache-beam", "pyarrow", "lxml", "trafilatura")
"""Libraries whose versions tell most about what may go wrong, for `--version`."""
_FIXED = ("output", "feeds", "tick", "max_ticks", "flink_rest")
"""Options that a stream cannot change while it runs."""
_ABOUT = """\
News feeds in, a clean Parquet lake out.

  newsbeam demo                                          see it all work, no network needed
  newsbeam ingest --feeds feeds.opml --output lake \\
                  --contact https://example.org/about    poll the feeds once, fetch and keep what is new
  newsbeam stream --feeds feeds.opml --output lake \\
                  --contact … --tick 60s                 the same again and again, until SIGTERM
  newsbeam backfill --warc 'crawl/*.warc.gz' \\
                    --output lake                        the pages of WARC files, as if they had been fetched
  newsbeam report --output lake                          what the last run did
  newsbeam views --output lake                           its tables as DuckDB views
  newsbeam files --output lake                           the paths of a table's committed files
  newsbeam register --output lake --catalog NAME         its tables in an Iceberg catalog
  newsbeam verify --output lake                          check a lake's files, change nothing
  newsbeam repair --output lake                          check a lake's files, mend what is damaged
  newsbeam compact --output lake                         few large files in place of many small ones
  newsbeam retain --output lake --pages 90d              drop pages that are older
  newsbeam forget --output lake URL|DOMAIN               take something out for good, never fetch it again
  newsbeam rebuild --output lake --dry_run               what a new version would make of the stored pages
  newsbeam export pages --output lake --warc p.warc.gz   its pages as WARC or WACZ files
  newsbeam extract page.html                             what becomes of one page, as JSON
  newsbeam feeds discover https://example.org            what feeds a site has; check and import work on lists
"""


class _Parser(argparse.ArgumentParser):
    """Reports a mistake in one line, with the nearest valid word, and exits with status 2."""

    def error(self, message: str) -> NoReturn:
        said, _, choices = message.rpartition(" (choose from ")
        word = said.rpartition("invalid choice: ")[2].strip("'")
        near = nearest(word, re.findall(r"'([^']+)'", choices)) if said else None
        meant = f"; did you mean {near}?" if near else ""
        self.exit(2, f"{self.prog}: {plain(message)}{meant}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """Prints versions and ends. Git and the packages are asked only then, not whenever a parser is made."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        ours = f"newsbeam {metadata.version('newsbeam')}" + (f", commit {known}" if (known := commit()) else "")
        others = ", ".join(f"{name} {metadata.version(name)}" for name in _TOLD)
        print(f"{ours}\nPython {platform.python_version()}, {others}")
        parser.exit()


def parsed_again(before: argparse.Namespace) -> argparse.Namespace:
    """The options of a command line that was parsed before, with its settings file as that is now.

    `before` has the command line's words (`arguments`), those that were Beam's (`rest`), and the options as they were
    at the start (`started`). Options of `_FIXED`, and Beam's, stay as they were; a changed one is logged. Raises
    UsageError if the file cannot be read, or holds what is no option or value.
    """
    parser, said = command_parser(), io.StringIO()
    try:
        with redirect_stderr(said):
            given, rest = parser.parse_known_args(with_settings(before.arguments))
    except SystemExit:
        raise UsageError(f"the settings file {before.settings}: {said.getvalue().strip()}") from None
    if new := [word for word in rest if word not in before.rest]:
        known = options_by_command(parser)
        unknown = unknown_option(new[0], known[before.command], known)
        raise UsageError(f"the settings file {before.settings}: {unknown}")
    changed = [name for name in _FIXED if getattr(given, name) != before.started[name]]
    if changed:
        _LOG.warning("the settings file has changed what only a new start can change", extra={"options": changed})
    kept = ("arguments", "rest", "started", "settings", *_FIXED)
    return argparse.Namespace(**vars(given) | {name: getattr(before, name) for name in kept})


def remember_start(given: argparse.Namespace, arguments: Sequence[str], rest: Sequence[str]) -> None:
    """Keep beside the options how they came about, for `parsed_again`."""
    given.arguments, given.rest = list(arguments), list(rest)
    given.started = {name: getattr(given, name, None) for name in _FIXED}


def command_parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    parser = _Parser(prog="newsbeam", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help="print version, commit and those of libraries",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ingest = subcommand(
        commands,
        "ingest",
        "poll feeds once, fetch what is new, write it to the lake",
        "Any other option goes to Beam: --runner, --direct_num_workers=2 --direct_running_mode=multi_processing, …\n"
        "Exit status 0 only when the run was committed. A run that was killed is cleaned up after by the next one:\n"
        "what it stored is not fetched again.",
    )
    options.add_ingest(ingest)

    stream = subcommand(
        commands,
        "stream",
        "the same bounded run again every --tick, until SIGTERM or SIGINT",
        "One process, or with --runner=PortableRunner --job_endpoint=… a pipeline without end on a cluster.\n"
        "The lake is its memory, so it can be killed and started again at any moment. SIGTERM and SIGINT\n"
        "finish the run under way and then end; on a cluster they cancel the job (see --flink_rest).",
    )
    options.add_ingest(stream)
    stream.set_defaults(max_pages=_PAGES_A_TICK)
    stream.add_argument(
        "--tick",
        type=span_s("0.001s", "1d"),
        default=60.0,
        metavar="T",
        help="time from one start to the next: 90, 60s, 5m, 1h, at most 1d (default 60s)",
    )
    stream.add_argument(
        "--flink_rest",
        metavar="URL",
        help="Flink's REST address, by which SIGTERM and SIGINT cancel the job: Beam's job server does not",
    )
    stream.add_argument("--max_ticks", type=whole(1, 1_000_000_000), metavar="N", help="end after N runs")

    backfill = subcommand(
        commands,
        "backfill",
        "the pages of WARC files into the lake, as if they had been fetched",
        "Any other option goes to Beam. Files that a committed run has read are passed over, at their size then.\n"
        "A backfill that was killed goes on with the files not yet committed: the same command again.",
    )
    add_backfill(backfill)

    workers = subcommand(
        commands,
        "workers",
        "Python workers for a task manager of a cluster, beside which it runs",
        "For Beam's --environment_type=EXTERNAL --environment_config=HOST:PORT. Each worker is a process of\n"
        "its own; one that is killed is started again. SIGTERM and SIGINT end all. The logs of runs on a\n"
        "cluster are those of its workers.",
    )
    workers.add_argument("--host", default="127.0.0.1", metavar="HOST", help="address to listen on (default 127.0.0.1)")
    workers.add_argument("--port", type=whole(1, 65_535), default=50_000, metavar="P", help="port (default 50000)")
    options.add_logging(workers)

    report = subcommand(
        commands,
        "report",
        "what a run did: sums, rows, failures, files; what an edition did; the lake's history",
        "An edition is what compact, retain, forget or rebuild has made: files that took the place of others.",
    )
    report.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    report.add_argument("--run", metavar="ID", help="the id of a run or an edition (default: the newest run)")
    report.add_argument(
        "--history",
        nargs="?",
        const=0,
        type=whole(1, 1_000_000_000),
        metavar="N",
        help="list all runs and editions in order, or the newest N, with files and rows before and after",
    )
    report.add_argument("--json", action="store_true", help="the manifest, or the history, as one JSON object")

    lake_options.add_commands(commands)
    _add_export(subcommand(commands, "export", "write what a lake holds in the forms that others read", ""))

    extract = subcommand(
        commands,
        "extract",
        "one page to JSON on standard output, to see what the pipeline sees",
        "A URL is fetched as politely as in a run (robots.txt, address guard); a file is taken as fetched from --url.",
    )
    extract.add_argument("page", metavar="PAGE.html|URL", help="a file, - for standard input, or an address")
    form = extract.add_mutually_exclusive_group()
    form.add_argument(
        "--explain",
        nargs="?",
        const="-",
        metavar="FILE.html",
        help="instead of the JSON, show the page's blocks, kept, removed and recovered, with their scores; "
        "in the terminal, or as an HTML page to look at",
    )
    form.add_argument(
        "--markdown", action="store_true", help="instead of the JSON, headline and text as Markdown, with its structure"
    )
    options.add_links(extract)
    extract.add_argument("--url", default="http://localhost/page.html", help="the address that a file came from")
    options.add_network(extract)

    _add_feeds(subcommand(commands, "feeds", "find feeds, check and convert lists of them, see how they are doing", ""))

    demo = subcommand(
        commands,
        "demo",
        "the whole thing against the bundled sample newsroom, no network needed",
        "Starts a press of its own on loopback, ingests it twice, an hour apart by its clock, and shows what happened.",
    )
    demo.add_argument(
        "--output", type=lake, default="demo-lake", metavar="LAKE", help="folder of the lake (default demo-lake)"
    )
    options.add_logging(demo)
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``newsbeam export``."""
    commands = parser.add_subparsers(dest="export_command", required=True, metavar="pages")

    pages = subcommand(
        commands,
        "pages",
        "the stored pages as WARC files, or as one WACZ file",
        "WARC/1.1, a gzip member a record, in the order of the fetches; what is not known is left out.\n"
        "Files get their names when all is written; none is replaced. Exit status 3 if pages were left out, since\n"
        "their bytes are kept by reference, in a file that cannot be read.",
    )
    pages.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    form = pages.add_mutually_exclusive_group(required=True)
    form.add_argument("--warc", metavar="OUT.warc.gz", help="write WARC files: this one, then OUT-00001.warc.gz, …")
    form.add_argument("--wacz", metavar="OUT.wacz", help="write one WACZ file: WARC files with index and list of pages")
    pages.add_argument(
        "--since",
        type=day_moment,
        metavar="DAY|90d",
        help="only pages fetched from that UTC day on",
    )
    pages.add_argument("--until", type=day_moment, metavar="DAY|90d", help="only pages fetched before that UTC day")
    pages.add_argument(
        "--hosts",
        type=hosts,
        default=frozenset(),
        metavar="HOST,…",
        help="only pages of these hosts, or of all hosts of these registrable domains",
    )
    pages.add_argument(
        "--max_file_mb",
        type=whole(1, 1_000_000),
        default=1000,
        metavar="MB",
        help="begin a new WARC file when one has this size (default 1000)",
    )
    pages.add_argument("--json", action="store_true", help="what was written as one JSON object")


def _add_feeds(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``newsbeam feeds``."""
    commands = parser.add_subparsers(dest="feeds_command", required=True, metavar="discover|check|import|status")

    discover = subcommand(
        commands,
        "discover",
        "find the feeds of a site",
        "Looked at, each as politely as in a run: the page and what it names, the sitemaps of robots.txt, and where\n"
        "feeds usually lie if these gave none. Exit status 1 when a site has no feed that could be read.",
    )
    discover.add_argument("urls", nargs="+", metavar="URL", help="a page of the site")
    discover.add_argument("--all", action="store_true", help="try the usual places also where other feeds were found")
    discover.add_argument(
        "--max_requests", type=whole(1, 10_000), default=25, metavar="N", help="ask a site at most N times (25)"
    )
    discover.add_argument("--opml", metavar="FILE", help="write what was found as a feed list, - for standard output")
    _add_feeds_network(discover)

    check = subcommand(
        commands,
        "check",
        "read every feed of a list, and once more with a condition",
        "Exit status 1 when any feed is bad: not to be had, not a feed, or not for us.",
    )
    check.add_argument("file", metavar="FILE", help="feed list: OPML, CSV, JSON or one address a line; - for stdin")
    _add_feeds_network(check)

    convert = subcommand(
        commands,
        "import",
        "write a feed list in another form",
        "Title, language and country of each feed are kept; an address that is listed twice is written once.",
    )
    convert.add_argument("file", metavar="FILE", help="feed list: OPML, CSV, JSON or one address a line; - for stdin")
    convert.add_argument("--to", required=True, metavar="FILE", help="what to write, - for standard output")
    convert.add_argument("--form", choices=("opml", "csv", "json", "txt"), help="its form (default: by its name)")

    _add_feeds_status(commands)


def _add_feeds_status(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    status = subcommand(
        commands,
        "status",
        "how the feeds of a lake are doing, what needs a look first",
        "Failing feeds come first, then retired ones (410), those never read, those that fell silent, those whose\n"
        '"not modified" lied, and those that moved. Times are UTC; makes no request.',
    )
    status.add_argument("--output", required=True, type=lake, metavar="LAKE", help="folder of the lake")
    status.add_argument(
        "--feeds", metavar="FILE", help="only the feeds of this list, also those that were never polled"
    )
    status.add_argument("--json", action="store_true", help="print one JSON object instead of a table")


def _add_feeds_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
    options.add_network(parser)


def options_by_command(parser: argparse.ArgumentParser, command: str = "") -> dict[str, list[str]]:
    """The options of each subcommand by its name (``ingest``, ``feeds status``)."""
    found: dict[str, list[str]] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found |= options_by_command(inner, f"{command} {name}".strip())
        elif command:
            found.setdefault(command, []).extend(action.option_strings)
    return found
