from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.shingles import content_hash, first_occurrences, normalise, shingle_sequence


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_normalising_a_normalised_text_changes_nothing(text: str) -> None:
    once = normalise(text.replace("&", " "))
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Don’t” — he said", '"Don\'t" - he said'),
        ("R&amp;amp;D &ldquo;now&rdquo;", "R&D now"),
        ("coro\u00adna\u200bvirus", "CORONAVIRUS"),
        ("Sa\u0303o Paulo\u00a0hoje", "São Paulo hoje"),
        ("ﬁne ＡＢＣ", "fine abc"),
    ],
)
def test_renderings_of_the_same_words_are_the_same_text(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)
    assert content_hash(one) == content_hash(other)


def test_scripts_without_spaces_are_read_by_the_character_and_marks_stay_with_their_letters() -> None:
    assert normalise("東京で、地震。") == "東 京 で 地 震"
    assert normalise("हिन्दी में") == "हिन्दी में"
    assert normalise("NATOは5日") == "nato は 5 日"
    assert normalise("สวัสดี").replace(" ", "") == "สวัสดี"


def test_four_words_or_eight_characters_of_an_unspaced_script_make_a_shingle() -> None:
    assert shingle_sequence("").size == 0
    assert shingle_sequence("one two three").size == 0
    assert shingle_sequence("one two three four").size == 1
    assert shingle_sequence(normalise("春夏秋冬東西南")).size == 0
    assert shingle_sequence(normalise("春夏秋冬東西南北")).size == 1


def test_equal_runs_of_words_have_equal_hashes_wherever_they_stand() -> None:
    inside = shingle_sequence("alpha beta one two three four five omega")
    assert set(shingle_sequence("one two three four five")) <= set(inside)
    assert len(set(inside)) == len(inside) == 5


def test_the_first_occurrences_of_shingles_are_the_distinct_ones() -> None:
    text = "a b c d e a b c d e a b c d e"
    sequence = shingle_sequence(text)
    ordered = sequence[first_occurrences(sequence)]
    assert ordered.size == 5
    assert ordered.tolist() == sequence[:5].tolist()
    assert np.array_equal(np.sort(ordered), np.unique(sequence))


def test_hashes_are_the_same_in_another_process() -> None:
    program = (
        "from transforms.text.shingles import shingle_sequence as s; print(s('wind and rain over hills').tolist())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(shingle_sequence("wind and rain over hills").tolist())


def test_lone_surrogates_and_unassigned_characters_do_no_harm() -> None:
    assert normalise("a\ud800b \U0010ffff c") == "a b c"
    assert len(content_hash("\ud800")) == 32
