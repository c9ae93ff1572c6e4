"""Entries to pages: one host's entries one after another, many hosts at a time. Plain asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from operator import attrgetter

from schemas.failure import Reason
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.pages.entry_end import DeferredEntry, EntryFailure, FetchResult, OfflineEntry
from transforms.pages.make_page import check_page, page_from
from transforms.sandbox import BugError, Guarded
from transforms.text.clock import Now
from transforms.web.errors import Deferred, FetchError
from transforms.web.fetcher import Fetcher
from transforms.web.outage import End, Sighting, Standing, end_of, of_our_network
from transforms.web.urls import BadUrl, host_of

ACCEPT = ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
WAITING_BYTES = 32 * 1024 * 1024


async def fetch_entries(
    entries: Sequence[FeedEntry],
    client: Fetcher,
    clock: Now,
    run_id: str,
    waiting_bytes: int = WAITING_BYTES,
) -> AsyncGenerator[FetchResult, None]:
    """One result for each entry, in the order in which they come; a host's own entries keep their order: those left
    over from earlier runs first, in the order in which they came, then the newest. Failures without an answer come
    last, when it can be told whether our own network was down.

    While finished pages of more than `waiting_bytes` wait to be taken, no new fetch is started.
    """
    lanes: dict[str, list[FeedEntry]] = {}
    for entry in sorted(entries, key=attrgetter("turn")):
        lanes.setdefault(lane_of(entry), []).append(entry)
    crew = _Crew(client, clock, run_id, waiting_bytes)
    tasks = [asyncio.create_task(crew.fetch_lane(lane)) for lane in lanes.values()]
    sightings: list[Sighting] = []
    unanswered: dict[int, EntryFailure] = {}
    try:
        for _ in entries:
            result, sighting = await crew.take()
            if isinstance(result, EntryFailure) and sighting.end in (End.UNREACHED, End.BROKEN_OFF):
                unanswered[len(sightings)] = result
            else:
                yield result
            sightings.append(sighting)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    is_ours = of_our_network(sightings)
    for number, failed in unanswered.items():
        yield OfflineEntry(failed.entry, failed.error.message) if is_ours[number] else failed


def lane_of(entry: FeedEntry) -> str:
    """The host whose turn an entry waits for; an address that cannot be read has no host and is a lane of its own."""
    try:
        return host_of(entry.url)
    except BadUrl:
        return entry.url_key


class _Crew:
    """The tasks that fetch, one a host, and the results that wait for the consumer."""

    def __init__(self, client: Fetcher, clock: Now, run_id: str, waiting_bytes: int) -> None:
        self._client = client
        self._clock = clock
        self._run_id = run_id
        self._limit_bytes = waiting_bytes
        self._waiting_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._results: asyncio.Queue[tuple[FetchResult, Sighting, object] | Exception] = asyncio.Queue()

    async def fetch_lane(self, lane: list[FeedEntry]) -> None:
        try:
            for entry in lane:
                await self._room.wait()
                self._put(*await self._fetch(entry))
        except Exception as bug:  # handed to the consumer, who raises it: a bug ends the run, it must not hang it
            self._results.put_nowait(bug)

    async def take(self) -> tuple[FetchResult, Sighting]:
        taken = await self._results.get()
        if isinstance(taken, Exception):
            raise taken
        result, sighting, _ = taken
        if isinstance(result, Page):
            self._waiting_bytes -= len(result.body)
            if self._waiting_bytes <= self._limit_bytes:
                self._room.set()
        return result, sighting

    def _put(self, result: FetchResult, sighting: Sighting, lease: object) -> None:
        """A large body's `lease` waits with it, so that no other takes its room before it is taken."""
        if isinstance(result, Page):
            self._waiting_bytes += len(result.body)
            if self._waiting_bytes > self._limit_bytes:
                self._room.clear()
        self._results.put_nowait((result, sighting, lease))

    async def _fetch(self, entry: FeedEntry) -> tuple[FetchResult, Sighting, object]:
        began_us = self._clock.now_us()

        def seen(end: End) -> Sighting:
            standing = Standing.FAILING if entry.attempts else Standing.WELL
            return Sighting(lane_of(entry), began_us, self._clock.now_us(), end, standing)

        try:
            if not entry.url.strip():
                raise FetchError(Reason.BAD_URL, "the entry has no address")
            response = await self._client.fetch(entry.url, (ACCEPT,))
            # A bug on what one server sent is that entry's failure: it would be fetched again, and fail every run.
            Guarded(check_page, (FetchError,))(response)
            page = Guarded(page_from)(entry, response, self._clock.now_us(), self._run_id)
            return page, seen(End.ANSWERED), response.lease
        except FetchError as error:
            return EntryFailure(entry, error, self._clock.now_us()), seen(end_of(error)), None
        except BugError as bug:
            failed = EntryFailure(entry, FetchError(bug.reason, bug.message), self._clock.now_us())
            return failed, seen(End.ANSWERED), None
        except Deferred as deferred:
            return DeferredEntry(entry, str(deferred)), seen(End.NOTHING), None
