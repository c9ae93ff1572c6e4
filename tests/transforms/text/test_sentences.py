from __future__ import annotations

import re

import pytest

from transforms.text.scripts import CASELESS, HANGUL, UNSPACED, letters, wide_count, wide_pieces
from transforms.text.sentences import ends_paragraph, ends_sentence


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("The river rose.", True), ("He said: “It rose.”", True), ("(It rose!)", True), ("It rose …", True),
        ("水位上昇。", True), ("「水位上昇。」", True), ("پانی بڑھ گیا۔", True),
        ("पानी बढ़ा।", True), ("ارتفع النهر؟", True),
        ("Ανέβηκε το ποτάμι\u037e", True), ("নদী বেড়েছে॥", True), ("Գետը բարձրացավ։", True), ("ወንዙ ጨመረ።", True),
        ("（水位上昇。）", True), ("水位上昇．", True),
        ("The river", False), ("The river:", False), ("“”", False), ("", False),
    ],
)  # fmt: skip
def test_a_sentence_ends_with_its_scripts_sign_and_what_closes_it(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_a_script_without_a_sign_for_it_ends_a_paragraph_after_some_length() -> None:
    thai = "แม่น้ำสูงขึ้นเมื่อวันจันทร์หลังฝนตกหนักตลอดทั้งสัปดาห์ทางตอนเหนือ"
    assert ends_paragraph(thai)
    assert not ends_paragraph(thai[:20])
    assert not ends_paragraph("The river rose on Monday after a week of rain in the northern hills")
    assert ends_paragraph("The river rose.")


@pytest.mark.parametrize("text", ["水", "々", "か", "カ", "ไ", "ລ", "မ", "ខ"])
def test_what_leaves_no_spaces_has_no_capitals_either(text: str) -> None:
    assert re.fullmatch(f"[{letters(UNSPACED)}]", text)
    assert re.fullmatch(f"[{letters(CASELESS)}]", text)


@pytest.mark.parametrize("text", ["한", "ש", "ع", "क", "ა", "አ"])
def test_scripts_without_capitals_may_space_their_words(text: str) -> None:
    assert not re.fullmatch(f"[{letters(UNSPACED)}]", text)
    assert re.fullmatch(f"[{letters(CASELESS)}]", text)
    assert bool(re.fullmatch(f"[{letters(HANGUL)}]", text)) is (text == "한")


def test_letters_of_east_asia_are_counted_by_runs() -> None:
    assert wide_pieces("Ada 林 wrote 水位上昇。") == ["林", "水位上昇。"]
    assert wide_count("Ada 林 wrote 水位上昇。") == 6
    assert wide_pieces("Ada") == []
