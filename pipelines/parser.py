"""The argument parser of ``newsbeam``: its subcommands, their options and help texts."""

from __future__ import annotations

import argparse
import platform
import re
from importlib import metadata
from typing import NoReturn

from pipelines import lake_options, options
from pipelines.archives.backfill_options import add_backfill
from pipelines.checks import hosts, lake, nearest, whole
from pipelines.commands.dedupe.dedupe_options import add_dedupe
from pipelines.commands.export.articles_options import add_articles
from pipelines.commands.feeds.feeds_options import add_feeds
from pipelines.commands.why.why_options import add_why
from pipelines.config.config_options import add_config, add_config_commands
from pipelines.given.times import day_moment, span_s
from pipelines.options import subcommand
from pipelines.printable import plain
from pipelines.push.push_options import add_push
from pipelines.telemetry.options import add_metrics_address
from transforms.common.this_code import commit

_PAGES_A_TICK = 2_000
"""The most pages of a tick: the first one over many feeds would keep all others waiting for hours."""
_TOLD = ("apache-beam", "pyarrow", "lxml", "trafilatura")
"""Libraries whose versions tell most about what may go wrong, for `--version`."""
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
  newsbeam check --output lake                           what a monitor asks: silent feeds, failures, disk …
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
  newsbeam export articles --output lake --to FOLDER     its articles as a dataset, with a data card
  newsbeam dedupe texts.jsonl --output marked.jsonl      mark copies in any Parquet or JSON lines files
  newsbeam extract page.html                             what becomes of one page, as JSON
  newsbeam why --output lake URL                         what became of it; newsbeam diff: its revisions
  newsbeam feeds discover https://example.org            what feeds a site has; add, pause and others: --help
  newsbeam config check newsbeam.toml                    what is wrong with a settings file

Every option may also stand in a settings file (--config, or newsbeam.toml beside the feed list) or in the environment
(NEWSBEAM_HOST_DELAY=2.5). The command line counts first, then the environment.
"""


class CommandParser(argparse.ArgumentParser):
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


def command_parser(kind: type[CommandParser] = CommandParser) -> argparse.ArgumentParser:
    """The parser of the whole command."""
    parser = kind(prog="newsbeam", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
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
    add_metrics_address(stream)
    add_push(stream)
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
    report.add_argument(
        "--html",
        metavar="FILE",
        help="write a page of the lake's last five weeks, with charts, tables and their queries; - for standard output",
    )
    lake_options.add_rules(report)

    lake_options.add_commands(commands)
    _add_export(subcommand(commands, "export", "write what a lake holds in the forms that others read", ""))
    add_dedupe(commands)

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
    options.add_entities(extract)
    extract.add_argument("--url", default="http://localhost/page.html", help="the address that a file came from")
    options.add_network(extract)

    add_feeds(subcommand(commands, "feeds", "find, check, add and pause feeds, see how they are doing", ""))

    add_why(commands)

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

    add_config(parser)
    add_config_commands(subcommand(commands, "config", "check a settings file, show what applies to a feed", ""))
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``newsbeam export``."""
    commands = parser.add_subparsers(dest="export_command", required=True, metavar="pages|articles")

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
    add_articles(commands)


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
