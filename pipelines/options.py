"""The options of the subcommands, and the settings made from them."""

from __future__ import annotations

import argparse
import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.checks import UsageError, lake, number, whole
from pipelines.given.times import instant, span_s
from pipelines.telemetry.options import add_telemetry

if TYPE_CHECKING:  # settings import the parsers and Beam, which `--help` does not need
    from pipelines.run.settings import IngestSettings
    from transforms.common.clock import Clock
    from transforms.sandbox import Sandbox

__all__ = [
    "UsageError",
    "add_build",
    "add_grace",
    "add_ingest",
    "add_links",
    "add_logging",
    "add_network",
    "add_run",
    "build_settings",
    "clock_of",
    "ingest_settings",
    "network_settings",
    "now_of",
    "subcommand",
]

_SHOWN = (
    "feeds", "output", "host_delay", "max_pages", "max_run_minutes", "poll_interval", "copies_horizon_days",
    "keep_links", "stories_across_languages",
)  # fmt: skip
_MOST_SHARDS = 256
"""The most shards (groups of hosts) of a run, however many workers a runner has; more are of no use."""


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
    group.add_argument("--log_format", choices=("text", "json"), default="text", help="logs on standard error")
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
        "--output", required=True, type=lake, metavar="LAKE", help="folder of the lake; made if it is not there"
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="TOML file of options (host_delay = 2.5); a stream reads it anew at each tick",
    )
    add_network(parser)
    group = parser.add_argument_group("the run")
    group.add_argument(
        "--max_pages",
        type=_pages,
        metavar="N",
        help="fetch at most N pages, the rest in the next run (default: all; stream: 2000 a tick)",
    )
    group.add_argument(
        "--max_run_minutes",
        type=_minutes,
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
        help="poll a feed at most every MIN minutes (default 15; 0: in every run)",
    )
    group.add_argument(
        "--force", action="store_true", help="poll every feed now, but where its server asked for a pause or it is gone"
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
        help="look for copies in the last D days (default 30)",
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
    group.add_argument(
        "--stories_across_languages",
        action="store_true",
        help="reports of one event in several languages are one story; needs pip install 'newsbeam[stories]'",
    )


def add_links(group: argparse._ActionsContainer) -> None:
    """Add the option of all that finds articles' texts."""
    group.add_argument("--keep_links", action="store_true", help="keep the links of the articles' texts (column links)")


def add_run(group: argparse._ActionsContainer) -> None:
    """Add the options of every run."""
    group.add_argument(
        "--compact",
        choices=("auto", "off"),
        default="auto",
        help="after a run, make fewer files of partitions that have many (default auto)",
    )
    add_grace(group)
    group.add_argument("--now", type=instant, metavar="ISO", help="take this instant for now (replays and tests)")
    group.add_argument(
        "--json", action="store_true", help="print the run's summary as one JSON object on the last line"
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


def build_settings(given: argparse.Namespace, beam_args: Sequence[str]) -> IngestSettings:
    """The settings of building articles without a request. Raises UsageError where an extra is missing."""
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.run.runners import parallel_workers
    from pipelines.run.settings import IngestSettings

    workers = parallel_workers(PipelineOptions(list(beam_args)))
    return IngestSettings(
        sandbox=_sandbox(given, workers),
        shards=min(workers, _MOST_SHARDS),
        keep_links=given.keep_links,
        stories_across_languages=_stories_across_languages(given),
        copies_horizon_days=given.copies_horizon_days,
        compacts=getattr(given, "compact", "off") == "auto",
        grace_s=given.grace,
    )


def _stories_across_languages(given: argparse.Namespace) -> bool:
    """Whether stories are told across languages. Raises UsageError if the model for that is not installed."""
    from transforms.compare.stories.across.embedding import PACKAGE, is_installed

    asked: bool = given.stories_across_languages
    if asked and not is_installed():
        raise UsageError(f"--stories_across_languages needs {PACKAGE}: pip install 'newsbeam[stories]'")
    return asked


def _sandbox(given: argparse.Namespace, workers: int) -> Sandbox:
    """The processes that parse pages, of each of the runner's workers."""
    from pipelines.start_workers import PRELOAD
    from transforms.sandbox import Sandbox

    return Sandbox(
        workers=given.extract_workers or _share_of_cores(workers), cpu_limit_s=given.page_seconds, preload=PRELOAD
    )


def ingest_settings(
    given: argparse.Namespace, beam_args: Sequence[str], feed_urls: Sequence[str], run_gap_s: float = 0.0
) -> IngestSettings:
    """The settings of a run. Raises UsageError for a value that is not possible.

    `run_gap_s` is the time to the next run, 0 if unknown.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.run.runners import parallel_workers
    from pipelines.run.settings import IngestSettings
    from transforms.feeds.scheduling.cursor import PollSettings

    workers = parallel_workers(PipelineOptions(list(beam_args)))
    http, guard = network_settings(given, feed_urls)
    try:
        return IngestSettings(
            http=http,
            guard=guard,
            polling=PollSettings(min_interval_s=int(given.poll_interval * 60), run_gap_s=run_gap_s, force=given.force),
            sandbox=_sandbox(given, workers),
            shards=min(workers, _MOST_SHARDS),
            max_pages=given.max_pages,
            max_run_s=None if given.max_run_minutes is None else given.max_run_minutes * 60,
            page_flush_s=given.flush_seconds,
            keep_links=given.keep_links,
            stories_across_languages=_stories_across_languages(given),
            copies_horizon_days=given.copies_horizon_days,
            compacts=given.compact == "auto",
            grace_s=given.grace,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def network_settings(given: argparse.Namespace, urls: Sequence[str]) -> tuple[Any, Any]:
    """HttpSettings and AddressGuard. Raises UsageError without a contact, unless all `urls` are on loopback."""
    from transforms.web.http.guard import AddressGuard
    from transforms.web.settings import HttpSettings

    if not given.contact and not all(map(_is_loopback, urls)):
        raise UsageError(
            "--contact is missing: publishers see it in the User-Agent and can reach you before they block you; "
            "give a web page or mail address, for example --contact https://example.org/newsbeam"
        )
    networks = tuple(filter(None, (text.strip() for text in given.allow_networks.split(","))))
    try:
        return HttpSettings(contact=given.contact, host_delay_s=given.host_delay), AddressGuard(networks)
    except ValueError as error:
        raise UsageError(str(error)) from None


def now_of(given: argparse.Namespace) -> datetime:
    """The instant of the command: `--now`, or the real one; also of commands that have no such option."""
    return given.now if getattr(given, "now", None) else datetime.now(UTC)


def clock_of(given: argparse.Namespace) -> Clock:
    """The run's clock: real time, or a clock that starts at `--now`."""
    from transforms.common.clock import Clock

    return Clock.starting_at(round(given.now.timestamp() * 1_000_000)) if given.now else Clock()


def shown_settings(given: argparse.Namespace, beam_args: Sequence[str]) -> dict[str, Any]:
    """The options that the manifest records."""
    return {name: getattr(given, name) for name in _SHOWN} | {"beam": list(beam_args)}


def _share_of_cores(workers: int) -> int:
    import os

    return max(1, (os.cpu_count() or 1) // workers)


def _pages(text: str) -> int | None:
    """A number of pages, or ``all`` for no limit."""
    return None if text.strip().lower() == "all" else whole(0, 1_000_000_000)(text)


def _minutes(text: str) -> float | None:
    """A number of minutes, or ``none`` for no limit."""
    return None if text.strip().lower() == "none" else number(0, 525_600)(text)


def _is_loopback(url: str) -> bool:
    from transforms.web.urls import BadUrl, parse_url

    try:
        host = parse_url(url).hostname.strip("[]")
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (BadUrl, ValueError):
        return False
