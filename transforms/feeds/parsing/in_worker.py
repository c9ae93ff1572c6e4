"""Parsers in worker processes: what goes wrong there is the feed's failure."""

from __future__ import annotations

import asyncio
from typing import Any

from transforms.common.by_name import ByName
from transforms.feeds.parsing.parsed import FeedBugError, FeedError
from transforms.sandbox import BugError, Guarded, SandboxError, SandboxPool

PARSE = Guarded(ByName("transforms.feeds.parsing.parse_feed", "parse_feed"), (FeedError,))
"""`parse_feed`, its own bugs told from a feed's faults."""


async def in_worker(pool: SandboxPool, what: str, parser: Guarded, *given: Any) -> Any:
    """What `parser` makes of what is `given`, in a worker process.

    FeedError where that is killed, and FeedBugError where the parser itself is at fault, both with `what` was parsed.
    """
    try:
        return await asyncio.wrap_future(pool.submit(parser, *given))
    except BugError as bug:
        raise FeedBugError(bug.reason, f"parsing {what} {bug.message}") from bug
    except SandboxError as error:
        raise FeedError(error.reason, f"parsing {what} {error.message}") from error
