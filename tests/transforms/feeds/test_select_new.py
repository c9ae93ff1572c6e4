"""One entry a page, and only pages that are new or were edited."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import FeedEntry, FeedSpec
from schemas.state import SEEN, Seen
from transforms.feeds.parsing import entries
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.polling.select_new import RELISTED_AFTER_US, relisted, select_new

T1, T2, T3, T4 = 100, 200, 300, 400


def entry(name: str = "a", feed: str = "https://f.example/1", **values) -> FeedEntry:
    return FeedEntry(feed, values.pop("entry_id", name), f"https://p.example/{name}", name * 32, **values)


def outcomes(listed, seen=()):
    remembered = {one.url_key: one for one in seen}
    return [(chosen.feed_url, outcome) for chosen, outcome in select_new(listed, remembered)]


def test_an_unknown_page_is_fetched_and_a_known_one_is_not():
    assert outcomes([entry("a"), entry("b")], [Seen("b" * 32, None, T1)]) == [
        ("https://f.example/1", "fetch"),
        ("https://f.example/1", "known"),
    ]


@pytest.mark.parametrize(
    ("published_us", "updated_us", "remembered_us", "outcome"),
    [
        (T1, T3, T2, "fetch"),
        (T1, T3, T3, "known"),
        (T1, T2, T3, "known"),
        (T3, T3, T2, "known"),
        (None, T3, T2, "fetch"),
        (None, T3, T3, "known"),
        (None, T4, None, "fetch"),
        (None, T2, None, "known"),
        (T1, None, T2, "known"),
        (T1, T4, None, "fetch"),
        (T1, T2, None, "known"),
    ],
)
def test_a_known_page_is_fetched_again_only_when_its_entry_was_edited_since(
    published_us, updated_us, remembered_us, outcome
):
    known = Seen("a" * 32, remembered_us, seen_at_us=T3)
    assert outcomes([entry(published_us=published_us, updated_us=updated_us)], [known])[0][1] == outcome


NAMESPACES = (
    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dcterms='http://purl.org/dc/terms/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'"
)
RSS = f"<rss version='2.0' {NAMESPACES}><channel><item>%s</item></channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry>%s</entry></feed>"


@pytest.mark.parametrize(
    ("feed", "name"), [(RSS, "atom:updated"), (RSS, "dcterms:modified"), (RSS, "dc:modified"), (ATOM, "updated")]
)
def test_an_edit_is_noticed_where_it_is_the_only_date_of_an_entry(feed, name):
    def listed(day: int) -> tuple[FeedEntry, ...]:
        item = f"<title>A</title><link href='/a'>/a</link><{name}>2026-03-0{day}T10:00:00Z</{name}>"
        spec = FeedSpec("https://p.example/feed")
        parsed = parse_feed((feed % item).encode(), None, spec.url)
        return entries.entries_of(parsed, spec, now_us=1_772_900_000_000_000).entries

    (first,) = listed(2)
    known = [Seen(first.url_key, first.updated_us, seen_at_us=first.updated_us + 1)]
    assert [outcome for _, outcome in outcomes(listed(2), known)] == ["known"]
    assert [outcome for _, outcome in outcomes(listed(3), known)] == ["fetch"]


def test_a_pending_entry_that_was_fetched_meanwhile_is_known():
    pending = entry(origin="pending", attempts=1, updated_us=T4)
    fetched_by_a_run_that_died = {"a" * 32: Seen("a" * 32, T4, T4)}
    [(_, outcome)] = select_new([pending], fetched_by_a_run_that_died)
    assert outcome == "known"
    [(_, outcome)] = select_new([pending], {"a" * 32: Seen("a" * 32, T4 - 1, T4)})
    assert outcome == "fetch", "left over is the edit, which has not been fetched"


def test_an_entry_that_is_wanted_stands_for_one_that_is_not():
    pending, edited = entry(origin="pending"), entry(published_us=T4 - 2, updated_us=T4 + 1)
    chosen = list(select_new([pending, edited], {"a" * 32: Seen("a" * 32, None, T4)}))
    assert [(one, outcome) for one, outcome in chosen] == [(edited, "fetch"), (pending, "duplicate_entry")]


def test_a_pending_entry_goes_before_a_listed_one_and_keeps_its_attempts():
    pending = entry(origin="pending", attempts=2)
    chosen = list(select_new([entry(updated_us=T4), pending], {}))
    assert [(one, outcome, one.origin) for one, outcome in chosen] == [
        (pending, "fetch", "pending"),
        (entry(updated_us=T4), "duplicate_entry", "listed"),
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (entry(origin="pending"), entry(updated_us=T4)),
        (entry(updated_us=T3), entry(updated_us=T2)),
        (entry(updated_us=T1), entry(published_us=T1)),
        (entry(published_us=T1), entry(published_us=T2)),
        (entry(published_us=T1), entry()),
        (entry(feed="https://f.example/1"), entry(feed="https://f.example/2")),
        (entry(entry_id="1"), entry(entry_id="2")),
    ],
)
def test_of_two_entries_for_a_page_the_better_one_stands(better, worse):
    for arrived in ([better, worse], [worse, better]):
        chosen = list(select_new(arrived, {}))
        assert [(one, outcome) for one, outcome in chosen] == [(better, "fetch"), (worse, "duplicate_entry")]


maybe_instant = st.none() | st.integers(0, 3)
entries_of = st.lists(
    st.builds(
        entry,
        st.sampled_from("abc"),
        st.sampled_from(["https://f.example/1", "https://f.example/2"]),
        entry_id=st.sampled_from("xy"),
        title=st.none() | st.sampled_from("tu"),
        published_us=maybe_instant,
        updated_us=maybe_instant,
        attempts=st.integers(0, 1),
        origin=st.sampled_from(["listed", "pending"]),
    ),
    max_size=12,
)


@given(entries_of, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing_and_nothing_is_lost(entries, order: random.Random):
    seen = {"b" * 32: Seen("b" * 32, 1, 1)}
    chosen = list(select_new(entries, seen))
    shuffled = list(entries)
    order.shuffle(shuffled)
    assert list(select_new(shuffled, seen)) == chosen
    assert Counter(one for one, _ in chosen) == Counter(entries)
    stand_for = [one.url_key for one, outcome in chosen if outcome != "duplicate_entry"]
    assert sorted(stand_for) == sorted({one.url_key for one in entries})


def test_what_is_remembered_goes_through_arrow_and_back():
    rows = [Seen("a" * 32, None, T2), Seen("b" * 32, T1, T3)]
    assert SEEN.from_arrow(SEEN.to_arrow(rows)) == rows


def test_a_known_entry_that_is_listed_long_afterwards_is_noted_anew_but_not_each_time() -> None:
    long_after = T1 + RELISTED_AFTER_US
    seen = {"a" * 32: Seen("a" * 32, T2, T1), "b" * 32: Seen("b" * 32, None, T1, listed_at_us=long_after - 1)}
    listed = [entry("a"), entry("b"), entry("c"), replace(entry("a"), feed_url="another")]
    assert list(relisted(listed, seen, long_after)) == [Seen("a" * 32, T2, T1, long_after)]
    assert list(relisted(listed, seen, long_after - 1)) == []
    assert list(relisted([replace(entry("a"), origin="pending")], seen, long_after)) == []
