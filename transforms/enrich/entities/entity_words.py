"""The lists of words and names by which entities are told apart, read once in a process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from transforms.enrich.data_files import name_rules, read_json, read_lines
from transforms.enrich.languages.locale import locale_of


@dataclass(frozen=True, slots=True)
class EntityWords:
    """The lists of ``entity_words.json`` in lower case, all languages together, and the two lists of names."""

    titles: frozenset[str]
    title_ends: tuple[str, ...]
    people: frozenset[str]
    speech: frozenset[str]
    particles: frozenset[str]
    joins: frozenset[str]
    and_joins: frozenset[str]
    of_words: frozenset[str]
    by_words: frozenset[str]
    adjective_ends: frozenset[str]
    heads: frozenset[str]
    head_ends: tuple[str, ...]
    company: frozenset[str]
    place_words: frozenset[str]
    place_titles: frozenset[str]
    place_ends: tuple[str, ...]
    abbreviations: frozenset[str]
    suffixes: frozenset[str]
    no_names: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    organizations: frozenset[str]
    towns: frozenset[str]
    regions: frozenset[str]


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """Words of one language: `common` ones that are no names, those before places, articles, particles that are also
    prepositions (`before_people`), continents and their parts, months and weekdays, and the small words that may stand
    inside any name (`inner`)."""

    common: frozenset[str]
    before_places: frozenset[str]
    articles: frozenset[str]
    before_people: frozenset[str]
    regions: frozenset[str]
    days: frozenset[str]
    has_capital_nouns: bool
    is_romance: bool
    inner: frozenset[str]


@lru_cache(maxsize=1)
def load_entity_words() -> EntityWords:
    """The lists, read once in a process."""
    lists = word_lists()
    return EntityWords(
        given=frozenset(_names("given_names.txt")),
        family=frozenset(_names("family_names.txt")),
        organizations=frozenset(read_lines("entities/known_organizations.txt")),
        towns=frozenset(read_lines("entities/towns.txt")),
        regions=frozenset(read_lines("entities/known_regions.txt")),
        title_ends=tuple(lists["title_ends"]),
        head_ends=tuple(lists["head_ends"]),
        place_ends=tuple(lists["place_ends"]),
        **{
            name: frozenset(lists[name])
            for name in (
                *("titles", "people", "speech", "particles", "joins", "and_joins", "of_words", "by_words", "heads"),
                *("adjective_ends", "company", "place_words", "place_titles", "abbreviations", "suffixes", "no_names"),
            )
        },
    )


@lru_cache(maxsize=64)
def load_language_words(language: str) -> LanguageWords:
    """The words of a language; empty lists for one that is not known."""
    lists = word_lists()
    return LanguageWords(
        common=frozenset(_common_words().get(language, "").split()),
        before_places=frozenset(lists["before_places"].get(language, ())),
        articles=frozenset(lists["articles"].get(language, ())),
        before_people=frozenset(lists["before_people"].get(language, ())),
        regions=_regions(language),
        days=_days(language),
        has_capital_nouns=language in name_rules()["capital_noun_languages"],
        is_romance=language in lists["romance_languages"],
        inner=frozenset(lists["romance_joins"] if language in lists["romance_languages"] else ()),
    )


def _regions(language: str) -> frozenset[str]:
    """The continents and parts of them in one language, by CLDR."""
    territories = locale_of(language).territories
    return frozenset(name for code, name in territories.items() if code.isdigit() and code != "001")


def _days(language: str) -> frozenset[str]:
    """The months and weekdays of one language in lower case, by CLDR, also shortened and inflected."""
    locale = locale_of(language)
    return frozenset(
        word.lower().rstrip(".")
        for names in (locale.months, locale.days)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for word in names[context][width].values()
    )


@lru_cache(maxsize=1)
def word_lists() -> dict[str, Any]:
    """The content of ``entity_words.json``, read once in a process. Do not change it."""
    return read_json("entities/entity_words.json")


@lru_cache(maxsize=1)
def _common_words() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in read_lines("entities/common_words.txt"))


def _names(name: str) -> Iterator[str]:
    """The names in a file that has several in a line."""
    return chain.from_iterable(map(str.split, read_lines(f"entities/{name}")))
