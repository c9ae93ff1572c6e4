"""Runs, texts and the disk are held against what is usual, or a threshold."""

from __future__ import annotations

from transforms.common.clock import HOUR_US
from transforms.health.disk import DiskSpace, nearly_full
from transforms.health.findings import LakeFacts, findings
from transforms.health.rules import (
    DiskRule,
    FailuresRule,
    LastRunRule,
    PendingRule,
    PlainPagesRule,
    Rules,
    TextLengthRule,
)
from transforms.health.runs import FailureDays, failures_jumped, pending_grew, run_too_old
from transforms.health.sources import Source
from transforms.health.texts import SiteTexts, plainly_built, shortened

FEED = Source("https://example.org/feed", "ok", 600.0, 12.0, -1.0, 20, 0, (100, 90, 110, 95))


def test_failures_have_jumped_when_there_are_three_times_as_many_as_on_the_median_day() -> None:
    found = failures_jumped(FailureDays("pages/forbidden", 40, (10, 12, 300)), FailuresRule())
    assert found is not None
    assert (found.key, found.value, found.limit) == (("failures", "pages/forbidden"), 40, 36)
    for recent, earlier in ((36, (10, 12, 300)), (19, (0, 0, 0)), (100, (1, 1)), (30, (10, 10, 10))):
        assert failures_jumped(FailureDays("pages/forbidden", recent, earlier), FailuresRule()) is None
    assert failures_jumped(FailureDays("x", 20, (0, 0, 0)), FailuresRule()) is not None
    assert failures_jumped(FailureDays("x", 20, (0, 0, 0)), FailuresRule(on=False)) is None
    assert failures_jumped(FailureDays("x", 20, ()), FailuresRule(least_days=0)) is None  # as a rules file may say


def test_pending_entries_have_grown_when_there_are_twice_as_many_as_the_median_run_left() -> None:
    found = pending_grew(201, [100, 90, 110, 100, 100], PendingRule())
    assert found is not None
    assert (found.key, found.value, found.limit) == (("pending", ""), 201, 200)
    assert pending_grew(200, [100, 90, 110, 100, 100], PendingRule()) is None
    assert pending_grew(99, [0] * 5, PendingRule()) is None
    assert pending_grew(500, [0] * 4, PendingRule()) is None
    assert pending_grew(500, [], PendingRule(least_runs=0)) is None


def test_a_run_is_too_old_by_its_own_rhythm_by_an_age_or_after_a_day() -> None:
    def hours(rule: LastRunRule, gap_s: float) -> float | None:
        found = run_too_old(0, gap_s, rule, 10**15)
        return None if found is None else found.limit / 3_600

    assert hours(LastRunRule(), 3_600) == 3
    assert hours(LastRunRule(), 60) == 0.25
    assert hours(LastRunRule(), 0) == 24
    assert hours(LastRunRule(age_s=7_200), 3_600) == 2
    assert run_too_old(0, 3_600, LastRunRule(), 3 * HOUR_US) is None
    assert run_too_old(0, 3_600, LastRunRule(), 3 * HOUR_US + 1_000_000) is not None
    assert run_too_old(0, 3_600, LastRunRule(on=False), 10**15) is None


def test_texts_have_become_shorter_when_their_median_fell_and_there_are_enough() -> None:
    found = shortened(SiteTexts("example.org", 10, 239.0, 50, 400.0), TextLengthRule())
    assert found is not None
    assert (found.key, found.value, found.limit) == (("text_length", "example.org"), 239.0, 240.0)
    for texts in ((9, 10.0, 50, 400.0), (10, 10.0, 9, 400.0), (10, 240.0, 50, 400.0), (10, None, 50, 400.0)):
        assert shortened(SiteTexts("example.org", *texts), TextLengthRule()) is None


def test_too_many_pages_are_plain_by_share_and_by_number() -> None:
    found = plainly_built(11, 100, PlainPagesRule())
    assert found is not None
    assert (found.key, found.value) == (("plain_pages", ""), 0.11)
    assert found.message == "11 of 100 articles of the last 24 hours were built plainly (11%)"
    assert plainly_built(10, 100, PlainPagesRule()) is None
    assert plainly_built(9, 9, PlainPagesRule()) is None
    assert plainly_built(0, 0, PlainPagesRule(least=0)) is None


def test_a_disk_is_nearly_full_in_bytes_or_in_files() -> None:
    found = nearly_full(DiskSpace(1_000 * 10**9, 40 * 10**9, 1_000, 900), DiskRule())
    assert found is not None
    assert (found.message, found.value) == ("40.0 GB are free on the lake's disk (4.0%)", 0.04)
    of_files = nearly_full(DiskSpace(1_000, 900, 1_000, 10), DiskRule())
    assert of_files is not None
    assert of_files.message == "10 files are free on the lake's disk (1.0%)"
    assert nearly_full(DiskSpace(1_000, 50, 0, 0), DiskRule()) is None
    assert nearly_full(DiskSpace(0, 0), DiskRule()) is None


def test_findings_come_in_the_order_of_the_rules_and_a_silent_feed_has_not_dropped_as_well() -> None:
    facts = LakeFacts(
        finished_at_us=0,
        usual_gap_s=60,
        sources=[FEED],
        sites=[SiteTexts("b.example", 10, 1.0, 10, 100.0), SiteTexts("a.example", 10, 1.0, 10, 100.0)],
        failures=[FailureDays("pages/wall", 50, (1, 1, 1))],
        pending=[900, 1, 1, 1, 1, 1],
        plain_articles=50,
        articles=60,
        disk=DiskSpace(100, 1),
    )
    assert [one.key for one in findings(facts, Rules(), 10**15)] == [
        ("last_run", ""),
        ("disk", ""),
        ("pending", ""),
        ("plain_pages", ""),
        ("failures", "pages/wall"),
        ("silent", FEED.feed_url),
        ("text_length", "a.example"),
        ("text_length", "b.example"),
    ]
    assert findings(LakeFacts(0, 60), Rules(), 0) == []
