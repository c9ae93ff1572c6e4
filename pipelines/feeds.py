"""Work on feed lists, without a lake: what feeds a site has, whether those of a list are well, lists from one form
to another."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pipelines import options
from pipelines.feeds_status import feeds_status
from pipelines.options import UsageError
from pipelines.printable import json_text, plain
from schemas.feed import FeedSpec
from schemas.run import iso
from transforms.feeds.check_feed import FeedCheck, check_feed
from transforms.feeds.discover import Lead, feed_links
from transforms.feeds.feed_list import FeedListError, read_feed_list
from transforms.feeds.find_feeds import SiteFeeds, find_feeds
from transforms.feeds.parse_feed import parse_feed
from transforms.feeds.parsed import FeedError, ParsedFeed
from transforms.feeds.write_feed_list import FORMATS, form_of, write_feed_list
from transforms.sandbox import Sandbox, SandboxError, SandboxPool
from transforms.text.clock import Clock
from transforms.web.polite import PoliteClient, open_polite_client
from transforms.web.urls import BadUrl, host_of, parse_url

_AT_ONCE = 64
_PRELOAD = ("transforms.feeds.parse_feed", "transforms.feeds.discover")

Result = TypeVar("Result")


def feeds(given: argparse.Namespace) -> int:
    """Run ``newsbeam feeds discover``, ``check``, ``import`` or ``status``. 0: all is well; 1: a site without feeds, a
    bad feed.
    """
    if given.feeds_command == "status":
        return feeds_status(given, [spec.url for spec in _read_list(given.feeds)] if given.feeds else None)
    return {"discover": _discover, "check": _check, "import": _import}[given.feeds_command](given)


def _discover(given: argparse.Namespace) -> int:
    urls = [url if "://" in url else f"https://{url}" for url in given.urls]
    for url in urls:
        try:
            parse_url(url)
        except BadUrl as error:
            raise UsageError(str(error)) from None

    async def find(tools: _Tools, url: str) -> SiteFeeds:
        return await find_feeds(
            url,
            tools.client,
            tools.parse,
            tools.read_links,
            tools.robots_of,
            tools.clock.now_us(),
            given.max_requests,
            given.all,
        )

    sites = _with_tools(given, urls, find, urls)
    if given.opml:
        found = [feed for site in sites for feed in site.feeds if feed.same_as is None]
        specs = {feed.url: FeedSpec(feed.url, feed.title, feed.language) for feed in found}
        _write(given.opml, write_feed_list(specs.values(), "opml"))
    if given.json:
        print(json_text({"sites": [_shown(site) for site in sites]}))
    else:
        _print_sites(sites)
    return 0 if all(site.feeds for site in sites) else 1


def _check(given: argparse.Namespace) -> int:
    specs = _read_list(given.file)

    async def check(tools: _Tools, spec: FeedSpec) -> FeedCheck:
        return await check_feed(spec, tools.client, tools.parse, tools.clock.now_us())

    checks = _with_tools(given, [spec.url for spec in specs], check, specs)
    bad = sum(check.is_bad for check in checks)
    if given.json:
        print(json_text({"feeds": [_shown(check) for check in checks], "bad": bad}))
    else:
        header = ("", "feed", "format", "entries", "newest", "conditional", "problems")
        _print_table([header, *map(_check_row, checks)])
        print(f"\n{len(checks)} feeds, {bad} bad")
    return 1 if bad else 0


def _import(given: argparse.Namespace) -> int:
    specs = _read_list(given.file)
    form = given.form or form_of(given.to)
    if form is None:
        raise UsageError(f"--to {given.to}: name a file that ends in .{', .'.join(FORMATS)}, or say --form")
    _write(given.to, write_feed_list(specs, form))
    if given.to != "-":
        print(f"{len(specs)} feeds written to {given.to} as {form}")
    return 0


def _read_list(name: str) -> list[FeedSpec]:
    try:
        return read_feed_list(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes(), name)
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None
    except FeedListError as error:
        raise UsageError(str(error)) from None


def _write(name: str, text: str) -> None:
    """The whole file or none of it; ``-`` is standard output."""
    if name == "-":
        sys.stdout.write(text)
        return
    unfinished = Path(f"{name}.{os.getpid()}.tmp")
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(name)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UsageError(f"cannot write {name}: {error.strerror}") from None


class _Tools(NamedTuple):
    """What looking at feeds needs: the network, made polite, and parsers in processes that can be killed."""

    client: PoliteClient
    pool: SandboxPool
    clock: Clock

    async def parse(self, body: bytes, content_type: str | None, base_url: str) -> ParsedFeed:
        return await _settled(self.pool.submit(parse_feed, body, content_type, base_url))

    async def read_links(self, body: bytes, content_type: str | None, base_url: str) -> tuple[Lead, ...]:
        return await _settled(self.pool.submit(feed_links, body, content_type, base_url))

    def robots_of(self, url: str) -> str | None:
        host = host_of(url)
        return next((memory.robots_body for memory in self.client.memories() if memory.host == host), None)


async def _settled(future: Future[Result]) -> Result:
    try:
        return await asyncio.wrap_future(future)
    except SandboxError as error:
        raise FeedError(error.reason, f"parsing it {error.message}") from error


Item = TypeVar("Item")


def _with_tools(
    given: argparse.Namespace,
    urls: Sequence[str],
    look: Callable[[_Tools, Item], Awaitable[Result]],
    items: Sequence[Item],
) -> list[Result]:
    """The results of `look` for each item, in their order; hosts side by side, each in its own time."""
    http, guard = options.network_settings(given, urls)
    clock = options.clock_of(given)
    pool = Sandbox(preload=_PRELOAD).open()

    async def look_at_all() -> list[Result]:
        gate = asyncio.Semaphore(_AT_ONCE)
        counter = _Counter(len(items))

        async def look_at(tools: _Tools, item: Item) -> Result:
            async with gate:
                result = await look(tools, item)
            counter.step()
            return result

        async with open_polite_client(http, guard, clock) as client, asyncio.TaskGroup() as group:
            tools = _Tools(client, pool, clock)
            tasks = [group.create_task(look_at(tools, item)) for item in items]
        return [task.result() for task in tasks]

    try:
        return asyncio.run(look_at_all())
    finally:
        pool.close()


class _Counter:
    """How far it is, on a terminal's standard error."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if sys.stderr.isatty():
            end = "\n" if self._done == self._total else ""
            print(f"\r{self._done} of {self._total}", end=end, file=sys.stderr, flush=True)


def _shown(result: SiteFeeds | FeedCheck) -> dict[str, Any]:
    """As JSON: instants as ISO 8601."""

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
        _minute(check.newest_us),
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
                _minute(feed.newest_us),
                feed.title or "",
                f"same as {feed.same_as}" if feed.same_as else "",
            )
            for feed in site.feeds
        ]
        if rows:
            _print_table([("  feed", "found by", "format", "entries", "newest", "title", ""), *rows])


def _minute(instant_us: int | None) -> str:
    return iso(instant_us)[:16].replace("T", " ") if instant_us is not None else "-"


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Aligned columns without a frame, nothing cut, so that it can be read, searched and piped alike."""
    rows = [tuple(map(plain, row)) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cell for cell in cells).rstrip())
