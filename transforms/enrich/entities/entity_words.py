"""The lists of words and names by which entities are told apart, read once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from babel import Locale, UnknownLocaleError

from transforms.enrich.data_files import read_json


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
    lists = _lists()
    return EntityWords(
        given=frozenset(_plain("given_names.txt").split()),
        family=frozenset(_plain("family_names.txt").split()),
        organizations=frozenset(_plain("known_organizations.txt").splitlines()),
        towns=frozenset(_plain("towns.txt").splitlines()),
        regions=frozenset(_plain("known_regions.txt").splitlines()),
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
    lists = _lists()
    return LanguageWords(
        common=frozenset(_common_words().get(language, "").split()),
        before_places=frozenset(lists["before_places"].get(language, ())),
        articles=frozenset(lists["articles"].get(language, ())),
        before_people=frozenset(lists["before_people"].get(language, ())),
        regions=_regions(language),
        days=_days(language),
        has_capital_nouns=language in lists["capital_noun_languages"],
        is_romance=language in lists["romance_languages"],
        inner=frozenset(lists["romance_joins"] if language in lists["romance_languages"] else ()),
    )


def _regions(language: str) -> frozenset[str]:
    """The continents and parts of them in one language, by CLDR."""
    territories = _locale(language).territories
    return frozenset(name for code, name in territories.items() if code.isdigit() and code != "001")


def _days(language: str) -> frozenset[str]:
    """The months and weekdays of one language in lower case, by CLDR, also shortened and inflected."""
    locale = _locale(language)
    return frozenset(
        word.lower().rstrip(".")
        for names in (locale.months, locale.days)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for word in names[context][width].values()
    )


def _locale(language: str) -> Locale:
    """The locale of a language; that of English where CLDR does not know it."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    return read_json("entities/entity_words.json")


@lru_cache(maxsize=1)
def _common_words() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in _plain("common_words.txt").splitlines())


def _plain(name: str) -> str:
    """A text file of this package without the ``#`` lines at its head."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
