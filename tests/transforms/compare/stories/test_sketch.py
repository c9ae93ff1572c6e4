"""What a sketch keeps: headline twice, lead, names, how ordinary each word is, and figures."""

from __future__ import annotations

import random
import zlib
from string import ascii_lowercase

import numpy as np
import pytest

from schemas.story import Sketch
from tests.transforms.compare.stories.reports_and_stories import markets, sketch, weather
from transforms.compare.stories.reports import is_report, may_belong
from transforms.compare.stories.sketch import LEAD_WORDS, PASSAGE_WORDS, figures_of
from transforms.compare.stories.weigh import Vector, cosines, fading, frequencies_of, joined, likeness
from transforms.compare.stories.weigh import vectors_of as vectors_among


def vectors_of(sketches: list[Sketch]) -> list[Vector]:
    return vectors_among(sketches, frequencies_of(sketches))


def counts(one: Sketch) -> dict[int, tuple[int, int]]:
    terms = np.frombuffer(one.terms, dtype="<u4").tolist()
    return dict(zip(terms, zip(one.counts, one.passages, strict=True), strict=True))


def key(term: str) -> int:
    return zlib.crc32(term.encode())


def test_headline_words_count_twice_names_once_more_and_words_after_the_lead_only_as_names() -> None:
    body = "the mayor of Oldhaven spoke " + "and on " * LEAD_WORDS + "until Rehn left quietly"
    kept = counts(sketch("a", "Mayor speaks", body))
    assert kept[key("mayor")][0] == 3
    assert kept[key("speaks")][0] == 2
    assert kept[key("oldhaven")][0] == 2
    assert kept[key("rehn")][0] == 1
    assert key("quietly") not in kept


def test_a_word_is_as_ordinary_as_the_passages_that_hold_it() -> None:
    body = " ".join(f"the w{number}" for number in range(PASSAGE_WORDS * 2))
    one = sketch("a", "", body)
    assert one.passage_count == 4
    assert counts(one)[key("the")][1] == 4
    assert counts(one)[key("w0")][1] == 1


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("up 1,234.50 points", ["123450"]),
        ("at 21:14 o'clock", ["2114"]),
        ("3 dead, 12 hurt", ["12"]),
        ("S&P 500.", ["500"]),
        ("none at all", []),
    ],
)
def test_figures_are_their_digits_and_single_digits_are_left_out(text: str, figures: list[str]) -> None:
    assert list(figures_of(text)) == figures


def test_reports_of_figures_are_known_by_their_density_and_belong_together_by_what_they_give() -> None:
    one = sketch("a", *weather("Oldhaven", 21, 12, 18, 40, "21:14"))
    same_day = sketch("b", *weather("Oldhaven", 21, 12, 18, 40, "21:14"), day=0.1)
    next_day = sketch("c", *weather("Oldhaven", 22, 12, 25, 60, "21:15"), day=1)
    story = sketch("d", "Frost", "In the Lenn valley 12 growers lit 300 fires. " + "The night was long. " * 30)
    assert is_report(one)
    assert not is_report(story)
    assert may_belong(one, same_day)
    assert not may_belong(one, next_day)
    assert may_belong(one, story)
    assert not may_belong(one, sketch("e", *markets("4,112.40", "31.20", "0.76", "988.15")))


def test_likeness_is_that_of_all_pairs_on_the_mean_and_fades_with_the_days() -> None:
    texts = ["ferry aground at Skerrow", "ferry off Skerrow sandbank", "budget vote of Oldhaven"]
    alone = vectors_of([sketch(f"{n}", text, text) for n, text in enumerate(texts)])
    pairs = [likeness(alone[0], alone[2]), likeness(alone[1], alone[2])]
    assert likeness(joined(alone[0], alone[1]), alone[2]) == pytest.approx(sum(pairs) / 2)
    assert likeness(alone[0], alone[0]) == pytest.approx(1.0)
    later = vectors_of(
        [sketch("a", texts[0], texts[0]), sketch("b", texts[0], texts[0], day=5), sketch("c", texts[2], "")]
    )
    assert likeness(later[0], later[1]) == pytest.approx(np.exp(-1))
    undated = vectors_of([sketch("a", texts[0], ""), sketch("b", texts[0], "", day=None), sketch("c", texts[2], "")])
    assert likeness(undated[0], undated[1]) == pytest.approx(1.0)


def test_the_estimate_of_many_pairs_is_their_likeness_before_it_fades() -> None:
    texts = [" ".join(random.Random(n).choices(ascii_lowercase, k=40 + n)) for n in range(30)]
    vectors = vectors_of([sketch(f"a{n}", text, text, day=n % 4 or None) for n, text in enumerate(texts)])
    room = np.zeros(1 + max(int(vector.terms[-1]) for vector in vectors))
    for one in vectors:
        faded = cosines(one, vectors, room) * [fading(one, other) for other in vectors]
        assert faded == pytest.approx([likeness(one, other) for other in vectors], abs=1e-12)
    assert not room.any()
