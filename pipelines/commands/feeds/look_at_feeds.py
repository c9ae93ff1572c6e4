"""Looks at many feeds or sites in parallel, without a lake, with the polite client and sandboxed parsers."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from pipelines.checks import CommandError
from pipelines.given.config_choices import choices_of
from pipelines.given.network import network_settings
from pipelines.given.times import clock_of
from schemas.feed import FeedSpec
from transforms.common.clock import Clock
from transforms.feeds.lists.discover import Lead, feed_links
from transforms.feeds.lists.find_feeds import SiteFeeds, find_feeds
from transforms.feeds.parsing.in_worker import PARSE, in_worker
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed
from transforms.sandbox import Guarded, NoWorkersError, Sandbox, SandboxPool, told
from transforms.web.chosen.feed_settings import with_settings
from transforms.web.http.fetcher import fetcher_of
from transforms.web.politeness.polite import PoliteClient, open_polite_client
from transforms.web.urls import host_of

_AT_ONCE: Final = 64
_PRELOAD: Final = ("transforms.feeds.parsing.parse_feed", "transforms.feeds.lists.discover")
_READ_LINKS: Final = Guarded(feed_links, (FeedError,))

Item = TypeVar("Item")
Result = TypeVar("Result")


class Tools(NamedTuple):
    """The client, parsers and clock for looking at feeds."""

    client: PoliteClient
    pool: SandboxPool
    clock: Clock

    async def parse(self, body: bytes, content_type: str | None, base_url: str, spec: FeedSpec) -> ParsedFeed:
        """`parse_feed` in a worker process. FeedError, and FeedBugError where the parser itself is at fault."""
        parsed: ParsedFeed = await in_worker(self.pool, "it", PARSE, body, content_type, base_url, spec)
        return parsed

    async def read_links(self, body: bytes, content_type: str | None, base_url: str) -> tuple[Lead, ...]:
        """`feed_links` in a worker process; errors as of `parse`."""
        leads: tuple[Lead, ...] = await in_worker(self.pool, "it", _READ_LINKS, body, content_type, base_url)
        return leads

    def robots_of(self, url: str) -> str | None:
        """The robots.txt that was read for the host of a URL; None without one."""
        host = host_of(url)
        return next((memory.robots_body for memory in self.client.memories() if memory.host == host), None)


def look_at_each(
    given: argparse.Namespace,
    urls: Sequence[str],
    look: Callable[[Tools, Item], Awaitable[Result]],
    items: Sequence[Item],
    crashed: Callable[[Item, str], Result],
) -> list[Result]:
    """The results of `look` for all items, in their order; at most 64 items are looked at in parallel.

    A bug of ours costs only its item: `crashed` makes the item's result from the exception in words. Raises
    CommandError if no worker process starts.
    """
    http, guard = network_settings(given, urls)
    clock = clock_of(given)
    pool = Sandbox(preload=_PRELOAD).open()

    async def look_at_all() -> list[Result]:
        gate = asyncio.Semaphore(_AT_ONCE)
        counter = _Counter(len(items))

        async def look_at(tools: Tools, item: Item) -> Result:
            async with gate:
                try:
                    result = await look(tools, item)
                except (NoWorkersError, MemoryError):
                    raise
                except Exception as error:
                    result = crashed(item, told(error))
            counter.step()
            return result

        async with open_polite_client(http, guard, clock) as client, asyncio.TaskGroup() as group:
            tools = Tools(client, pool, clock)
            tasks = [group.create_task(look_at(tools, item)) for item in items]
        return [task.result() for task in tasks]

    try:
        return asyncio.run(look_at_all())
    except ExceptionGroup as group:
        without_workers, others = group.split(NoWorkersError)
        if others is not None or without_workers is None:
            raise
        raise CommandError(str(without_workers.exceptions[0])) from group
    finally:
        pool.close()


def look_at_sites(given: argparse.Namespace, urls: Sequence[str], everywhere: bool = False) -> list[SiteFeeds]:
    """The feeds of each site, found as `find_feeds` finds them, with the credentials that the settings file names for
    an address. Raises CommandError if no worker process starts."""
    feeds, _ = choices_of(given)

    async def find(tools: Tools, url: str) -> SiteFeeds:
        return await find_feeds(
            url,
            fetcher_of(tools.client, with_settings(FeedSpec(url), feeds.of(url))),
            tools.parse,
            tools.read_links,
            tools.robots_of,
            tools.clock.now_us(),
            given.max_requests,
            everywhere,
        )

    return look_at_each(given, urls, find, urls, lambda url, bug: SiteFeeds(url, (), 0, f"looking for feeds {bug}"))


class _Counter:
    """Shows progress on standard error if it is a terminal."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def step(self) -> None:
        """Count one more item as done."""
        self._done += 1
        if sys.stderr.isatty():
            end = "\n" if self._done == self._total else ""
            print(f"\r{self._done} of {self._total}", end=end, file=sys.stderr, flush=True)
