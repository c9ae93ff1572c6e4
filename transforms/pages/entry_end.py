"""Decides what becomes of an entry after its fetch: a page, a final failure, or another try in a later run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from schemas.failure import PASSING, Failure, InputKind, Stage
from schemas.feed import FeedEntry, Origin
from schemas.page import Page
from transforms.web.errors import FetchError

MAX_RETRIES = 5
"""How many later runs may retry an entry after its first failure for a passing reason."""


class FetchOutcome(StrEnum):
    """How the fetch of one entry ended; exactly one an entry. FAILED: for good; RETRY: another run tries again;
    OFFLINE: our own network was down; DEFERRED: it was not tried."""

    PAGE = "page"
    FAILED = "failed"
    RETRY = "retry"
    OFFLINE = "offline"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class EntryFailure:
    """An entry whose fetch failed."""

    entry: FeedEntry
    error: FetchError
    failed_at_us: int


@dataclass(frozen=True, slots=True)
class DeferredEntry:
    """An entry that was not fetched in this run, and why."""

    entry: FeedEntry
    why: str


@dataclass(frozen=True, slots=True)
class OfflineEntry:
    """An entry whose fetch failed because our own network was down, and the error's text."""

    entry: FeedEntry
    why: str


FetchResult = Page | EntryFailure | DeferredEntry | OfflineEntry


class EntryEnd(NamedTuple):
    """The outcome of one entry, its failure, and the entry to try again; a page itself goes to the store."""

    outcome: FetchOutcome
    failure: Failure | None = None
    pending: FeedEntry | None = None


def end_of_entry(result: FetchResult, run_id: str, now_us: int | None = None) -> EntryEnd:
    """The end of one entry. A failure for a passing reason leaves the entry for a later run, `MAX_RETRIES` times.

    An entry that was not fetched, or failed because our own network was down, uses up no try. An entry that is left
    over for the first time waits since `now_us`.
    """
    if isinstance(result, Page):
        return EntryEnd(FetchOutcome.PAGE)
    entry = result.entry
    left = replace(entry, origin=Origin.PENDING, waiting_since_us=entry.waiting_since_us or now_us)
    if not isinstance(result, EntryFailure):
        is_offline = isinstance(result, OfflineEntry)
        return EntryEnd(FetchOutcome.OFFLINE if is_offline else FetchOutcome.DEFERRED, pending=left)
    failure = _failure(result, run_id)
    if result.error.reason in PASSING and entry.attempts < MAX_RETRIES:
        again = replace(left, attempts=entry.attempts + 1)
        return EntryEnd(FetchOutcome.RETRY, failure, again)
    return EntryEnd(FetchOutcome.FAILED, failure)


def _failure(result: EntryFailure, run_id: str) -> Failure:
    return Failure(
        stage=Stage.PAGES,
        reason=result.error.reason,
        message=result.error.message,
        input_kind=InputKind.ENTRY,
        input=result.entry.url,
        failed_at_us=result.failed_at_us,
        run_id=run_id,
        feed_url=result.entry.feed_url,
        url_key=result.entry.url_key,
        status=result.error.status,
    )
