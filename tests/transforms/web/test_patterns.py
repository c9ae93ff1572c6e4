from __future__ import annotations

import pytest

from transforms.web.chosen.patterns import folded, has_pattern, has_word, matches


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("https://example.org/a", "https://example.org/a", True),
        ("https://example.org/a", "https://example.org/a/b", False),
        ("https://example.org/*", "https://example.org/", True),
        ("*", "", True),
        ("*.example.org", "news.example.org", True),
        ("*.example.org", "example.org", False),
        ("a*b*a", "aba", True),
        ("a*b*a", "aa", False),
        ("aa*aa", "aaa", False),
        ("*/feeds/*.xml", "http://x/feeds/y/z.xml", True),
        ("*/feeds/*.xml", "http://x/feeds.xml", False),
    ],
)
def test_a_pattern_fits_a_whole_text(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("/sport/", True), ("/Sport/*LIVE", True), ("/live*sport", False), ("example.org/sport", True), ("?id=", False)],
)
def test_a_pattern_is_found_anywhere_in_an_address(pattern: str, found: bool) -> None:
    assert has_pattern("https://Example.org/sport/2026/live", pattern) is found


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("art", "The party of art", True),
        ("art", "A party", False),
        ("art*", "The artist", True),
        ("art*", "A party", False),
        ("Straße", "An der STRASSE", True),
        ("bridge  opening", "The Bridge\nopening today", True),
        ("c++", "Learn C++ now", True),
        ("選挙", "次の選挙は春", True),
        ("ｅｌｅｃｔｉｏｎ", "The election", True),
        ("a.b", "axb", False),
    ],
)
def test_words_are_found_whole_in_any_case_width_and_spacing(word: str, text: str, found: bool) -> None:
    assert has_word(folded(text), ("nothing of it", word)) is found


def test_a_pattern_of_many_stars_costs_no_more_than_its_text() -> None:
    assert not matches("*a" * 500 + "b", "a" * 8_000)
    assert not has_pattern("a" * 8_000, "*a" * 500 + "b")
