"""The pollers of the polling benchmark. Each is timed without its start-up."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import aiohttp
import feedparser

from benchmarks.measured import tree_cpu_s
from benchmarks.poll_tools import CONNECTIONS, Cursors, connect
from benchmarks.polling_job import OLD, ROLES, Job
from schemas.feed import FeedSpec
from transforms.common.clock import Clock
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import ParsedFeed
from transforms.feeds.polling.poll import poll_feeds
from transforms.feeds.scheduling.cursor import PollSettings
from transforms.sandbox import Sandbox

_EMPTY = b"<rss version='2.0'><channel/></rss>"


def poll(job: Job) -> dict[str, Any]:
    """Wall and processor seconds of the poller's work, and what it noted."""
    work = dict(zip(ROLES, (_bare, _bare_and_feedparser, _poll, _transform), strict=True))
    return work[job.role](job)


def timed(job: Job, work: Callable[[], Any]) -> dict[str, Any]:
    """The seconds of all rounds of `work`, including its child processes, and what the last round noted."""
    cpu_s, loop_s, wall_s = tree_cpu_s(os.getpid()), time.process_time(), time.monotonic()
    seen = [work() for _ in range(job.rounds)]
    return {
        "wall_s": time.monotonic() - wall_s,
        "loop_s": time.process_time() - loop_s,
        "cpu_s": tree_cpu_s(os.getpid()) - cpu_s,
        **(seen[-1] or {}),
    }


def _bare(job: Job, parse: Callable[[bytes], Any] = len) -> dict[str, Any]:
    async def work() -> None:
        gate = asyncio.Semaphore(CONNECTIONS)

        async def ask(url: str, headers: dict[str, str]) -> None:
            async with gate, session.get(url, headers=headers) as response:
                body = await response.read()
            if response.status == 200:
                parse(body)

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            roots = {url.rpartition("/feed/")[0] for url in job.urls}
            await asyncio.gather(*(ask(f"{root}/robots.txt", {}) for root in roots))
            await asyncio.gather(*(ask(url, {"If-None-Match": OLD}) for url in job.urls))

    return timed(job, lambda: asyncio.run(work()))


def _bare_and_feedparser(job: Job) -> dict[str, Any]:
    return _bare(job, lambda body: feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False))


def _poll(job: Job) -> dict[str, Any]:
    pool = Sandbox(preload=("transforms.feeds.parsing.parse_feed",)).open()

    async def parse(body: bytes, content_type: str | None, base_url: str, spec: FeedSpec) -> ParsedFeed:
        return await asyncio.wrap_future(pool.submit(parse_feed, body, content_type, base_url, spec))

    async def work() -> None:
        cursors = Cursors(job.is_first)(job.urls)
        async with connect(job)() as client:
            specs = map(FeedSpec, job.urls)
            async for _ in poll_feeds(specs, cursors, client, parse, Clock(), "run", PollSettings()):
                pass

    try:
        for warm in [pool.submit(parse_feed, _EMPTY, None, "http://127.0.0.1/") for _ in range(8 * pool.size)]:
            warm.result()
        return timed(job, lambda: asyncio.run(work()))
    finally:
        pool.close()


def _transform(job: Job) -> dict[str, Any]:
    from benchmarks.poll_in_beam import poll_in_beam  # noqa: PLC0415 - keeps Beam out of the other pollers' memory

    return timed(job, lambda: poll_in_beam(job))
