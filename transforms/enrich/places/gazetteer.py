"""Names of countries and places in one language.

Country names come from CLDR (through Babel), as do the largest cities in the article's own language; other cities from
``places.csv``; demonyms, short names and metonyms from ``country_words.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from transforms.enrich.data_files import name_rules, read_rows
from transforms.text.scripts import CASELESS, letters

# How much one mention tells about where a story takes place.
NAME, WORD, CAPITAL, REGION, CITY, WEAK = 1.0, 0.9, 0.7, 0.7, 0.5, 0.3
_PLACE_WEIGHT = {"capital": CAPITAL, "region": REGION, "city": CITY}
_CASELESS = re.compile(f"[{letters(CASELESS)}]")
_BRACKETED = re.compile(r"(?:(?<!\s)\s++)?[(（].*")
_WORD = re.compile(r"([A-Z]\.(?:[A-Z]\.)++|[^\W_]++(?:['’][^\W_]++)*+)")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


class Words(NamedTuple):
    """The words of a text: without a possessive ending and with straight apostrophes in `plain`, as they stand in the
    text in `printed`. `gaps[n]` is the text between word n - 1 and word n."""

    plain: list[str]
    printed: list[str]
    gaps: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the gazetteer, without its first word.

    `rest` are the other words of the name. `person` says that it may be part of a person's name. `rival` is another
    country with a place of this name ("Georgia").
    """

    rest: tuple[str, ...]
    country: str
    weight: float
    person: bool = False
    rival: str | None = None

    @property
    def rivals(self) -> tuple[str, ...]:
        """Other countries with a place of this name."""
        return (self.rival,) if self.rival else ()


_ByFirst: TypeAlias = dict[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of one language.

    `own` and `shared` look up names by first word; `shared` are the places that all languages have in common; `firsts`
    are the first words of both. `stems` looks up the beginnings of lower-case words, `stem_starts` are their first
    letters, as many as the shortest stem has. `unspaced` holds (name, country, weight) in scripts without capitals,
    longest name first. `home` is the country whose language this is, if there is only one.
    """

    language: str
    home: str | None
    own: _ByFirst
    shared: _ByFirst
    firsts: frozenset[str]
    stems: dict[str, tuple[str, float]]
    stem_lengths: tuple[int, ...]
    stem_starts: frozenset[str]
    unspaced: tuple[tuple[str, str, float], ...]

    def entry_at(self, words: list[str], at: int) -> Entry | None:
        """The longest name that begins at this word, or None. A word in capitals also matches a capitalised name."""
        word = words[at]
        if word not in self.firsts:
            if len(word) < 4 or not word.isupper():
                return None
            word = _title(word)
        own, shared = self.own.get(word), self.shared.get(word)
        first = _first_fitting(own, words, at) if own else None
        second = _first_fitting(shared, words, at) if shared else None
        if first is None or (second is not None and len(second.rest) > len(first.rest)):
            return second
        return first

    def stems_among(self, words: list[str]) -> dict[str, tuple[str, float]]:
        """The country and weight of each word that is an adjective or an inflected name."""
        if not self.stems:
            return {}
        return {word: found for word in set(words) if (found := self._stem_of(word.casefold()))}

    def _stem_of(self, word: str) -> tuple[str, float] | None:
        if word[: self.stem_lengths[-1]] not in self.stem_starts:
            return None
        for length in self.stem_lengths:
            if length <= len(word) and (found := self.stems.get(word[:length])):
                return found
        return None

    def place(self, name: str) -> Entry | None:
        """The city, region or country with exactly this name, also in capitals ("RIO DE JANEIRO"); a city before a
        country of the same name. None if it is none: a demonym is no place."""
        words = plain_words(name)
        if not words:
            return None
        forms = [words]
        if name.isupper():
            joins = name_rules()["place_joins"]
            forms.append(
                [word.lower() if word.lower() in joins and at else _title(word) for at, word in enumerate(words)]
            )
        found = [
            entry
            for form in forms
            for by_first in (self.own, self.shared)
            for entry in by_first.get(form[0], ())
            if entry.rest == tuple(form[1:]) and entry.weight not in (WORD, WEAK)
        ]
        if found:
            return min(found, key=lambda entry: entry.weight == NAME)
        for known, country, weight in self.unspaced:
            if known == name and weight != WORD:
                return Entry((), country, weight)
        return None


def _first_fitting(entries: tuple[Entry, ...], words: list[str], at: int) -> Entry | None:
    for entry in entries:
        if not entry.rest:
            return entry
        following = words[at + 1 : at + 1 + len(entry.rest)]
        if len(following) == len(entry.rest) and all(
            word == wanted or (word.isupper() and _title(word) == wanted)
            for word, wanted in zip(following, entry.rest, strict=True)
        ):
            return entry
    return None


def words_of(text: str) -> Words:
    """The words of a text and what stands between them."""
    pieces = _WORD.split(text)
    printed = pieces[1::2]
    return Words(_plain(printed) if "'" in text or "’" in text else printed, printed, pieces[::2])


def plain_words(text: str) -> list[str]:
    """The words of a text, with straight apostrophes inside and no possessive at the end."""
    return _plain(_WORD.findall(text))


def _plain(printed: list[str]) -> list[str]:
    return [_POSSESSIVE.sub("", word).replace("’", "'") if "'" in word or "’" in word else word for word in printed]


@lru_cache(maxsize=64)
def load_gazetteer(language: str) -> Gazetteer:
    """The gazetteer of a language, built once in a process. A language that CLDR does not know gets English names."""
    is_inflected = language in name_rules()["inflected"]
    names: list[tuple[str, str, float]] = []
    stems: dict[str, tuple[str, float]] = {}
    unspaced: dict[str, tuple[str, float]] = {}
    for name, country, weight in _names(language):
        if name.endswith("*"):
            stems.setdefault(name[:-1].casefold(), (country, weight))
        elif _CASELESS.search(name):
            if len(name) > 1:
                unspaced.setdefault(name, (country, weight))
        else:
            names.append((name, country, weight))
            if weight == NAME and is_inflected and len(name) >= 5 and name.isalpha():
                stems.setdefault(name[: -2 if len(name) > 6 else -1].casefold(), (country, weight))
    own, shared = _by_first_word(names, _places()), _places()
    lengths = tuple(sorted({len(stem) for stem in stems}, reverse=True))
    return Gazetteer(
        language=language,
        home=_only_country_of(language),
        own=own,
        shared=shared,
        firsts=frozenset(own) | frozenset(shared),
        stems=stems,
        stem_lengths=lengths,
        stem_starts=frozenset(stem[: lengths[-1]] for stem in stems),
        unspaced=tuple(
            sorted(((n, c, w) for n, (c, w) in unspaced.items()), key=lambda item: (-len(item[0]), item[0]))
        ),
    )


@lru_cache(maxsize=1)
def _places() -> _ByFirst:
    """The cities and regions of ``places.csv``, for all languages."""
    return _by_first_word(
        [(name, country, _PLACE_WEIGHT[kind]) for name, country, kind in read_rows("places/places.csv")]
    )


def _by_first_word(names: list[tuple[str, str, float]], others: _ByFirst | None = None) -> _ByFirst:
    """Entries by their first word, the longest first.

    The first country listed for a name keeps it. A region of the same name among `others` becomes its rival.
    """
    never, beside = _not_places()
    regions = {
        (first, entry.rest): entry.country
        for first, entries in (others or {}).items()
        for entry in entries
        if entry.weight == REGION
    }
    by_first: dict[str, dict[tuple[str, ...], Entry]] = {}
    for name, country, weight in names:
        words = tuple(plain_words(name))
        if words and (weight not in (CAPITAL, CITY) or name not in never):
            rival = regions.get((words[0], words[1:])) if weight == NAME else None
            entry = Entry(words[1:], country, weight, name in beside, rival if rival != country else None)
            by_first.setdefault(words[0], {}).setdefault(words, entry)
    return {
        first: tuple(sorted(group.values(), key=lambda entry: (-len(entry.rest), entry.rest)))
        for first, group in by_first.items()
    }


def _names(language: str) -> Iterator[tuple[str, str, float]]:
    """Every name of a language with its country and weight; the stronger claim to a name comes first."""
    for row_language, country, forms in read_rows("places/country_words.csv"):
        if row_language == language:
            for form in forms.split("|"):
                yield (form[1:], country, WEAK) if form.startswith("~") else (form, country, WORD)
    locale = _locale(language)
    for code, name in sorted(locale.territories.items()):
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES and " - " not in name:
            yield _BRACKETED.sub("", name), code, NAME
    countries = get_global("zone_territories")
    for zone, names in sorted(locale.time_zones.items()):
        if "city" in names and zone in countries and countries[zone] != "001":
            yield names["city"], countries[zone], CAPITAL


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _only_country_of(language: str) -> str | None:
    """The only country in which a language is official, by CLDR; None if there are several or none."""
    countries = [
        territory
        for territory, languages in get_global("territory_languages").items()
        if (languages.get(language) or {}).get("official_status") in ("official", "de_facto_official")
    ]
    return countries[0] if len(countries) == 1 else None


@lru_cache(maxsize=1)
def _not_places() -> tuple[frozenset[str], frozenset[str]]:
    rows = read_rows("places/not_places.csv")
    return (
        frozenset(name for name, when in rows if when == "always"),
        frozenset(name for name, when in rows if when == "beside"),
    )


def _title(word: str) -> str:
    return word[0] + word[1:].lower()
