"""The options that several subcommands have."""

from __future__ import annotations

import argparse
from typing import Any

from pipelines.checks import OrNoLimit, lake, number, whole
from pipelines.given.times import instant, span_s, spans_s
from pipelines.telemetry.options import add_telemetry
from transforms.enrich.entities.by_spacy.models import OWN, TELLERS


def subcommand(
    commands: argparse._SubParsersAction[Any], name: str, summary: str, more: str
) -> argparse.ArgumentParser:
    """Add a subcommand with its summary and what its help says below the options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return parser


def add_logging(parser: argparse.ArgumentParser) -> None:
    """Add the options of every subcommand that logs."""
    group = parser.add_argument_group("logs")
    group.add_argument(
        "--log_format",
        choices=("text", "json"),
        default="text",
        help="logs on standard error; as json also each failure, with feed, host and address",
    )
    group.add_argument("--verbose", action="store_true", help="also the logs of Beam and the other libraries")


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add the options of every subcommand that makes requests."""
    group = parser.add_argument_group("the network")
    group.add_argument(
        "--contact",
        default="",
        metavar="URL|MAIL",
        help="named to publishers in the User-Agent; required beyond loopback",
    )
    group.add_argument(
        "--allow_networks",
        default="",
        metavar="CIDR,…",
        help="private or loopback networks that may be connected to; all such addresses are refused otherwise",
    )
    group.add_argument(
        "--host_delay",
        type=number(0, 3600),
        default=1.0,
        metavar="S",
        help="pause between two requests to one host (default 1.0 s)",
    )


def add_ingest(parser: argparse.ArgumentParser) -> None:
    """Add the options of a bounded run; unknown options are passed on to Beam."""
    parser.add_argument(
        "--feeds", required=True, metavar="FILE", help="feed list: OPML, CSV, JSON or one address a line"
    )
    parser.add_argument(
        "--output",
        required=True,
        type=lake,
        metavar="LAKE",
        help="folder of the lake, made if it is not there; or a URI such as s3://bucket/lake",
    )
    add_network(parser)
    group = parser.add_argument_group("the run")
    group.add_argument(
        "--max_pages",
        type=OrNoLimit(whole(0, 1_000_000_000), "all"),
        metavar="N",
        help="fetch at most N pages, the rest in the next run (default: all; stream: 2000 a tick)",
    )
    group.add_argument(
        "--max_run_minutes",
        type=OrNoLimit(number(0, 525_600), "none"),
        default=30.0,
        metavar="M",
        help="start no request after M minutes, to a feed after half of them; the rest in the next run "
        "(default 30; none: no limit)",
    )
    group.add_argument(
        "--flush_seconds",
        type=number(0, 86_400),
        default=60.0,
        metavar="S",
        help="store fetched pages at least every S seconds: what a crash may cost (default 60)",
    )
    group.add_argument(
        "--poll_interval",
        type=number(0, 10_080),
        default=15.0,
        metavar="MIN",
        help="poll a feed at most every MIN minutes; its own wish, its server's, and a slow pace of its news make it "
        "longer (default 15; 0: in every run)",
    )
    group.add_argument(
        "--poll_gently",
        action="store_true",
        help="poll a feed at most once an hour where neither it nor its server asks for more, never while its answer "
        "is fresh, and never without known validators",
    )
    group.add_argument(
        "--force", action="store_true", help="poll every feed now, but where its server asked for a pause or it is gone"
    )
    group.add_argument(
        "--revisit",
        type=spans_s("60s", "365d"),
        default=(),
        metavar="1h,24h,…",
        help="ask again for an article's page so long after its first fetch: edits become revisions, withdrawals are "
        "noted (default: never)",
    )
    group.add_argument(
        "--max_revisits",
        type=whole(1, 1_000_000),
        default=500,
        metavar="N",
        help="with --revisit: at most N such pages a run, the rest in the next (default 500)",
    )
    add_build(group)
    add_run(group)
    add_telemetry(parser)
    add_logging(parser)


def add_build(group: argparse._ActionsContainer) -> None:
    """Add the options of building articles from pages."""
    group.add_argument(
        "--copies_horizon_days",
        type=whole(0, 3_650),
        default=30,
        metavar="D",
        help="look for copies among the articles of the last D days (default 30)",
    )
    group.add_argument(
        "--extract_workers",
        type=whole(0, 1_024),
        default=0,
        metavar="N",
        help="processes that parse pages (default: one a core)",
    )
    group.add_argument(
        "--page_seconds",
        type=number(1, 3_600),
        default=20.0,
        metavar="S",
        help="processor time a page may take (default 20 s)",
    )
    add_links(group)
    add_entities(group)
    group.add_argument(
        "--stories_across_languages",
        action="store_true",
        help="reports of one event in several languages are one story, for 60 to 130 ms of processor time an article; "
        "needs pip install 'newsbeam[stories]'",
    )


def add_links(group: argparse._ActionsContainer) -> None:
    """Add the option of all that finds articles' texts."""
    group.add_argument("--keep_links", action="store_true", help="keep the links of the articles' texts (column links)")


def add_entities(group: argparse._ActionsContainer) -> None:
    """Add the option of all that finds names."""
    group.add_argument(
        "--entities",
        choices=TELLERS,
        default=OWN,
        help="what tells names in texts: our own rules, or spacy where a model for the language is installed; "
        "spacy needs pip install 'newsbeam[entities]'",
    )


def add_run(group: argparse._ActionsContainer) -> None:
    """Add the options of every run."""
    group.add_argument(
        "--compact",
        choices=("auto", "off"),
        default="auto",
        help="after a run, make fewer files of days that have more than 12, or more than 2 once the day is over "
        "(default auto)",
    )
    add_grace(group)
    group.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
    group.add_argument(
        "--json",
        action="store_true",
        help="print the run's summary as one JSON object on the last line; not of a stream on a cluster",
    )


def add_grace(parser: argparse._ActionsContainer) -> None:
    """Add the option of all that replaces files of the lake."""
    parser.add_argument(
        "--grace",
        type=span_s("0", "3650d"),
        default=900.0,
        metavar="T",
        help="keep files that others replaced for readers that have begun: 0, 90, 60s, 15m, 12h, 7d (default 15m)",
    )
