"""Decides what becomes of an entry after its fetch: a page, a final failure, or another try in a later run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas.failure import PASSING, Failure, Stage
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.web.errors import FetchError

MAX_RETRIES = 5
"""How many later runs may retry an entry after its first failure for a passing reason."""


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """How the fetch of one entry ended: ``page``, ``failed``, ``retry``, ``deferred`` or ``offline``.

    Each entry has exactly one. `updated_us` is the entry's update date by its feed, to be remembered with the entry.
    """

    url_key: str
    outcome: str
    updated_us: int | None = None


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
        return EntryEnd(FetchOutcome(result.url_key, "page"))
    entry = result.entry
    left = replace(entry, origin="pending", waiting_since_us=entry.waiting_since_us or now_us)
    if not isinstance(result, EntryFailure):
        outcome = "offline" if isinstance(result, OfflineEntry) else "deferred"
        return EntryEnd(FetchOutcome(entry.url_key, outcome), pending=left)
    failure = _failure(result, run_id)
    if result.error.reason in PASSING and entry.attempts < MAX_RETRIES:
        again = replace(left, attempts=entry.attempts + 1)
        return EntryEnd(FetchOutcome(entry.url_key, "retry"), failure, again)
    return EntryEnd(FetchOutcome(entry.url_key, "failed", entry.updated_us), failure)


def _failure(result: EntryFailure, run_id: str) -> Failure:
    return Failure(
        stage=Stage.PAGES,
        reason=result.error.reason,
        message=result.error.message,
        input_kind="entry",
        input=result.entry.url,
        failed_at_us=result.failed_at_us,
        run_id=run_id,
        feed_url=result.entry.feed_url,
        url_key=result.entry.url_key,
        status=result.error.status,
    )
