"""The benchmark of mixed copies makes the same texts each time, and what its names say."""

from __future__ import annotations

import random
from itertools import cycle

import pytest

from benchmarks.mixed_kinds import TUNED, TUNED_LOOKALIKES, UNSEEN, UNSEEN_LOOKALIKES, Lookalikes
from benchmarks.mixed_texts import Paragraphs, Pool, count, cut, new_figures, paragraphs_of, spliced, without_quotes
from tests.transforms.compare.copies.texts import story


def text(seed: int) -> Paragraphs:
    return tuple(f"{story(seed * 100 + number, 40)}." for number in range(10))


def pool() -> Pool:
    return Pool(story(9_000, 300).split(), cycle([story(9_100 + number, 30) for number in range(50)]))


@pytest.mark.parametrize("kind", [*TUNED, *UNSEEN])
def test_a_copy_is_the_same_each_time_and_keeps_words_of_its_original(kind: str) -> None:
    make = {**TUNED, **UNSEEN}[kind]
    copy = make(random.Random(1), text(1), pool())
    assert copy == make(random.Random(1), text(1), pool())
    assert copy != text(1)
    assert set(" ".join(text(1)).split()) & set(" ".join(copy).split())


@pytest.mark.parametrize("make", [*TUNED_LOOKALIKES, *UNSEEN_LOOKALIKES])
def test_lookalikes_are_the_same_each_time_and_differ_from_one_another(make: Lookalikes) -> None:
    texts = tuple(text(seed) for seed in range(6))
    made = make(random.Random(1), texts, pool())
    assert made == make(random.Random(1), texts, pool())
    assert len({one for _, one in made}) == len(made) > 1


def test_no_kind_is_in_both_lists() -> None:
    assert not set(TUNED) & set(UNSEEN)
    assert not set(TUNED_LOOKALIKES) & set(UNSEEN_LOOKALIKES)
    assert len(UNSEEN) >= 3


def test_what_desks_do_to_paragraphs() -> None:
    assert paragraphs_of("A headline\n\n" + story(1, 20) + "\nEnd.") == ("A headline " + story(1, 20), "End.")
    assert count(cut(text(1), 0.5)) == 200
    assert new_figures(random.Random(1), ("12 men",), 1.0) != ("12 men",)
    assert without_quotes(random.Random(1), ('Rain fell. "It was wet," he said. All left.',), 0.0) == (
        "Rain fell. All left.",
    )
    assert spliced(("a", "b", "c"), ("d",)) == ("a", "d", "b", "c")
