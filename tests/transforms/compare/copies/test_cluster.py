from __future__ import annotations

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.compare.copies.texts import DAY_US, NOON_US
from transforms.compare.copies.cluster import Member, Placement, Sighting, place, prefer
from transforms.compare.copies.pairs.compare import Link, View

members = st.builds(
    Member,
    article_id=st.uuids().map(str),
    content_hash=st.sampled_from(["h1", "h2"]),
    word_count=st.integers(1, 4),
    published_us=st.none() | st.integers(0, 3).map(lambda half_days: half_days * DAY_US // 2),
    cluster_id=st.none(),
)


def member(
    article_id: str, words: int = 100, published_us: int | None = NOON_US, cluster_id: str | None = None
) -> Member:
    return Member(article_id, f"hash of {article_id}", words, published_us, cluster_id)


def sighting(one: Member, *others: Member, similarity: float = 0.9, is_roundup: bool = False) -> Sighting:
    links = tuple(Link(one.article_id, other.article_id, similarity, True) for other in others)
    return Sighting(View(one.article_id, links, is_roundup, False), (one, *others))


@settings(deadline=None)
@given(
    st.lists(members, min_size=1, max_size=8, unique_by=lambda one: one.article_id), st.randoms(use_true_random=False)
)
def test_prefer_is_a_total_order_that_does_not_depend_on_arrival(some: list[Member], chance: random.Random) -> None:
    ranked = prefer(some)
    assert {one.article_id for one in ranked} == {one.article_id for one in some}
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert prefer(shuffled) == ranked


def test_the_original_is_the_longest_of_the_first_day_and_an_unknown_date_counts_as_that_day() -> None:
    early, long, late = member("a", 50), member("b", 90, NOON_US + 1), member("c", 200, NOON_US + DAY_US)
    assert [one.article_id for one in prefer([late, early, long])] == ["b", "a", "c"]
    assert prefer([early, long, member("d", 120, None)])[0].article_id == "d"
    assert prefer([member("e", 50, None), member("f", 60, None)])[0].article_id == "f"


def test_a_much_shorter_copy_is_abridged_a_like_one_near_and_the_same_words_exact() -> None:
    whole = member("w", 100)
    for copy, relation in [
        (member("c", 60), "abridged"),
        (member("l", 95), "near"),
        (whole._replace(article_id="x"), "exact"),
    ]:
        assert (
            place([sighting(copy, whole, similarity=0.8)])
            == [
                Placement(copy.article_id, "w", relation, "w", 0.8),
                Placement("w", "w", "original", None, None),
            ][:: 1 if copy.article_id < "w" else -1]
        )


def test_a_chain_of_overlaps_does_not_grow_into_one_cluster() -> None:
    chain = [member(f"m{number}", 100 + number) for number in range(4)]
    placed = place(sighting(one, other) for one, other in itertools.pairwise(chain))
    assert [one.article_id for one in placed] == ["m0", "m1", "m2"]


def test_papers_that_print_different_parts_of_a_report_are_one_cluster_through_the_report() -> None:
    report, parts = member("r", 400), [member(f"p{number}", 100) for number in range(5)]
    links = [Link(one.article_id, "r", 0.9, True) for one in parts]
    apart = [Link(one.article_id, other.article_id, 0.1, False) for one, other in itertools.combinations(parts, 2)]
    views = [
        View(one.article_id, (links[number], *(link for link in apart if link.shorter == one.article_id)), False, False)
        for number, one in enumerate(parts)
    ]
    placed = place(Sighting(view, (report, *parts)) for view in views)
    assert {one.cluster_id for one in placed} == {"r"}
    assert len(placed) == 6


def test_a_roundup_joins_nothing() -> None:
    roundup, text = member("r", 300), member("t", 100)
    assert place([sighting(text, roundup), Sighting(View("r", (), True, False), (roundup,))]) == []


def test_a_new_copy_takes_the_earlier_cluster_and_points_to_an_article_that_was_there() -> None:
    old, new, longer = member("old", 100, cluster_id="first"), member("new", 90), member("longer", 500)
    placed = place([sighting(new, old), sighting(old, longer), sighting(new, longer)])
    assert placed == [
        Placement("longer", "first", "near", "old", 0.9),
        Placement("new", "first", "near", "old", 0.9),
    ]


def test_two_earlier_clusters_are_never_merged() -> None:
    one, two, new = member("a", 100, cluster_id="a"), member("b", 100, cluster_id="b"), member("n", 90)
    placed = place([sighting(new, two, similarity=0.8), sighting(new, one, similarity=0.95)])
    assert placed == [Placement("n", "a", "near", "a", 0.95)]


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_places_do_not_depend_on_the_order_of_the_links(chance: random.Random) -> None:
    some = [member(f"m{number}", 100 + number * 7 % 5) for number in range(12)]
    picks = random.Random(5)
    sightings = [
        sighting(one, *picks.sample(some[:9], 3), similarity=picks.choice([0.5, 0.7, 0.9])) for one in some[9:]
    ]
    expected = place(sightings)
    chance.shuffle(sightings)
    assert place(sightings) == expected


def test_a_text_joins_an_earlier_cluster_only_if_it_is_like_half_of_what_this_run_has_met_of_it() -> None:
    old = [member(f"o{number}", 100, cluster_id="o0") for number in range(3)]
    copy, stranger = member("copy", 90), member("stranger", 60)
    of_all = sighting(copy, *old)
    of_copy_alone = sighting(stranger, copy, similarity=0.6)
    placed = {one.article_id: one.cluster_id for one in place([of_all, of_copy_alone])}
    assert placed == {"copy": "o0"}
    crowded = Sighting(of_copy_alone.view._replace(is_crowded=True), of_copy_alone.members)
    placed = {one.article_id: one.cluster_id for one in place([of_all, crowded])}
    assert placed == {"copy": "o0", "stranger": "o0"}, "one that was not shown all of a crowd is not held against it"
