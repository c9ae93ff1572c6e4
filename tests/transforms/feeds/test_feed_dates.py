"""Dates that feedparser leaves unread."""

from __future__ import annotations

from datetime import UTC, datetime
from time import struct_time

import pytest

import transforms.feeds.dates
from transforms.feeds.dates import MAX_UNREADABLE, RareDates, us_of


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2025-06-03T09:39:00Z", None, "2025-06-03T09:39:00"),
        ("2025-06-03", None, "2025-06-03T00:00:00"),
        ("Tue, 27 Dec 2005 13:30:33+0900", None, "2005-12-27T04:30:33"),
        ("Tue, 27 Dec 2005 13:30:33 GMT+9", None, "2005-12-27T04:30:33"),
        ("Seg, 24 Set 2018 10:11:12 -0300", "pt-BR", "2018-09-24T13:11:12"),
        ("จ., 23 พ.ค. 2005 09:00:05 +0000", None, "2005-05-23T09:00:05"),
    ],
)
def test_a_date_in_an_odd_spelling_is_read(text, language, expected):
    moment = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert RareDates(language).read(text) == round(moment.timestamp()) * 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "12:30",
        "June",
        "99999-13-45T99:99:99Z",
        "1" * 100_000,
        "NaN",
    ],
)
def test_what_names_no_whole_day_is_no_date(text):
    assert RareDates("en").read(text) is None


def test_only_so_many_odd_dates_of_a_feed_are_read(monkeypatch):
    monkeypatch.setattr("transforms.feeds.dates.MAX_RARE_DATES", 30)
    dates = RareDates("en")
    texts = [f"Tue, 27 Dec 2005 13:30:{second:02d}+0900" for second in range(32)]
    assert [dates.read(text) is not None for text in texts] == [True] * 30 + [False] * 2
    assert dates.read(texts[0]) is not None


def test_a_feed_of_nonsense_dates_is_given_up_soon_and_one_of_odd_dates_is_not():
    dates = RareDates("en")
    assert [dates.read(f"Tue 99 2005 {number}") for number in range(MAX_UNREADABLE)] == [None] * MAX_UNREADABLE
    assert dates.read("Tue, 27 Dec 2005 13:30:33+0900") is None
    odd = RareDates("en")
    texts = [f"Tue, 27 Dec 2005 13:{second:02d}:33+0900" for second in range(60)]
    assert [text for text in texts if odd.read(text) is None] == []


def test_a_language_that_was_found_once_is_tried_first_for_the_other_dates_of_the_feed(monkeypatch):
    tried = []

    def spy(text, languages):
        tried.append(languages)
        return parse(text, languages)

    parse = transforms.feeds.dates._parse
    monkeypatch.setattr("transforms.feeds.dates._parse", spy)
    dates = RareDates(None)
    assert dates.read("Seg, 24 Set 2018 10:11:12 -0300") == dates.read("Seg, 24 Set 2018 10:11:12 -03:00")
    assert tried == [["en"], None, ["pt", "en"]]


def test_a_moment_outside_the_calendar_is_none():
    assert us_of(None) is None
    assert us_of(struct_time((0, 13, 45, 0, 0, 0, 0, 0, 0))) is None
