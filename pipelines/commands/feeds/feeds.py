"""``newsbeam feeds``: finds the feeds of a site, checks the feeds of a list, converts lists; calls its other rooms."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pipelines.checks import UsageError, check_output
from pipelines.commands.feeds.edit_feeds import add_feeds, remove_feeds
from pipelines.commands.feeds.feeds_status import feeds_status
from pipelines.commands.feeds.look_at_feeds import Tools, look_at_each, look_at_sites
from pipelines.commands.feeds.order_feeds import order_feeds
from pipelines.given.config_choices import choices_of
from pipelines.given.whole_file import write_whole
from pipelines.printable import json_text, minute, plain
from pipelines.read_feeds import read_feeds
from schemas.failure import Reason
from schemas.feed import FeedSpec
from schemas.feed_order import Order
from schemas.run import iso
from transforms.feeds.lists.check_feed import FeedCheck, check_feed
from transforms.feeds.lists.find_feeds import SiteFeeds
from transforms.feeds.lists.write_feed_list import FORMATS, form_of, write_feed_list
from transforms.web.chosen.feed_settings import with_settings
from transforms.web.urls import BadUrl, parse_url, typed_url


def feeds(given: argparse.Namespace) -> int:
    """The exit status of ``newsbeam feeds discover``, ``check`` and so on.

    0: all is well; 1: a site without feeds, a bad feed, or an address for which nothing was done.
    """
    if given.feeds_command in set(Order):
        return order_feeds(given)
    if given.feeds_command == "status":
        listed = None if given.feeds is None else [spec.url for spec in read_feeds(given.feeds)]
        return feeds_status(given, listed)
    commands = {
        "discover": _discover,
        "check": _check,
        "import": _import,
        "add": add_feeds,
        "remove": remove_feeds,
    }
    return commands[given.feeds_command](given)


def _discover(given: argparse.Namespace) -> int:
    try:
        urls = [typed_url(url) for url in given.urls]
        for url in urls:
            parse_url(url)
    except BadUrl as error:
        raise UsageError(str(error)) from None
    if given.opml:
        check_output(given.opml)

    sites = look_at_sites(given, urls, given.all)
    if given.opml:
        found = [feed for site in sites for feed in site.feeds if feed.same_as is None]
        specs = {feed.url: FeedSpec(feed.url, feed.title, feed.language) for feed in found}
        _write(given.opml, write_feed_list(specs.values(), "opml"))
    if given.json:
        print(json_text({"sites": [_shown(site) for site in sites]}))
    else:
        _print_sites(sites)
    return 0 if all(site.feeds and site.problem is None for site in sites) else 1


def _check(given: argparse.Namespace) -> int:
    feeds, _ = choices_of(given)
    specs = [with_settings(spec, feeds.of(spec.url)) for spec in read_feeds(given.file)]

    async def check(tools: Tools, spec: FeedSpec) -> FeedCheck:
        return await check_feed(spec, tools.client, tools.parse, tools.clock.now_us())

    def crashed(spec: FeedSpec, bug: str) -> FeedCheck:
        return FeedCheck(spec.url, spec.title, reason=str(Reason.CRASH), problems=(f"checking it {bug}",))

    checks = look_at_each(given, [spec.url for spec in specs], check, specs, crashed)
    bad = sum(check.is_bad for check in checks)
    if given.json:
        print(json_text({"feeds": [_shown(check) for check in checks], "bad": bad}))
    else:
        header = ("", "feed", "format", "entries", "newest", "conditional", "problems")
        _print_table([header, *map(_check_row, checks)])
        print(f"\n{len(checks)} feeds, {bad} bad")
    return 1 if bad else 0


def _import(given: argparse.Namespace) -> int:
    specs = read_feeds(given.file)
    form = given.form or form_of(given.to)
    if form is None:
        raise UsageError(f"--to {given.to}: name a file that ends in .{', .'.join(FORMATS)}, or say --form")
    _write(given.to, write_feed_list(specs, form))
    if given.to != "-":
        print(f"{len(specs)} feeds written to {given.to} as {form}")
    return 0


def _write(name: str, text: str) -> None:
    """Write the whole file or, after an error, nothing; ``-`` is standard output."""
    if name == "-":
        sys.stdout.write(text)
        return
    check_output(name)
    write_whole(name, text.encode())


def _shown(result: SiteFeeds | FeedCheck) -> dict[str, Any]:
    """A result as JSON values, instants as ISO 8601."""

    def shown(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name.removesuffix("_us"): (iso(item) if item is not None else None)
                if name.endswith("_us")
                else shown(item)
                for name, item in value.items()
            }
        return [shown(item) for item in value] if isinstance(value, list | tuple) else value

    return dict(shown(asdict(result)))


def _check_row(check: FeedCheck) -> tuple[str, ...]:
    problems = "; ".join(check.problems)
    return (
        "bad" if check.is_bad else "ok",
        check.url,
        check.format or "-",
        str(check.entries) if check.format else "-",
        minute(check.newest_us),
        {"304": "yes", "ignored": "no", "none": "no validators", "unknown": "-"}[check.conditional],
        f"{check.reason}: {problems}" if check.reason else problems,
    )


def _print_sites(sites: Iterable[SiteFeeds]) -> None:
    for site in sites:
        print(f"{plain(site.url)}: {len(site.feeds)} feeds, {site.requests} requests")
        if site.problem:
            print(f"  {plain(site.problem)}")
        rows = [
            (
                f"  {feed.url}",
                feed.found_by,
                feed.format,
                str(feed.entries),
                minute(feed.newest_us),
                feed.title or "",
                f"same as {feed.same_as}" if feed.same_as else "",
            )
            for feed in site.feeds
        ]
        if rows:
            _print_table([("  feed", "found by", "format", "entries", "newest", "title", ""), *rows])


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print aligned columns without a frame; nothing is cut, so that the output can be searched and piped."""
    rows = [tuple(map(plain, row)) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cell for cell in cells).rstrip())
