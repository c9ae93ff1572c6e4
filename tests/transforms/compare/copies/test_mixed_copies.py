"""Copies that were made in several ways at once, and texts put together from several others."""

from __future__ import annotations

import random

from tests.transforms.compare.copies import texts as made
from tests.transforms.compare.copies.texts import fingerprint, part, story
from transforms.compare.copies.pairs.compare import Link, View
from transforms.compare.copies.pairs.overlap import text_of

STORY = story(1, 400)


def link_of(shorter: str, longer: str) -> Link:
    (link,) = view_of(shorter, longer).links
    return link


def view_of(text: str, *others: str) -> View:
    return made.view_of(
        text_of(fingerprint("zz", text)), [text_of(fingerprint(f"{n:02}", other)) for n, other in enumerate(others)]
    )


def joined(*texts: str) -> str:
    return " ".join(texts)


def edited(text: str, seed: int, rate: float) -> str:
    chance = random.Random(seed)
    return " ".join("anders" + word if chance.random() < rate else word for word in text.split())


def with_figures(text: str, seed: int, step: int) -> str:
    chance = random.Random(seed)
    return " ".join(
        f"{word} {chance.randrange(100, 9_999)}" if place % step == 0 else word
        for place, word in enumerate(text.split())
    )


def in_turn(one: str, other: str, words: int, paragraph: int) -> str:
    """So many words of each text, paragraph by paragraph."""
    places = range(0, words, paragraph)
    return joined(*(part(text, place, place + paragraph) for place in places for text in (one, other)))


def test_an_abridged_text_with_as_much_text_of_its_own_is_a_copy_if_it_has_the_lead() -> None:
    own = story(2, 190)
    inside = joined(part(STORY, 0, 80), own, part(STORY, 200, 300))
    link = link_of(inside, STORY)
    assert 0.45 <= link.similarity < 0.50
    assert link.is_copy
    assert not link_of(joined(part(own, 0, 120), part(STORY, 120, 300), part(own, 120, 190)), STORY).is_copy


def test_a_text_with_background_from_another_and_a_lead_of_its_own_is_no_copy_though_most_is_shared() -> None:
    background = story(3, 300)
    one, other = joined(story(4, 110), background), joined(story(5, 300), background)
    link = link_of(one, other)
    assert link.similarity > 0.70
    assert not link.is_copy


def test_three_words_in_ten_may_be_changed_throughout_but_not_half_of_them() -> None:
    assert 0.25 <= link_of(edited(STORY, 2, 0.28), joined(STORY, "mehr")).similarity < 0.33
    assert link_of(edited(STORY, 2, 0.28), joined(STORY, "mehr")).is_copy
    assert not link_of(edited(STORY, 2, 0.5), joined(STORY, "mehr")).is_copy


def test_new_figures_in_a_part_of_a_report_make_no_form_of_it_where_whole_passages_stay() -> None:
    fixed, results = story(6, 150), story(7, 60)
    before, after = (
        joined(part(fixed, 0, 75), with_figures(results, seed, 3), part(fixed, 75, 150)) for seed in (1, 2)
    )
    link = link_of(before, joined(after, "mehr"))
    assert link.similarity < 0.70
    assert link.is_copy
    reports = [with_figures(joined(results, fixed), seed, 5) for seed in (1, 2)]
    assert not link_of(reports[0], joined(reports[1], "mehr")).is_copy


def test_a_paragraph_of_its_own_with_figures_makes_no_form_of_a_copy() -> None:
    own = with_figures(story(8, 120), 1, 10)
    assert link_of(joined(part(STORY, 0, 200), own), STORY).is_copy


def test_one_item_of_many_is_no_copy_unless_it_is_the_first() -> None:
    item, page = part(STORY, 0, 90), [story(10 + number, 90) for number in range(3)]
    assert link_of(item, joined(page[0], item, *page[1:])) == Link("zz", "00", 1.0, False)
    assert link_of(item, joined(item, *page)).is_copy, "the beginning of a report looks the same"


def test_a_page_of_three_short_whole_articles_is_a_roundup_and_one_of_two_is_none() -> None:
    briefs = [story(20 + number, 60) for number in range(3)]
    assert view_of(joined(*briefs), *briefs).is_roundup
    assert not view_of(joined(*briefs[:2]), *briefs[:2]).is_roundup


def test_three_quarters_of_one_report_and_the_beginning_of_another_make_a_roundup() -> None:
    other = story(9, 400)
    assert view_of(joined(part(STORY, 0, 225), part(other, 0, 75)), STORY, other).is_roundup
    assert not view_of(joined(part(STORY, 0, 225), part(other, 200, 275)), STORY, other).is_roundup


def test_a_short_lead_of_another_report_between_paragraphs_is_no_item_but_half_of_two_reports_is() -> None:
    other = story(9, 400)
    inserted = joined(part(STORY, 0, 120), part(other, 0, 75), part(STORY, 120, 225))
    assert not view_of(inserted, STORY, other).is_roundup
    assert view_of(in_turn(STORY, other, 200, 40), STORY, other).is_roundup


def test_a_passage_that_most_texts_have_elsewhere_is_no_item_though_a_turned_copy_begins_with_it() -> None:
    other = story(9, 400)
    turned = joined(part(other, 200, 400), part(other, 0, 200))
    text = joined(part(STORY, 0, 225), part(other, 200, 275))
    assert not view_of(text, STORY, other, edited(other, 1, 0.01), turned).is_roundup
    assert view_of(text, STORY, turned).is_roundup


def test_copies_with_different_paragraphs_of_their_own_share_no_form() -> None:
    pieces = [part(STORY, place, place + 60) for place in range(0, 360, 60)]

    def copy(seed: int) -> str:
        own = story(seed, 240)
        return joined(*(joined(piece, part(own, 40 * n, 40 * n + 40)) for n, piece in enumerate(pieces)))

    view = view_of(copy(30), *(joined(copy(seed), "mehr") for seed in (31, 32, 33)))
    assert [link.is_copy for link in view.links] == [True, True, True]


def test_a_text_edited_throughout_shares_no_form_with_copies_that_were_not() -> None:
    others = [joined(STORY, story(40 + seed, 150)) for seed in range(3)]
    view = view_of(edited(part(STORY, 0, 300), 1, 0.07), *others)
    assert all(link.is_copy for link in view.links)
