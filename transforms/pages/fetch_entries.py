"""Fetches the pages of entries: one host's entries one after another, many hosts at a time. Plain asyncio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from operator import attrgetter

from schemas.failure import Reason
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.revisit import DueRevisit
from transforms.common.clock import Now
from transforms.pages.entry_end import DeferredEntry, EntryFailure, FetchResult, OfflineEntry
from transforms.pages.make_page import ACCEPT, check_page, page_from
from transforms.pages.revisit.ask_again import Look, ask_again
from transforms.pages.revisit.revisit_end import Revisited, RevisitOutcome
from transforms.sandbox import BugError, Guarded
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.fetcher import PageFetcher
from transforms.web.log_fields import about
from transforms.web.politeness.outage import End, Sighting, Standing, end_of
from transforms.web.politeness.take_turns import Told, take_turns
from transforms.web.urls import lane_of

WAITING_BYTES = 32 * 1024 * 1024


async def fetch_entries(
    entries: Sequence[FeedEntry],
    client: PageFetcher,
    clock: Now,
    run_id: str,
    waiting_bytes: int = WAITING_BYTES,
    revisits: Sequence[DueRevisit] = (),
    look: Look | None = None,
) -> AsyncGenerator[FetchResult | Revisited, None]:
    """One result for each entry and each revisit, as each is finished.

    A host's entries are fetched by `FeedEntry.turn`: those left over from earlier runs first, longest waiting before
    others, then the newest; its `revisits` come after all of them, and `look` is called with their pages. Failures
    without an answer come last, when it is known whether our own network was down. While finished pages of more than
    `waiting_bytes` wait to be taken, no new fetch starts.
    """
    lanes: dict[str, list[FeedEntry | DueRevisit]] = {}
    asked: list[FeedEntry | DueRevisit] = [*sorted(entries, key=attrgetter("turn")), *revisits]
    for one in asked:
        lanes.setdefault(lane_of(one.url), []).append(one)

    async def fetch(one: FeedEntry | DueRevisit) -> Told[FetchResult | Revisited]:
        began_us = clock.now_us()
        result: FetchResult | Revisited
        if isinstance(one, DueRevisit):
            assert look is not None, "revisits come with a look at their pages"
            with about(url=one.url):
                result, end, lease = await ask_again(one, client, look, clock, run_id)
            standing = Standing.WELL
        else:
            with about(url=one.url, feed=one.feed_url):
                result, end, lease = await _fetched(one, client, clock, run_id)
            standing = Standing.FAILING if one.attempts else Standing.WELL
        return Told(result, Sighting(lane_of(one.url), began_us, clock.now_us(), end, standing), lease)

    async with aclosing(take_turns(lanes.values(), fetch, _offline, _body_bytes, waiting_bytes)) as results:
        async for result in results:
            yield result


async def _fetched(entry: FeedEntry, client: PageFetcher, clock: Now, run_id: str) -> tuple[FetchResult, End, object]:
    """The result of one entry, what its request tells of our network, and the lease of a large body."""
    try:
        if not entry.url.strip():
            raise FetchError(Reason.BAD_URL, "the entry has no address")
        response = await client.fetch(entry.url, (ACCEPT,))
        # A bug on what one server sent is that entry's failure: it would be fetched again, and fail every run.
        Guarded(check_page, (FetchError,))(response)
        stated = Guarded(client.robots_usage)(response.final_url)
        page = Guarded(page_from)(entry, response, clock.now_us(), run_id, stated)
        return page, End.ANSWERED, response.lease
    except FetchError as error:
        return EntryFailure(entry, error, clock.now_us()), end_of(error), None
    except BugError as bug:
        return EntryFailure(entry, FetchError(bug.reason, bug.message), clock.now_us()), End.ANSWERED, None
    except Deferred as deferred:
        return DeferredEntry(entry, str(deferred)), End.NOTHING, None


def _offline(result: FetchResult | Revisited) -> FetchResult | Revisited:
    if isinstance(result, Revisited):
        return replace(result, outcome=RevisitOutcome.OFFLINE)
    return OfflineEntry(result.entry, result.error.message) if isinstance(result, EntryFailure) else result


def _body_bytes(result: FetchResult | Revisited) -> int:
    page = result.page if isinstance(result, Revisited) else result
    return len(page.body) if isinstance(page, Page) else 0
