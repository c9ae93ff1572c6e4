from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.fingerprint import Fingerprint
from tests.transforms.compare.copies.texts import fingerprint, part, story, view_of
from transforms.compare.copies.pairs.compare import Link, View, containment
from transforms.compare.copies.pairs.overlap import text_of

STORY = story(1)


def compare(one: Fingerprint, others: list[Fingerprint], earlier: frozenset[str] = frozenset()) -> View:
    return view_of(text_of(one), [text_of(other) for other in others], earlier)


def link_of(shorter: str, longer: str) -> Link:
    (link,) = compare(fingerprint("s", shorter), [fingerprint("l", longer)]).links
    return link


def test_a_teaser_cut_from_the_beginning_is_a_copy() -> None:
    link = link_of(part(STORY, 0, 60), STORY)
    assert link == Link("s", "l", 1.0, True)


def test_half_a_text_with_a_local_paragraph_is_a_copy() -> None:
    link = link_of(part(STORY, 0, 120) + " " + story(2, 100), STORY)
    assert link.is_copy
    assert link.similarity == pytest.approx(0.54, abs=0.02)


def test_words_edited_throughout_leave_a_copy_but_a_shared_block_of_that_size_does_not_make_one() -> None:
    words = STORY.split()
    edited = " ".join("anders" + word if place % 6 == 0 else word for place, word in enumerate(words))
    scattered = link_of(edited, STORY + " mehr")
    block = link_of(part(STORY, 0, 160) + " " + story(3, 240), STORY + " mehr")
    assert scattered.is_copy
    assert 0.33 <= scattered.similarity < 0.45
    assert block.similarity == pytest.approx(0.395, abs=0.01)
    assert not block.is_copy


def test_texts_of_few_words_are_copies_only_of_the_same_words() -> None:
    assert link_of(part(STORY, 0, 15), STORY).is_copy is False
    assert link_of(part(STORY, 0, 15), part(STORY, 0, 15).upper()).is_copy is True


def test_a_footer_in_many_texts_weighs_nothing() -> None:
    footer = story(99, 150)
    texts = [fingerprint(f"t{number:02}", f"{story(number, 100)} {footer}") for number in range(20)]
    for text in texts:
        view = compare(text, [other for other in texts if other is not text])
        assert not any(link.is_copy for link in view.links)
        assert all(link.similarity < 0.05 for link in view.links)


def test_a_story_in_many_copies_is_not_taken_for_a_footer() -> None:
    copies = [fingerprint(f"t{number:02}", f"{STORY} {story(number + 10, 20)}") for number in range(20)]
    view = compare(fingerprint("x", part(STORY, 0, 150)), copies)
    assert all(link.is_copy for link in view.links)
    assert len(view.links) == 20


def test_a_text_made_of_parts_of_two_others_is_a_roundup_and_one_that_two_texts_abridge_is_none() -> None:
    one, two = story(5, 500), story(6, 500)
    roundup = fingerprint("r", part(one, 0, 250) + " " + part(two, 0, 250))
    assert compare(roundup, [fingerprint("1", one), fingerprint("2", two)]).is_roundup
    whole = fingerprint("w", one)
    assert not compare(whole, [fingerprint("1", part(one, 0, 100)), fingerprint("2", part(one, 300, 420))]).is_roundup


def test_the_footer_of_a_house_does_not_make_a_roundup_of_an_article_that_a_roundup_quotes() -> None:
    """An article with a long note above its text, quoted by a roundup: the quote and the note are no two sources."""
    one, footer = story(7, 250), story(8, 60)
    article = fingerprint("a", f"{footer} {one}")
    abridged = fingerprint("b", part(one, 0, 140))
    roundup = fingerprint("r", part(one, 0, 70) + " " + part(story(9, 300), 0, 200))
    house = [fingerprint(f"{number}", f"{footer} {story(20 + number, 250)}") for number in range(5)]
    assert not compare(article, [abridged, roundup, *house]).is_roundup
    assert compare(article, [abridged, roundup, *house[:1]]).is_roundup, "one other article could be a source"


def test_a_new_longer_text_judges_for_a_shorter_earlier_one() -> None:
    teaser, whole = fingerprint("t", part(STORY, 0, 80)), fingerprint("w", STORY)
    assert compare(whole, [teaser]).links == ()
    assert compare(whole, [teaser], earlier=frozenset({"t"})).links == (Link("t", "w", 1.0, True),)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_view_does_not_depend_on_the_order_of_the_others(chance: random.Random) -> None:
    others = [fingerprint(f"{number}", part(STORY, number * 10, 300) + story(number, 40)) for number in range(18)]
    text = fingerprint("x", part(STORY, 50, 220))
    expected = compare(text, others)
    chance.shuffle(others)
    assert compare(text, others) == expected


def test_containment_is_the_shorter_texts_share_and_nothing_for_empty_texts() -> None:
    assert containment(fingerprint("a", STORY), fingerprint("b", part(STORY, 100, 200))) == 1.0
    assert containment(fingerprint("a", ""), fingerprint("b", STORY)) == 0.0
