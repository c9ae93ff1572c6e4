"""A feed is held against its own rhythm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.health.rules import DroppedRule, SilentRule
from transforms.health.sources import Source, dropped, silent

FEED = Source("https://example.org/feed", "ok", 60.0, 12.0, -1.0, 20, 10, (100, 90, 110, 95))


def test_a_feed_is_silent_when_it_brings_nothing_for_twice_its_usual_longest_silence() -> None:
    found = silent(FEED, SilentRule())
    assert found is not None
    assert (found.key, found.value, found.limit) == (("silent", FEED.feed_url), 60.0, 24.0)
    assert found.message == "no news for 2.5 days, at most 12.0 hours are usual"
    failing = silent(replace(FEED, outcome="failed"), SilentRule())
    assert failing is not None
    assert failing.message.endswith("; its last poll failed")


@pytest.mark.parametrize(
    "other",
    [
        {"silence_h": 24.0},  # exactly the limit
        {"usual_silence_h": 30.0},  # a slow feed: weekends are part of its rhythm
        {"usual_silence_h": None},
        {"silence_h": None, "news_polls": 0},
        {"news_polls": 3},  # no rhythm yet
        {"overdue_h": None},  # retired
        {"overdue_h": 25.0},  # left the list
    ],
)
def test_a_feed_is_not_silent_within_its_rhythm_without_one_or_when_it_is_not_asked(other: dict[str, float]) -> None:
    assert silent(replace(FEED, **other), SilentRule()) is None


def test_no_silence_is_told_below_the_least_or_when_the_rule_is_off() -> None:
    quick = replace(FEED, silence_h=20.0, usual_silence_h=0.5)
    assert silent(quick, SilentRule()) is None
    assert silent(quick, SilentRule(least_s=3_600)) is not None
    assert silent(FEED, SilentRule(on=False)) is None


def test_a_feed_has_dropped_when_a_week_brings_less_than_a_share_of_the_median_week() -> None:
    found = dropped(FEED, DroppedRule())
    assert found is not None
    assert (found.key, found.value, found.limit) == (("dropped", FEED.feed_url), 10, 0.4 * 97.5)
    assert found.message == "10 new entries in 7 days, 97.5 are usual"
    one_odd_week = replace(FEED, weeks=(100, 4_000, 90, 95))
    assert dropped(one_odd_week, DroppedRule()) == found


@pytest.mark.parametrize(
    "other", [{"recent": 39}, {"weeks": ()}, {"weeks": (15, 12)}, {"overdue_h": 100.0}, {"overdue_h": None}]
)
def test_a_feed_has_not_dropped_otherwise(other: dict[str, int]) -> None:
    assert dropped(replace(FEED, **other), DroppedRule()) is None
    assert dropped(FEED, DroppedRule(on=False)) is None
