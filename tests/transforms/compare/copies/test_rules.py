"""What makes a copy of a pair that shares much: not a form filled in anew, not a footer; whatever the script."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.transforms.compare.copies import texts as made
from tests.transforms.compare.copies.texts import fingerprint, part, story
from transforms.compare.copies.pairs.compare import Link, View
from transforms.compare.copies.pairs.overlap import text_of


def unspaced(seed: int, words: int = 400) -> str:
    """A text of its own in a script without spaces, two characters for a word."""
    chance = random.Random(seed)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(2 * words))


def spaced(seed: int, words: int = 400) -> str:
    """A text of its own in words."""
    return story(seed, words)


def cut(text: str, start: int, stop: int) -> str:
    """Some of the words of a text, or of its pairs of characters."""
    return part(text, start, stop) if " " in text else text[2 * start : 2 * stop]


def joined(*texts: str) -> str:
    return " ".join(texts) if " " in texts[0] else "".join(texts)


def filled(form: str, seed: int, step: int = 9) -> str:
    """A form with a figure after every so many words."""
    chance = random.Random(seed)
    size = len(form.split()) if " " in form else len(form) // 2
    return joined(*(f"{cut(form, at, at + step)} {chance.randrange(100, 9_999)} " for at in range(0, size, step)))


def name(chance: random.Random) -> str:
    """A word that no story has."""
    return "".join(chance.choices("qwxyzjhf", k=7))


def edited(text: str, seed: int, rate: float) -> str:
    """A text with words changed here and there."""
    chance = random.Random(seed)
    return " ".join(name(chance) if chance.random() < rate else word for word in text.split())


def link_of(one: str, other: str) -> Link:
    texts = sorted((text_of(fingerprint("a", one)), text_of(fingerprint("b", other))), key=lambda text: text.word_count)
    (link,) = made.view_of(texts[0], texts[1:]).links or made.view_of(texts[1], texts[:1]).links
    return link


def view_of(first: str, *others: str) -> View:
    return made.view_of(
        text_of(fingerprint("zz", first)), [text_of(fingerprint(f"{n:02}", text)) for n, text in enumerate(others)]
    )


SCRIPTS = pytest.mark.parametrize("write", [spaced, unspaced])
Write = Callable[[int, int], str]


@SCRIPTS
def test_two_reports_of_one_form_are_no_copies_though_half_of_their_words_are_the_same(write: Write) -> None:
    form = write(1, 120)
    link = link_of(filled(form, 1), filled(form, 2))
    assert 0.33 <= link.similarity < 0.90
    assert not link.is_copy


@SCRIPTS
def test_a_report_cut_short_keeps_its_figures_and_is_a_copy(write: Write) -> None:
    report = filled(write(1, 120), 1)
    assert link_of(cut(report, 0, 90), report).is_copy


@SCRIPTS
def test_a_news_story_with_its_figures_brought_up_to_date_is_still_a_copy(write: Write) -> None:
    before = joined(filled(write(2, 60), 1, step=20), write(3, 240))
    after = joined(filled(write(2, 60), 2, step=20), write(3, 240))
    assert link_of(before, after + " ").is_copy


@SCRIPTS
@pytest.mark.parametrize("footer_words", [70, 110, 160])
def test_a_footer_makes_no_copies_though_it_is_longer_than_the_articles(write: Write, footer_words: int) -> None:
    footer = write(9, footer_words)
    one, other = joined(write(1, 75), footer), joined(write(2, 80), footer)
    link = link_of(one, other)
    assert link.similarity > 0.40
    assert not link.is_copy


@SCRIPTS
def test_a_lead_that_is_taken_over_makes_a_copy_where_a_footer_of_that_length_does_not(write: Write) -> None:
    lead = write(9, 160)
    assert link_of(joined(lead, write(1, 75)), joined(lead, write(2, 80))).is_copy


def test_a_form_without_figures_is_told_from_the_fourth_report_on() -> None:
    form = story(1, 120).split()

    def report(seed: int) -> str:
        chance = random.Random(seed)
        return " ".join(name(chance) if at % 9 == 0 else word for at, word in enumerate(form))

    reports = [report(seed) for seed in range(4)]
    assert any(link.is_copy for link in view_of(*reports[:3]).links), "two others are too few to tell"
    assert not any(link.is_copy for link in view_of(*reports).links)


def test_copies_edited_each_in_its_own_way_are_no_form_and_no_boilerplate_however_many() -> None:
    copies = [edited(story(1, 300), seed, 0.04) for seed in range(24)]
    view = view_of(*copies)
    assert all(link.is_copy for link in view.links)
    assert len(view.links) == 23
    assert not view.is_roundup


def test_a_text_edited_throughout_is_no_roundup_though_papers_quote_its_parts() -> None:
    original = story(1, 400)
    quoting = [f"{part(original, 0, 90)} {story(5, 300)}", f"{part(original, 300, 390)} {story(6, 300)}"]
    view = view_of(edited(original, 1, 0.14), original, *quoting)
    assert not view.is_roundup
    assert view.links[0].is_copy
