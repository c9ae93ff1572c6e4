"""Dates of feeds, by the feed's language and country; what our own reading leaves goes to dateparser, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import transforms.feeds.parsing.fields.feed_dates
from schemas.feed import FeedSpec
from transforms.feeds.parsing.fields.feed_dates import MAX_UNREADABLE, FeedDates, habits_of_feed
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.text.dates.day_order import Habits, habits_of

URL = "https://paper.example/feed"


def reader(language: str | None = None) -> FeedDates:
    return FeedDates(habits_of((language,)))


def published(item: str, spec: FeedSpec | None = None, language: str = "", url: str = URL) -> str | None:
    """The first date of an RSS feed, as parsed, to the minute."""
    head = f"<language>{language}</language>" if language else ""
    body = f"<rss version='2.0'><channel><title>P</title>{head}<item><link>{url}/1</link>{item}</item></channel></rss>"
    (entry,) = parse_feed(body.encode(), None, url, spec).entries
    return entry.published_us and datetime.fromtimestamp(entry.published_us / 1e6, UTC).isoformat()[:16]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027/05/04 09:30:00", "2027-05-04T09:30"), ("2027.05.04", "2027-05-04T00:00"),
        ("2027年5月4日", "2027-05-04T00:00"),
        ("Tue, 04 May 2027 09:30:00 CET", "2027-05-04T08:30"), ("Tue, May 4 2027 08:28:28 PM", "2027-05-04T20:28"),
        ("Tue, 04 May 27 09:30:00 GMT", "2027-05-04T09:30"), ("2027-05-04 09:30 PM", "2027-05-04T21:30"),
        ("04 May 27 09:30 GMT", "2027-05-04T09:30"), ("05/05/27 09:30", "2027-05-05T09:30"), ("05/27", None),
        ("1809424800", "2027-05-04T10:00"), ("2027", None), ("May 2027", None), ("2027/05", None),
    ],
)  # fmt: skip
def test_a_feeds_date_is_the_one_it_states_and_never_one_that_is_filled_in(text: str, expected: str | None) -> None:
    assert published(f"<pubDate>{text}</pubDate>") == expected


@pytest.mark.parametrize(
    ("language", "spec", "url", "expected"),
    [
        ("de", None, URL, "2027-04-05T10:15"), ("en-us", None, URL, "2027-05-04T10:15"),
        ("", None, URL, "2027-05-04T10:15"),
        ("en", FeedSpec(URL, country="GB"), URL, "2027-04-05T10:15"),
        ("", FeedSpec(URL, language="it"), URL, "2027-04-05T10:15"),
        ("en", None, "https://paper.co.za/feed", "2027-04-05T10:15"),
        ("", None, "https://paper.es/feed", "2027-04-05T10:15"),
    ],
)  # fmt: skip
def test_the_feed_its_domain_and_the_feed_list_say_whether_the_day_comes_first(
    language: str, spec: FeedSpec | None, url: str, expected: str
) -> None:
    assert published("<pubDate>05/04/2027 10:15</pubDate>", spec, language, url) == expected
    assert published("<pubDate>05/04/27 10:15</pubDate>", spec, language, url) == expected


def test_the_country_of_the_feed_list_is_asked_first() -> None:
    spec = FeedSpec("https://paper.ie/feed", country="il")
    assert habits_of_feed("en-GB", ("https://paper.fr/",), spec) == Habits("en", ("IL", "FR", "IE", "GB"))
    assert published("<pubDate>Tue, 04 May 2027 10:00:00 IST</pubDate>", spec) == "2027-05-04T08:00"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2025-06-03T09:39:00Z", None, "2025-06-03T09:39:00"),
        ("2025-06-03", None, "2025-06-03T00:00:00"),
        ("Tue, 27 Dec 2005 13:30:33+0900", None, "2005-12-27T04:30:33"),
        ("Tue, 27 Dec 2005 13:30:33 GMT+9", None, "2005-12-27T04:30:33"),
        ("Seg, 24 Set 2018 10:11:12 -0300", "pt-BR", "2018-09-24T13:11:12"),
        ("จ., 23 พ.ค. 2005 09:00:05 +0000", None, "2005-05-23T09:00:05"),
        ("24 Lwezi 2018 10:11", None, "2018-11-24T10:11:00"),
        ("24. Septämber 2018", "gsw", "2018-09-24T00:00:00"),
    ],
)
def test_a_date_in_an_odd_spelling_is_read(text, language, expected):
    moment = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert reader(language).read(text) == round(moment.timestamp()) * 1_000_000


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "12:30", "June", "99999-13-45T99:99:99Z", "1" * 100_000, "NaN"]
)
def test_what_names_no_whole_day_is_no_date(text):
    assert reader("en").read(text) is None


def test_only_so_many_odd_dates_of_a_feed_are_read(monkeypatch):
    monkeypatch.setattr("transforms.feeds.parsing.fields.feed_dates.MAX_RARE_DATES", 3)
    dates = reader("nd")
    texts = [f"{day} Lwezi 2018" for day in range(1, 6)]
    assert [dates.read(text) is not None for text in texts] == [True] * 3 + [False] * 2
    assert dates.read(texts[0]) is not None


def test_a_feed_of_nonsense_dates_is_given_up_soon_and_one_of_odd_dates_is_not():
    dates = reader("en")
    assert [dates.read(f"Tue 99 2005 {number}") for number in range(MAX_UNREADABLE)] == [None] * MAX_UNREADABLE
    assert dates.read("24 Lwezi 2018") is None
    odd = reader("nd")
    texts = [f"24 Lwezi 2018 13:{minute:02d}" for minute in range(60)]
    assert [text for text in texts if odd.read(text) is None] == []


def test_a_language_that_was_found_once_is_tried_first_for_the_other_dates_of_the_feed(monkeypatch):
    tried = []

    def spy(text, languages, habits):
        tried.append(languages)
        return parse(text, languages, habits)

    parse = transforms.feeds.parsing.fields.feed_dates._parse
    monkeypatch.setattr("transforms.feeds.parsing.fields.feed_dates._parse", spy)
    dates = reader()
    assert (dates.read("24 Lwezi 2018"), dates.read("25 Lwezi 2018")) == (1543017600000000, 1543104000000000)
    assert tried == [["en"], None, ["nd", "en"]]


def test_a_library_that_fills_in_a_day_is_not_believed():
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    assert not transforms.feeds.parsing.fields.feed_dates._is_stated(moment, "Lwezi 2026")
    assert transforms.feeds.parsing.fields.feed_dates._is_stated(moment, "1 Lwezi 2026")
