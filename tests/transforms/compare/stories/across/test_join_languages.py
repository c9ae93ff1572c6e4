"""Which stories of several languages are one, on vectors made by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from math import acos, cos, sin

import numpy as np
import pytest

from schemas.story import Sketch
from tests.transforms.compare.stories.reports_and_stories import NOON_US
from transforms.common.clock import DAY_US
from transforms.compare.stories.across.join_languages import join_languages
from transforms.compare.stories.across.marks import marks_of
from transforms.compare.stories.across.nearness import SIZE, near_pairs, traces_of

NEAR, CLOSE, FAR = 0.95, 0.90, 0.80
"""Near without a mark; near with a country that both share; near never."""


def article(
    name: str, angle: float, *, story: str = "", day: float | None = 0.0, countries: Sequence[str] = (), text: str = ""
) -> Sketch:
    """A sketch whose name begins with its language, and whose vector stands at this angle in radians."""
    vector = np.rint(np.array([cos(angle), sin(angle)]) * 127).astype(np.int8).tobytes().ljust(SIZE, b"\0")
    published = None if day is None else NOON_US + round(day * DAY_US)
    made = Sketch("", name, "", name[:2], published, 0, 0, b"", b"", b"", b"", story or name)
    return replace(made, vector=vector, marks=marks_of(text, countries))


def joined(new: Sequence[Sketch], earlier: Sequence[Sketch] = ()) -> dict[str, str]:
    """What is told, the same in every order of the articles."""
    order = {one.story_id or "": (one.published_us is None, one.published_us or 0, one.article_id) for one in new}
    told = join_languages(traces_of(new), traces_of(earlier), order)
    for seed in range(5):
        mixed, others = list(new), list(earlier)
        random.Random(seed).shuffle(mixed)
        random.Random(seed).shuffle(others)
        assert join_languages(traces_of(mixed), traces_of(others), order) == told
    return told


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (article("de", acos(NEAR)), {"en": "de"}),  # at one instant the id decides
        (article("de", acos(NEAR), day=0.5), {"de": "en"}),
        (article("de", acos(NEAR), day=-3), {"en": "de"}),
        (article("de", acos(NEAR), day=-3.1), {}),
        (article("de", acos(NEAR), day=None), {}),
        (article("en again", acos(NEAR)), {}),  # its own language has told already
        (article("de", acos(CLOSE)), {}),
        (article("de", acos(CLOSE), countries=("GT",)), {"en": "de"}),
        (article("de", acos(CLOSE), countries=("PE",)), {}),
        (article("de", acos(CLOSE), text="412"), {"en": "de"}),
        (article("de", acos(FAR), countries=("GT",), text="412 in Escuintla"), {}),
    ],
)
def test_two_stories_join_by_meaning_and_marks_within_days(other: Sketch, told: dict[str, str]) -> None:
    assert joined([article("en", 0, countries=("GT",), text="412 in Escuintla"), other]) == told


def test_an_article_without_a_vector_takes_no_part() -> None:
    assert joined([article("en", 0), replace(article("de", 0), vector=None, marks=None)]) == {}
    assert joined([article("en", 0), replace(article("de", 0), vector=b"of another model")]) == {}
    assert list(near_pairs(traces_of([]), traces_of([article("en", 0)]))) == []


def test_a_chain_of_neighbours_does_not_become_one_story() -> None:
    steps = (0, acos(0.96), acos(0.94), acos(0.96))  # each is near the next, none is near the one after that
    names = ("en", "de", "fr", "es")
    chain = [article(name, sum(steps[: at + 1]), day=at / 10) for at, name in enumerate(names)]
    told = joined(chain)
    assert told == {"de": "en", "es": "fr"}


def test_stories_of_several_articles_join_if_a_third_of_their_pairs_are_near() -> None:
    here = [article("en 1", 0, story="en 1"), article("en 2", 0.1, story="en 1")]
    strays = [article(f"en {number}", 1.0, story="en 1") for number in (3, 4, 5, 6)]
    there = article("de", 0, day=1)
    assert joined([*here, there]) == {"de": "en 1"}
    assert joined([*here, strays[0], there]) == {"de": "en 1"}
    assert joined([*here, *strays, there]) == {"de": "en 1"}
    assert joined([*here, *strays, article("en 7", 1.0, story="en 1"), there]) == {}


def test_a_new_story_becomes_part_of_the_earliest_earlier_story_it_is_near() -> None:
    earlier = [article("en", 0, story="in English", day=-1), article("fr", 0.02, story="in French", day=-2)]
    assert joined([article("de", 0)], earlier) == {"de": "in French"}
    assert joined([article("de", 0), article("es", 0.01)], earlier) == {"de": "in French", "es": "in French"}
    assert joined([article("de", 1.0)], earlier) == {}


def test_days_that_are_too_far_away_do_not_keep_a_story_from_going_on() -> None:
    long_ago = [article(f"en {number}", 1.0, story="in English", day=-9) for number in range(5)]
    assert joined([article("de", 0)], [*long_ago, article("en", 0, story="in English")]) == {"de": "in English"}


def test_earlier_stories_stay_apart() -> None:
    earlier = [article("en", 0, story="in English"), article("fr", 0, story="in French")]
    assert joined([], earlier) == {}
    assert set(joined([article("de", 0)], earlier)) == {"de"}
