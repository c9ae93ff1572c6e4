"""Dates that feedparser leaves unread."""

from __future__ import annotations

from datetime import UTC, datetime
from time import struct_time

import pytest

from transforms.feeds.dates import MAX_RARE_DATES, RareDates, us_of


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


def test_only_so_many_odd_dates_of_a_feed_are_read():
    dates = RareDates("en")
    texts = [f"Tue, 27 Dec 2005 13:30:{second:02d}+0900" for second in range(MAX_RARE_DATES + 2)]
    read = [dates.read(text) is not None for text in texts]
    assert read == [True] * MAX_RARE_DATES + [False] * 2
    assert dates.read(texts[0]) is not None


def test_a_moment_outside_the_calendar_is_none():
    assert us_of(None) is None
    assert us_of(struct_time((0, 13, 45, 0, 0, 0, 0, 0, 0))) is None
