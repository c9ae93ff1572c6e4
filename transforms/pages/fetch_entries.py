"""Entries to pages: one host's entries one after another, many hosts at a time. Plain asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from schemas.failure import Reason
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.pages.make_page import check_page, page_from
from transforms.pages.settle import DeferredEntry, EntryFailure, FetchResult
from transforms.sandbox import BugError, Guarded
from transforms.web.errors import Deferred, FetchError
from transforms.web.response import Response
from transforms.web.urls import BadUrl, host_of

ACCEPT = ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
WAITING_BYTES = 32 * 1024 * 1024


class PageClient(Protocol):
    """A polite HTTP client; `transforms.web.polite.PoliteClient` is one. Raises FetchError and Deferred."""

    async def fetch(self, url: str, headers: Sequence[tuple[str, str]] = ()) -> Response: ...


class Now(Protocol):
    """A clock."""

    def now_us(self) -> int: ...


async def fetch_entries(
    entries: Sequence[FeedEntry],
    client: PageClient,
    clock: Now,
    run_id: str,
    waiting_bytes: int = WAITING_BYTES,
) -> AsyncGenerator[FetchResult, None]:
    """One result for each entry, in the order in which they come; a host's own entries keep their order: those left
    over from earlier runs first, then the newest.

    While finished pages of more than `waiting_bytes` wait to be taken, no new fetch is started.
    """
    lanes: dict[str, list[FeedEntry]] = {}
    for entry in sorted(entries, key=fetch_order):
        lanes.setdefault(lane_of(entry), []).append(entry)
    crew = _Crew(client, clock, run_id, waiting_bytes)
    tasks = [asyncio.create_task(crew.fetch_lane(lane)) for lane in lanes.values()]
    try:
        for _ in entries:
            yield await crew.take()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def fetch_order(entry: FeedEntry) -> tuple[bool, int, str]:
    """Sorts entries as they are fetched: left over from earlier runs first, then the newest; total and stable."""
    return entry.origin != "pending", -(entry.published_us or 0), entry.url_key


def lane_of(entry: FeedEntry) -> str:
    """The host whose turn an entry waits for; an address that cannot be read has no host and is a lane of its own."""
    try:
        return host_of(entry.url)
    except BadUrl:
        return entry.url_key


class _Crew:
    """The tasks that fetch, one a host, and the results that wait for the consumer."""

    def __init__(self, client: PageClient, clock: Now, run_id: str, waiting_bytes: int) -> None:
        self._client = client
        self._clock = clock
        self._run_id = run_id
        self._limit_bytes = waiting_bytes
        self._waiting_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._results: asyncio.Queue[tuple[FetchResult | Exception, object]] = asyncio.Queue()

    async def fetch_lane(self, lane: list[FeedEntry]) -> None:
        try:
            for entry in lane:
                await self._room.wait()
                self._put(*await self._fetch(entry))
        except Exception as bug:  # handed to the consumer, who raises it: a bug ends the run, it must not hang it
            self._results.put_nowait((bug, None))

    async def take(self) -> FetchResult:
        result, _ = await self._results.get()
        if isinstance(result, Exception):
            raise result
        if isinstance(result, Page):
            self._waiting_bytes -= len(result.body)
            if self._waiting_bytes <= self._limit_bytes:
                self._room.set()
        return result

    def _put(self, result: FetchResult, lease: object) -> None:
        """A large body's `lease` waits with it, so that no other takes its room before it is taken."""
        if isinstance(result, Page):
            self._waiting_bytes += len(result.body)
            if self._waiting_bytes > self._limit_bytes:
                self._room.clear()
        self._results.put_nowait((result, lease))

    async def _fetch(self, entry: FeedEntry) -> tuple[FetchResult, object]:
        try:
            if not entry.url.strip():
                raise FetchError(Reason.BAD_URL, "the entry has no address")
            response = await self._client.fetch(entry.url, (ACCEPT,))
            # A bug on what one server sent is that entry's failure: it would be fetched again, and fail every run.
            Guarded(check_page, (FetchError,))(response)
            return Guarded(page_from)(entry, response, self._clock.now_us(), self._run_id), response.lease
        except FetchError as error:
            return EntryFailure(entry, error, self._clock.now_us()), None
        except BugError as bug:
            return EntryFailure(entry, FetchError(bug.reason, bug.message), self._clock.now_us()), None
        except Deferred as deferred:
            return DeferredEntry(entry, str(deferred)), None
