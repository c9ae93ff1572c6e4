"""The names of countries in one language: from CLDR through Babel, and from ``country_words.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from transforms.enrich.data_files import name_rules, read_rows
from transforms.enrich.languages.locale import locale_of
from transforms.enrich.places.place_names import CAPITAL, NAME, WEAK, WORD, Claim

_BRACKETED = re.compile(r"(?:(?<!\s)\s++)?[(（].*")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
_SHORTEST_ADJECTIVE = 5
_VOWELS = "aeiouyąęěáéíóúýаеиоуыэюяйіїєαηοάήόςâăîşı"


def names_in(language: str) -> Iterator[tuple[str, Claim]]:
    """Every name of a language with its claim; the stronger claim to a name comes first.

    A name that ends in ``*`` is the beginning of words of any case. A language that CLDR does not know gets English
    names.
    """
    yield from _word_rows().get(language, ())
    locale = locale_of(language)
    for code, name in _territories(locale):
        yield name, Claim((code,), NAME)
    zones, seats = get_global("zone_territories"), name_rules()["seats_of_unions"]
    for zone, names in sorted(locale.time_zones.items()):
        if "city" in names and zone in zones and zones[zone] != "001":
            yield names["city"], Claim((zones[zone],), CAPITAL, decided=zone not in seats)
    if language != "en" and locale.language == language:
        yield from _adjectives(locale)


@lru_cache(maxsize=8)
def official_names(language: str) -> frozenset[str]:
    """The names of countries and dependent territories by CLDR alone, without the words of ``country_words.csv``."""
    return frozenset(name for _, name in _territories(locale_of(language)))


def _territories(locale: Locale) -> Iterator[tuple[str, str]]:
    for code, name in sorted(locale.territories.items()):
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES and " - " not in name:
            yield code, _BRACKETED.sub("", name)


def country_of_language(language: str) -> str | None:
    """The country in which the papers of a language appear: the only one in which it is official, by CLDR, unless
    ``name_rules.json`` has another; None if there are several or none."""
    known = name_rules()["language_countries"]
    if language in known:
        return None if known[language] is None else str(known[language])
    countries = [
        territory
        for territory, languages in get_global("territory_languages").items()
        if (languages.get(language) or {}).get("official_status") in ("official", "de_facto_official")
    ]
    return countries[0] if len(countries) == 1 else None


def _adjectives(locale: Locale) -> Iterator[tuple[str, Claim]]:
    """Beginnings of adjectives, where the name of a language is one: "polnisch*", "русск*"."""
    for code, country in sorted(name_rules()["adjective_languages"].items()):
        stem = (locale.languages.get(code) or "").casefold()
        while len(stem) > _SHORTEST_ADJECTIVE and stem[-1] in _VOWELS:
            stem = stem[:-1]
        if len(stem) >= _SHORTEST_ADJECTIVE and stem.isalpha() and stem.islower():
            yield f"{stem}*", Claim((country,), WORD)


@lru_cache(maxsize=1)
def _word_rows() -> dict[str, list[tuple[str, Claim]]]:
    rows: dict[str, list[tuple[str, Claim]]] = {}
    for language, countries, forms in read_rows("places/country_words.csv"):
        codes = tuple(countries.split())
        strong, weak = (Claim(codes, weight, together=len(codes) > 1) for weight in (WORD, WEAK))
        for form in forms.split("|"):
            rows.setdefault(language, []).append((form[1:], weak) if form.startswith("~") else (form, strong))
    return rows
