"""Raw entries become promises of articles, or problems; none is lost."""

from __future__ import annotations

import dataclasses

import pytest

from schemas.feed import FeedEntry, FeedSpec
from transforms.feeds.parsing.entries import EntryProblem, entries_of
from transforms.feeds.parsing.parsed import ParsedFeed, RawEntry
from transforms.web.urls import url_key

NOW_US = 1_750_000_000_000_000  # 2025-06-15
DAY_US = 86_400_000_000
SPEC = FeedSpec("https://paper.example/feed", language="en")


def read(*entries: RawEntry, base_url: str = "https://paper.example/news/"):
    return entries_of(ParsedFeed("rss20", base_url, title="The Paper", entries=entries), SPEC, NOW_US)


def only(raw: RawEntry) -> FeedEntry:
    (entry,) = read(raw).entries
    return entry


def test_an_entry_carries_the_feeds_facts_and_its_own():
    entry = only(
        RawEntry(
            id="g1",
            link="../a?utm_source=rss",
            title="River rises",
            authors=("Ada",),
            image_url="p.jpg",
            published_us=NOW_US - DAY_US,
        )
    )
    assert entry == FeedEntry(
        feed_url="https://paper.example/feed",
        entry_id="g1",
        url="https://paper.example/a?utm_source=rss",
        url_key=url_key("https://paper.example/a"),
        feed_title="The Paper",
        title="River rises",
        authors=("Ada",),
        language="en",
        image_url="https://paper.example/news/p.jpg",
        published_us=NOW_US - DAY_US,
    )


def test_identity_is_the_id_else_the_link():
    assert only(RawEntry(id="g1", link="/a")).entry_id == "g1"
    assert only(RawEntry(link="/a")).entry_id == "/a"


def test_an_id_of_unusual_length_is_hashed():
    assert len(only(RawEntry(id="x" * 5000, link="/a")).entry_id) == 32


def test_an_id_that_stands_for_several_links_is_no_identity():
    result = read(RawEntry(id="0", link="/a"), RawEntry(id="0", link="/b"), RawEntry(id="1", link="/c"))
    assert [entry.entry_id for entry in result.entries] == ["/a", "/b", "1"]


def test_an_id_that_stands_for_one_page_in_two_spellings_is_an_identity():
    result = read(RawEntry(id="0", link="/a"), RawEntry(id="0", link="https://PAPER.example/a?utm_source=rss"))
    assert [(entry.entry_id, entry.url_key) for entry in result.entries] == [
        ("0", url_key("https://paper.example/a"))
    ] * 2


def test_an_entry_without_a_page_takes_no_identity_from_another():
    result = read(RawEntry(id="0"), RawEntry(id="0", link="/a"))
    assert [entry.entry_id for entry in result.entries] == ["0"]


def test_a_long_link_in_place_of_a_shared_id_is_hashed():
    result = read(RawEntry(id="0", link="/" + "a" * 2000), RawEntry(id="0", link="/b"))
    assert [len(entry.entry_id) for entry in result.entries] == [32, 2]


def test_the_same_entry_twice_stays_twice_for_the_accounting():
    assert [entry.entry_id for entry in read(RawEntry(id="0", link="/a"), RawEntry(id="0", link="/a")).entries] == [
        "0",
        "0",
    ]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (RawEntry(title="No link"), "No link"),
        (RawEntry(id="g1", link="javascript:alert(1)"), "javascript:alert(1)"),
        (RawEntry(link="http://user:pw@paper.example/"), "http://user:pw@paper.example/"),
        (RawEntry(link="https://paper.example/" + "a" * 1_000_000), "https://paper.example/" + "a" * 478),
    ],
)
def test_an_entry_that_names_no_page_is_a_problem_and_not_lost(raw, name):
    result = read(raw, RawEntry(link="/a"))
    assert [entry.url for entry in result.entries] == ["https://paper.example/a"]
    assert [problem.input for problem in result.problems] == [name]


def test_an_entry_without_anything_is_named_by_a_hash():
    assert read(RawEntry()).problems == (EntryProblem(read(RawEntry()).problems[0].input, "the entry has no link"),)
    assert len(read(RawEntry()).problems[0].input) == 32


@pytest.mark.parametrize(
    ("published_us", "kept"),
    [
        (NOW_US, True),
        (NOW_US + 2 * DAY_US, True),
        (NOW_US + 2 * DAY_US + 1, False),
        (788_918_400_000_000, True),
        (788_918_399_000_000, False),
        (-62_135_596_800_000_000, False),
    ],
)
def test_absurd_dates_are_left_out(published_us, kept):
    entry = only(RawEntry(link="/a", published_us=published_us, updated_us=published_us))
    assert entry.published_us == (published_us if kept else None)
    assert entry.updated_us == (published_us if kept else None)


HOUR_US = DAY_US // 24


@pytest.mark.parametrize(
    ("updates", "is_stamp"),
    [
        ([NOW_US, NOW_US, NOW_US], True),
        ([NOW_US - 20 * HOUR_US] * 3, True),
        ([NOW_US - 40_000_000, NOW_US - 20_000_000, NOW_US], True),
        ([NOW_US, NOW_US, NOW_US - 120_000_000], False),
        ([NOW_US, NOW_US, None], False),
        ([NOW_US - HOUR_US // 2] * 2, True),
        ([NOW_US - 3 * HOUR_US] * 2, False),
        ([NOW_US], False),
    ],
)
def test_an_update_date_that_all_entries_share_is_left_out(updates, is_stamp):
    raw = [RawEntry(link=f"/{n}", updated_us=update, published_us=n) for n, update in enumerate(updates)]
    kept = [entry.updated_us for entry in read(*raw).entries]
    assert kept == ([None] * len(updates) if is_stamp else updates)


def test_a_picture_that_is_no_address_is_left_out():
    assert only(RawEntry(link="/a", image_url="data:image/png;base64,AA")).image_url is None


def test_the_language_is_the_entrys_then_the_feeds_then_the_lists():
    parsed = ParsedFeed(
        "rss20",
        "https://paper.example/",
        language="nb",
        entries=(RawEntry(link="/a", language="se"), RawEntry(link="/b")),
    )
    languages = [entry.language for entry in entries_of(parsed, SPEC, NOW_US).entries]
    unspoken = entries_of(dataclasses.replace(parsed, language=None), SPEC, NOW_US).entries[1].language
    assert (languages, unspoken) == (["se", "nb"], "en")
