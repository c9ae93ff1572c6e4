"""What becomes of an entry after its fetch: a page, a failure for good, another try in a later run, or no try yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from schemas.failure import PASSING, Failure, InputKind, Stage
from schemas.feed import FeedEntry, Origin
from schemas.page import Page
from transforms.web.errors import FetchError

MAX_RETRIES = 5
"""How many runs may try an entry again after its first failure for a passing reason."""


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
    """An entry that was not tried, and why."""

    entry: FeedEntry
    why: str


@dataclass(frozen=True, slots=True)
class OfflineEntry:
    """An entry whose fetch failed because our own network was down, and how."""

    entry: FeedEntry
    why: str


FetchResult = Page | EntryFailure | DeferredEntry | OfflineEntry


class EntryEnd(NamedTuple):
    """The rows that one result gives; the page itself goes to the store."""

    outcome: FetchOutcome
    failure: Failure | None = None
    pending: FeedEntry | None = None


def end_of_entry(result: FetchResult, run_id: str, now_us: int | None = None) -> EntryEnd:
    """The outcome of one result. A failure that may pass leaves its entry for a later run, a few times.

    An entry that was not tried, or while our own network was down, uses up no try. What is left over waits from
    `now_us` on, if it did not before.
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
