"""Decides what a revisit has found, and what is remembered of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from schemas.article import PageKind
from schemas.failure import Failure, InputKind, Stage
from schemas.page import Page
from schemas.revisit import DueRevisit, Revisit, Withdrawal
from transforms.web.errors import FetchError
from transforms.web.http.response import Response

GONE: Final = frozenset({404, 410})
"""The statuses that say that an article was withdrawn. Others (401, 403, 451, 5xx) are failures: they may be about us
or about the moment."""


class RevisitOutcome(StrEnum):
    """How a revisit ended; exactly one each. MOVED: its address leads to another article with other words; RETURNED: a
    withdrawn article is there again; OFFLINE: our own network was down; DEFERRED: it was not asked for in this run.
    The last two stay due."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    MOVED = "moved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    OFFLINE = "offline"
    DEFERRED = "deferred"


STORED: Final = (RevisitOutcome.EDITED, RevisitOutcome.MOVED, RevisitOutcome.RETURNED)
"""The outcomes of which the page is stored, and built as any other."""


class Looked(NamedTuple):
    """What a page holds now: its article, the hash of the words that it prints, and the kind of the page."""

    article_id: str
    printed: str
    page_kind: str | None


@dataclass(frozen=True, slots=True)
class Revisited:
    """A revisit that has ended at `at_us`: its outcome, the page if it is to be stored, the error if it failed.

    `response` is an answer whose words were those known before. `why` says why it was deferred.
    """

    due: DueRevisit
    outcome: RevisitOutcome
    at_us: int
    page: Page | None = None
    looked: Looked | None = None
    response: Response | None = None
    error: FetchError | None = None
    why: str = ""


def outcome_of_status(due: DueRevisit, response: Response) -> RevisitOutcome | None:
    """The outcome of an answer that its status tells; None where its page must be looked at."""
    if response.status == 304 and conditions_of(due):
        return RevisitOutcome.UNCHANGED
    return _gone(due) if response.status in GONE else None


def outcome_of_page(due: DueRevisit, response: Response, looked: Looked | None) -> RevisitOutcome:
    """The outcome of an answer with a page; `looked` is None where looking at it was too much for a worker.

    A page that is no article any more says that the article is withdrawn: one that says "not found", or a front page
    or section to which the address is redirected now. Words are compared as printed, after cleaning: what rotates
    around the text is no edit.
    """
    if looked is None:
        return RevisitOutcome.RETURNED if due.is_withdrawn else RevisitOutcome.EDITED
    is_front = looked.page_kind == PageKind.SECTION_FRONT and bool(response.redirects)
    if is_front or looked.page_kind == PageKind.NOT_FOUND:
        return _gone(due)
    if looked.article_id != due.row.article_id:
        is_same = looked.printed == due.printed and not due.is_withdrawn
        return RevisitOutcome.UNCHANGED if is_same else RevisitOutcome.MOVED
    if due.is_withdrawn:
        return RevisitOutcome.RETURNED
    return RevisitOutcome.UNCHANGED if looked.printed == due.printed else RevisitOutcome.EDITED


def _gone(due: DueRevisit) -> RevisitOutcome:
    return RevisitOutcome.UNCHANGED if due.is_withdrawn else RevisitOutcome.WITHDRAWN


def conditions_of(due: DueRevisit) -> tuple[tuple[str, str], ...]:
    """The conditional headers of a revisit. None for a withdrawn article: its validators are those of its text."""
    if due.is_withdrawn:
        return ()
    given = (("If-None-Match", due.etag), ("If-Modified-Since", due.last_modified))
    return tuple((name, value) for name, value in given if value)


def row_after(revisited: Revisited) -> Revisit | None:
    """What is remembered after a revisit; None where it stays due.

    An address that leads to another article is not asked again for this one: the other has its own row.
    """
    due, at_us = revisited.due, revisited.at_us
    outcome, row = revisited.outcome, replace(revisited.due.row, asked_at_us=revisited.at_us)
    if outcome in (RevisitOutcome.OFFLINE, RevisitOutcome.DEFERRED):
        return None
    if outcome is RevisitOutcome.MOVED:
        return replace(row, until_at_us=at_us)
    if revisited.page is not None:
        fetched_at_us = revisited.page.fetched_at_us
        return replace(row, fetched_at_us=fetched_at_us, validator_url=None, etag=None, last_modified=None)
    if (response := revisited.response) is not None and response.status == 200 and not due.is_withdrawn:
        etag, last_modified = (response.headers.get(name) or None for name in ("etag", "last-modified"))
        return replace(row, validator_url=response.final_url, etag=etag, last_modified=last_modified)
    return row


def withdrawal_of(revisited: Revisited) -> Withdrawal | None:
    """The withdrawal that a revisit has found, if it has."""
    is_withdrawn = revisited.outcome is RevisitOutcome.WITHDRAWN
    return Withdrawal(revisited.due.row.article_id, revisited.at_us) if is_withdrawn else None


def failure_of(revisited: Revisited, run_id: str) -> Failure | None:
    """The failure of a revisit, if it failed for good in this run; the next interval is its next try."""
    if revisited.error is None or revisited.outcome is not RevisitOutcome.FAILED:
        return None
    entry, error = revisited.due.entry, revisited.error
    return Failure(
        stage=Stage.PAGES,
        reason=error.reason,
        message=error.message,
        input_kind=InputKind.REVISIT,
        input=revisited.due.url,
        failed_at_us=revisited.at_us,
        run_id=run_id,
        feed_url=entry.feed_url or None,
        url_key=entry.url_key,
        status=error.status,
    )
