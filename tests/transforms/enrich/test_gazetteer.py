"""Places by name, in the languages and scripts in which texts print them."""

from __future__ import annotations

import pytest

from transforms.enrich.places.countries import country_of_place
from transforms.enrich.places.gazetteer import load_gazetteer


@pytest.mark.parametrize(
    ("language", "name", "country"),
    [
        ("en", "Munich", "DE"),
        ("en", "NEW YORK", "US"),
        ("en", "São Paulo", "BR"),
        ("es", "Nueva York", "US"),
        ("it", "Londra", "GB"),
        ("ru", "Москве", "RU"),
        ("ru", "Новой Зеландии", None),  # declined in both words: found in a text by its adjective
        ("pl", "Warszawie", "PL"),
        ("zh", "上海", "CN"),
        ("en", "Penticton", None),  # a town tells nothing alone
        ("ar", "القاهرة", "EG"),
        ("en", "German", None),
        ("en", "Nowhere", None),
        ("en", "", None),
        ("en", "DUBAI, United Arab Emirates", "AE"),
        ("en", "BUFFALO, New York", "US"),
    ],
)
def test_the_country_of_a_place_as_printed(language: str, name: str, country: str | None) -> None:
    assert country_of_place(name, load_gazetteer(language)) == country


def test_a_town_is_a_place_and_a_people_is_none() -> None:
    places = load_gazetteer("ko")
    assert places.is_place("성남시")
    assert not load_gazetteer("en").is_place("Germans")


def test_words_that_begin_like_a_country_are_none() -> None:
    russian = load_gazetteer("ru")
    assert russian.entry_at(["Индии"], 0) is not None
    assert russian.entry_at(["Индиго"], 0) is None
    assert russian.entry_at(["Индивидуальный"], 0) is None


def test_names_in_scripts_without_capitals_end_where_their_word_ends() -> None:
    found = {
        language: [text[at : at + length] for at, length, _ in load_gazetteer(language).caseless.find_all(text)]
        for language, text in {
            "ar": "وفرنسا والمالية وإيران، لبنان",
            "ko": "프랑스에서는 미국과",
            "ja": "インドネシアとアメリカ人",
        }.items()
    }
    assert found == {"ar": ["فرنسا", "إيران", "لبنان"], "ko": ["프랑스", "미국"], "ja": ["インドネシア", "アメリカ"]}
