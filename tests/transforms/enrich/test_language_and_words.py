"""Language and length of a text."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.enrich.samples_to_enrich import SENTENCES, enriched
from transforms.enrich.languages.detect import Language, detect_language
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.text.code_points import TABLE_SIZE

_SPACED_WORD = re.compile(r"[^\W_]+(?:['’\-‐‑.][^\W_]+)*")


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language_whatever_the_page_declares(language: str) -> None:
    assert detect_language(SENTENCES[language]) == Language(language, "text")
    assert detect_language(SENTENCES[language], "xx" if language == "en" else "en-US") == Language(language, "text")


def test_a_very_short_text_is_in_the_language_that_the_page_declares() -> None:
    assert detect_language("Ja, genau.", "nl-NL") == Language("nl", "declared")
    assert detect_language("Ja, genau.", "DE_at") == Language("de", "declared")
    assert detect_language("Ja, genau.", "und") is not None


def test_between_languages_that_are_nearly_one_the_page_decides() -> None:
    text = "Gradsko vijeće odlučilo je zatvoriti stari most jer su inženjeri našli pukotine u dva od jedanaest stupova."
    assert {detect_language(text, hint) for hint in ("hr", "hr-HR")} == {Language("hr", "declared")}
    assert detect_language(text, "bs") == Language("bs", "declared")
    assert detect_language(text, "it") in {Language(tag, "text") for tag in ("hr", "bs", "sr")}


def test_a_text_without_letters_has_no_language_and_no_facts() -> None:
    for body in ("", "   \n\n", "12:30 – 14:45", "…"):
        article = enriched(body, in_language="en", authors=("Reuters",))
        assert article.in_language is None
        assert (article.word_count, article.wire_sources, article.dateline, article.countries) == (0, (), None, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("The mayor’s twenty-one well-kept boats", 5),
        ("It didn't rain in 2024, at 3.5 degrees.", 8),
        ("L’Élysée dément", 2),
        ("市議会は決めた", 7),
        ("GDP成长5%左右", 6),
        ("시의회는 다리를 폐쇄했다", 3),
        ("สภาเทศบาล", 2),
        ("الرئيس يزور المدينة", 3),
        ("a.b.c x--y _z_ 1.", 5),
        ("コーヒーを飲む ー", 5),
        ("กขคงจ กขคงจฉ中ก", 5),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(st.characters(max_codepoint=0x0DFF) | st.sampled_from("a.'’-‐‑_ \n")))
def test_words_of_spaced_scripts_are_runs_of_letters_joined_by_single_marks(text: str) -> None:
    assert count_words(text) == len(_SPACED_WORD.findall(text))


def test_the_table_of_characters_leaves_no_letter_out() -> None:
    assert not any(chr(code).isalnum() for code in range(TABLE_SIZE - 1, sys.maxunicode + 1))
    assert load_kinds().size == TABLE_SIZE
