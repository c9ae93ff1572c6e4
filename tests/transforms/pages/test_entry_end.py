from __future__ import annotations

import pytest

from schemas.failure import PASSING, Reason
from tests.transforms.pages.entries import entry
from transforms.pages.entry_end import (
    MAX_RETRIES,
    DeferredEntry,
    EntryFailure,
    FetchOutcome,
    OfflineEntry,
    end_of_entry,
)
from transforms.web.errors import FetchError

ENTRY = entry("https://news.example/a")


@pytest.mark.parametrize("reason", Reason)
def test_every_failure_is_recorded_and_only_a_passing_one_is_tried_again(reason: Reason) -> None:
    end = end_of_entry(EntryFailure(ENTRY, FetchError(reason, "why", 500), 7), "run-1")
    assert end.failure is not None
    assert (end.failure.stage, end.failure.reason, end.failure.input) == ("pages", reason, ENTRY.url)
    assert (end.failure.status, end.failure.failed_at_us, end.failure.input_kind) == (500, 7, "entry")
    if reason in PASSING:
        assert end.outcome == FetchOutcome.RETRY
        assert end.pending == entry(ENTRY.url, attempts=1, origin="pending")
    else:
        assert end.outcome == FetchOutcome.FAILED
        assert end.pending is None


def test_after_the_last_retry_a_passing_failure_stands() -> None:
    tired = entry(ENTRY.url, attempts=MAX_RETRIES, origin="pending")
    end = end_of_entry(EntryFailure(tired, FetchError(Reason.TIMEOUT, "slow"), 7), "run-1")
    assert (end.outcome, end.pending) == (FetchOutcome.FAILED, None)


def test_a_deferred_entry_is_left_as_it_was_and_is_no_failure() -> None:
    end = end_of_entry(DeferredEntry(entry(ENTRY.url, attempts=2), "no time"), "run-1")
    assert end.outcome == FetchOutcome.DEFERRED
    assert end.pending == entry(ENTRY.url, attempts=2, origin="pending")
    assert end.failure is None


def test_an_entry_that_met_our_own_outage_keeps_its_tries_and_is_no_failure() -> None:
    end = end_of_entry(OfflineEntry(entry(ENTRY.url, attempts=2), "no connection"), "run-1", 9)
    assert end.outcome == FetchOutcome.OFFLINE
    assert end.pending == entry(ENTRY.url, attempts=2, origin="pending", waiting_since_us=9)
    assert end.failure is None


def test_what_is_left_over_waits_since_the_first_run_that_left_it() -> None:
    first = end_of_entry(DeferredEntry(ENTRY, "no time"), "run-1", 9).pending
    assert first is not None
    second = end_of_entry(EntryFailure(first, FetchError(Reason.TIMEOUT, "slow"), 30), "run-2", 20).pending
    assert second is not None
    assert (first.waiting_since_us, second.waiting_since_us) == (9, 9)
