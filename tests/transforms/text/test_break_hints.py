from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.break_hints import without_break_hints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the old fish mar\xadket", "the old fish market"),
        ("the coun\u200bcil", "the council"),
        ("\ufeffThe har\u2060bour", "The harbour"),
        ("nach\u200b und\u00ad nach", "nach und nach"),
        ("plain text", "plain text"),
        ("Žluťoučký kůň", "Žluťoučký kůň"),
    ],
)
def test_hints_for_line_breaks_are_no_text(text: str, expected: str) -> None:
    assert without_break_hints(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "شهردار می\u200cرود",  # Persian: a prefix
        "کتاب\u200cهای تازه",  # Persian: a plural
        "۱۰\u200cساله",  # a number with a word
        "PDF\u200cها",  # a foreign word with a Persian plural
        "«بندر»\u200cها",
        "سال ۱۴۰۴ ه\u200d.ش",  # an abbreviation
        "क्\u200dष",  # Devanagari: half a letter
        "ক্\u200cত",  # Bengali: a visible virama
        "ക്\u200d",  # Malayalam: an old chillu at a word's end
        "ශ්\u200dරී ලංකා",  # Sinhala
        "👩\u200d🚒 and 👨🏽\u200d🌾",  # emoji of several parts
        "❤\ufe0f\u200d🔥",
    ],
)
def test_joiners_that_spell_a_word_or_an_emoji_stay(text: str) -> None:
    assert without_break_hints(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Auf\u200clage", "Auflage"),
        ("fi\u200dsh", "fish"),
        ("\u200cHeadline\u200d", "Headline"),
        ("рын\u200dок", "рынок"),
        ("市\u200c场", "市场"),
        ("کتاب\u200c است", "کتاب است"),  # behind it a blank parts the words
        ("می\u200b\u200cرود", "می\u200cرود"),  # the hint goes, the spelling stays
        ("a\u200d🔥", "a🔥"),
    ],
)
def test_joiners_that_spell_nothing_go(text: str, expected: str) -> None:
    assert without_break_hints(text) == expected


@given(st.text(alphabet="a میक्\u200b\u200c\u200d\u00ad\u2060\ufeff👩🔥\ufe0f\n", max_size=30))
def test_a_second_call_changes_nothing_and_only_invisible_signs_are_lost(text: str) -> None:
    once = without_break_hints(text)
    assert without_break_hints(once) == once
    invisible = str.maketrans("", "", "\u200b\u200c\u200d\u00ad\u2060\ufeff")
    assert once.translate(invisible) == text.translate(invisible)
    assert not set(once) & set("\u200b\u00ad\u2060\ufeff")


@pytest.mark.parametrize("piece", ["\u200c", "\u200d\u200c", "\xad", "م\u200c", "👩\u200d", "a\u200d"])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    started = time.process_time()
    without_break_hints(piece * 300_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mar\u200eket", "market"), ("the \u202amarket\u202c hall", "the market hall"), ("a \u2068b\u2069 c", "a b c"),
        ("سوق\u200e (market)\u200f", "سوق\u200e (market)\u200f"), ("שוק\u200f!", "שוק\u200f!"),
    ],
)  # fmt: skip
def test_marks_of_direction_stay_only_beside_letters_that_run_from_right_to_left(text: str, expected: str) -> None:
    assert without_break_hints(text) == expected
