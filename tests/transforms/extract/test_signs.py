"""Signs are counted for all texts at once, as Python's own methods would count them in each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.body.features.signs import Sign, Signs, have, kinds_of
from transforms.text.sentences import STOPS

TEXTS = st.lists(
    st.text(
        alphabet=st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc"]) | st.sampled_from(" aA1.…।ǅʼ漢"), min_size=1
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    min_size=1,
    max_size=5,
)


@given(TEXTS)
def test_counts_are_those_of_the_methods_of_str(texts: list[str]) -> None:
    upper, digits, dots = Signs(texts).counts(Sign.UPPER, Sign.DIGIT, Sign.DOT)
    assert upper.tolist() == [sum(map(str.isupper, text)) for text in texts]
    assert digits.tolist() == [sum(map(str.isdigit, text)) for text in texts]
    assert dots.tolist() == [sum(map(text.count, STOPS)) for text in texts]


@given(TEXTS)
def test_titled_words_are_those_of_istitle(texts: list[str]) -> None:
    assert Signs(texts).titled_words().tolist() == [sum(map(str.istitle, text.split())) for text in texts]


def test_a_full_stop_of_any_script_is_one() -> None:
    texts = ["Ja. Nein! Wie?", "是。不！", "हाँ।", "نعم؟", "Wait…"]
    assert Signs(texts).counts(Sign.DOT)[0].tolist() == [3, 2, 1, 1, 1]


def test_words_are_titled_by_their_capitals() -> None:
    texts = ["Ada Lind lives in Turku", "McDonald O'Neil USA 1st Don't", "x ", "ǅungla ß Ñandú"]
    assert Signs(texts).titled_words().tolist() == [3, 1, 0, 2]


@given(TEXTS)
def test_the_first_sign_of_each_text_is_known_by_its_kind(texts: list[str]) -> None:
    first = Signs(texts).first()
    assert have(first, Sign.LOWER).tolist() == [text[0].islower() for text in texts]
    assert have(first, Sign.NO_LETTER).tolist() == [not text[0].isalnum() for text in texts]


def test_a_sign_may_be_of_several_kinds() -> None:
    kinds = kinds_of("!”:x\ud800")
    assert have(kinds, Sign.STOP).tolist() == [True, False, False, False, False]
    assert have(kinds, Sign.END).tolist() == [True, True, False, False, False]
    assert have(kinds, Sign.QUOTE | Sign.COLON).tolist() == [False, True, True, False, False]
