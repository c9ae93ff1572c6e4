from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.compare.copies.texts import NOON_US, fingerprint, part, story
from transforms.compare.copies.revisions import Kept, by_freshness, choose_pages
from transforms.compare.copies.verdict import Verdict

FIRST = replace(fingerprint("a", story(1)), revision=3, cluster_id="c")


def test_an_article_never_seen_is_settled_as_its_first_revision() -> None:
    new = fingerprint("a", story(1))
    assert choose_pages([new], {}) == ([Kept(new)], [])


def test_the_same_words_again_are_no_row() -> None:
    again = fingerprint("a", story(1).upper(), page_id="p2")
    drafts, ended = choose_pages([again], {"a": FIRST})
    assert drafts == []
    assert ended == [Verdict("p2", "a", again.partition, "unchanged", 3, cluster_id="c")]


def test_a_text_that_only_loses_its_sites_furniture_is_no_revision() -> None:
    printed = FIRST.content_hash
    cleaned = replace(fingerprint("a", story(1, 380), page_id="p2"), page_hash=printed)
    drafts, ended = choose_pages([cleaned], {"a": FIRST})
    assert drafts == []
    assert [one.outcome for one in ended] == ["unchanged"]
    fetched_again = replace(cleaned, page_id="p3")
    assert choose_pages([fetched_again], {"a": replace(cleaned, revision=1)})[0] == []
    edited = replace(fingerprint("a", story(2, 380), page_id="p4"), page_hash=fingerprint("a", story(2)).content_hash)
    assert [draft.fingerprint.revision for draft in choose_pages([edited], {"a": FIRST})[0]] == [4]


def test_other_words_are_the_next_revision_in_the_same_cluster() -> None:
    later = fingerprint("a", part(story(1), 0, 300) + " " + story(2, 50))
    ((draft,), ended) = choose_pages([later], {"a": FIRST})
    assert ended == []
    assert draft.fingerprint == replace(later, revision=4, cluster_id="c")
    assert draft.revises


def test_of_pages_that_give_one_article_the_longest_of_the_latest_fetch_stays() -> None:
    short = fingerprint("a", story(1, 100), page_id="short", fetched_at_us=NOON_US + 5)
    long = fingerprint("a", story(1, 200), page_id="long", fetched_at_us=NOON_US + 5)
    stale = fingerprint("a", story(1, 300), page_id="stale", fetched_at_us=NOON_US)
    drafts, ended = choose_pages([stale, short, long], {})
    assert drafts == [Kept(long)]
    assert [(one.page_id, one.outcome, one.revision) for one in ended] == [
        ("short", "same_article", 1),
        ("stale", "same_article", 1),
    ]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_settling_is_total_and_free_of_order(shapes: list[tuple[int, int, int]], chance: random.Random) -> None:
    pages = [
        fingerprint(f"a{article}", story(1, words), page_id=f"p{number}", fetched_at_us=NOON_US + fetched)
        for number, (article, words, fetched) in enumerate(shapes)
    ]
    drafts, ended = choose_pages(pages, {})
    assert sorted([one.fingerprint.page_id for one in drafts] + [one.page_id for one in ended]) == sorted(
        page.page_id for page in pages
    )
    assert len({by_freshness(page) for page in pages}) == len(pages)
    chance.shuffle(pages)
    assert choose_pages(pages, {}) == (drafts, ended)
