"""Names of countries and places in one language.

Country names come from CLDR (through Babel), as do the largest cities in the article's own language; other cities from
``places.csv``; demonyms, short names and metonyms from ``country_words.csv``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.data_files import name_rules
from transforms.enrich.places.caseless_names import CaselessNames, FoundName, caseless_names, script_of
from transforms.enrich.places.country_names import country_of_language, names_in
from transforms.enrich.places.place_names import (
    CAPITAL,
    CASELESS_LETTER,
    CITY,
    NAME,
    REGION,
    TOWN,
    WEAK,
    WORD,
    Claim,
    Names,
    SharedPlaces,
    not_places,
    plain_words,
    shared_places,
    table_of,
    title,
)

__all__ = [
    "CAPITAL",
    "CITY",
    "NAME",
    "REGION",
    "TOWN",
    "WEAK",
    "WORD",
    "Entry",
    "Gazetteer",
    "load_gazetteer",
    "plain_words",
]

# "l'Allemagne", "dell'Italia", "d'Israël": a short word joined in front of a name.
_LONGEST_ELISION = 5
_SHORTEST_STEM = 3
_LONGEST_ENDING = 5
_SHORTEST_IN_CAPITALS = 4
_KEPT_WORDS = 1 << 14


class Entry(NamedTuple):
    """A name found in a text.

    `rest` are its words after the first. `person` says that it may be part of a person's name. `rivals` are other
    countries with a place of this name ("Georgia"). One that is not `decided` tells nothing alone: a town, or a name
    that countries share. `together`: `country` and `rivals` are all meant. One that is not
    `exact` has another ending in the dictionary.
    """

    rest: tuple[str, ...]
    country: str
    weight: float
    person: bool = False
    rivals: tuple[str, ...] = ()
    decided: bool = True
    together: bool = False
    exact: bool = True

    @property
    def is_place(self) -> bool:
        """Whether this is a country, a region, a city or a town. A demonym is no place."""
        return self.weight not in (WORD, WEAK)


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """The names of one language.

    `own` are those of the language, `shared` the places that all languages have in common. `stems` looks up the
    beginnings of words of any case. `caseless` finds names in scripts without capitals. `home` is the country in
    which papers of this language appear, if there is one.
    """

    language: str
    home: str | None
    own: Names
    shared: Names
    stems: dict[str, Claim]
    stem_lengths: tuple[int, ...]
    stem_starts: frozenset[str]
    caseless: CaselessNames
    endings: frozenset[str]
    nominatives: tuple[str, ...]

    def entry_at(self, words: list[str], at: int) -> Entry | None:
        """The longest name that begins at this word, or None.

        A word in capitals also matches a capitalised name. In a language with cases a name may have another ending than
        in the dictionary.
        """
        for form in self.known_forms(words[at]):
            own, shared = self.own.find(form, words, at), self.shared.find(form, words, at)
            best = shared if own is None or (shared is not None and shared[0] > own[0]) else own
            if best is not None:
                count, claim = best
                if count == 1 and form != words[at] and len(form) < _SHORTEST_IN_CAPITALS and words[at].isupper():
                    continue  # "US" is not "Us", but "NEW YORK" is "New York"
                country, *rivals = claim.countries
                beside = claim.person or form in not_places()[1]
                rest = tuple(words[at + 1 : at + count])
                exact = form in words[at] or form == title(words[at])
                return Entry(rest, country, claim.weight, beside, tuple(rivals), claim.decided, claim.together, exact)
        return None

    def begins(self, word: str) -> bool:
        """Whether a name begins with this word, as it stands."""
        own, shared = self.own, self.shared
        return word in own.claims or word in shared.claims or word in own.longest or word in shared.longest

    def caseless_in(self, text: str) -> tuple[FoundName, ...]:
        """The names in scripts without capitals in a text. Those of the last texts are kept: they are asked for once
        for the countries and once for the entities."""
        return _caseless_in(self, text)

    def known_forms(self, word: str) -> tuple[str, ...]:
        """The forms of a word with which a name begins. Kept for the words met last."""
        return _known_forms(self, word)

    def forms(self, word: str) -> Iterator[str]:
        """The forms under which a word may stand in the gazetteer, the word itself first."""
        yield word
        if len(word) > 1 and word.isupper():
            word = title(word)
            yield word
        if "'" in word:
            before, _, after = word.partition("'")
            if len(before) <= _LONGEST_ELISION and after[:1].isupper():
                word = after
                yield after
            elif before[:1].isupper():
                yield before
        if self.endings and word[:1].isupper():
            yield from self._nominatives(word)

    def _nominatives(self, word: str) -> Iterator[str]:
        any_ending = "*" in self.endings
        for length in range(0, min(_LONGEST_ENDING, len(word) - _SHORTEST_STEM) + 1):
            ending = word[len(word) - length :]
            if length and not (ending in self.endings or (any_ending and ending.isalpha())):
                continue
            stem = word[: len(word) - length]
            if any_ending and length:
                yield stem
            if length:
                for nominative in self.nominatives:
                    yield stem + nominative
                if not any_ending:
                    yield stem

    def stems_among(self, words: Collection[str]) -> dict[str, Claim]:
        """The claim of each word that is an adjective, or begins like a name."""
        if not self.stems:
            return {}
        return {word: found for word in words if (found := self._stem_of(word.casefold()))}

    def _stem_of(self, word: str) -> Claim | None:
        if "'" in word:
            before, _, after = word.partition("'")
            word = after if len(before) <= _LONGEST_ELISION < len(after) else word
        if word[: self.stem_lengths[-1]] not in self.stem_starts:
            return None
        for length in self.stem_lengths:
            if length <= len(word) and (found := self.stems.get(word[:length])):
                return found
        return None

    def is_place(self, name: str) -> bool:
        """Whether the whole name is a known city, region or country. A demonym is no place."""
        return self.place(name) is not None

    def place(self, name: str) -> Entry | None:
        """The country, region, city or town whose whole name this is; None if it is none. A demonym is no place."""
        found = next(self.caseless.find_all(name), None)
        if found is not None and found.at == 0 and found.length == len(name) and found.claim.weight not in (WORD, WEAK):
            country, *rivals = found.claim.countries
            return Entry((), country, found.claim.weight, False, tuple(rivals), found.claim.decided)
        words = plain_words(name)
        if not words:
            return None
        entry = self.entry_at(words, 0)
        return entry if entry is not None and len(entry.rest) + 1 == len(words) and entry.is_place else None


@lru_cache(maxsize=2)
def _caseless_in(places: Gazetteer, text: str) -> tuple[FoundName, ...]:
    return tuple(places.caseless.find_all(text))


@lru_cache(maxsize=_KEPT_WORDS)
def _known_forms(places: Gazetteer, word: str) -> tuple[str, ...]:
    return tuple(form for form in places.forms(word) if places.begins(form))


@lru_cache(maxsize=64)
def load_gazetteer(language: str) -> Gazetteer:
    """The gazetteer of a language, built once in a process. A language that CLDR does not know gets English names."""
    shared = shared_places()
    never, _ = not_places()
    names: list[tuple[str, Claim]] = []
    stems: dict[str, Claim] = {}
    caseless: list[tuple[str, Claim]] = []
    for name, stated in names_in(language):
        if stated.weight == CAPITAL and name in never:
            continue
        claim = _as_place(name, stated, shared)
        if CASELESS_LETTER.search(name):
            if name not in never:
                caseless.append((name, claim))
        elif name.endswith("*"):
            stems.setdefault(name[:-1].casefold(), claim)
        else:
            names.append((name, _with_rival(name, claim, shared.cased)))
    lengths = tuple(sorted({len(stem) for stem in stems}, reverse=True))
    endings, nominatives = _endings(language)
    return Gazetteer(
        language=language,
        home=country_of_language(language),
        own=table_of(names),
        shared=shared.cased,
        stems=stems,
        stem_lengths=lengths,
        stem_starts=frozenset(stem[: lengths[-1]] for stem in stems),
        caseless=caseless_names((*caseless, *_of_same_script(caseless))),
        endings=endings,
        nominatives=nominatives,
    )


def _as_place(name: str, claim: Claim, shared: SharedPlaces) -> Claim:
    """The claim of a word that names a country; that of a city's, where it is one of that country."""
    place = shared.cased.claims.get(name) or shared.caseless.get(name)
    if claim.weight == WORD and place is not None and place.countries[0] == claim.countries[0]:
        return claim._replace(weight=CAPITAL)
    return claim


def _with_rival(name: str, claim: Claim, shared: Names) -> Claim:
    """The claim of a country's name, with the region of the same name as its rival."""
    rival = shared.claims.get(name) if claim.weight == NAME else None
    if rival is None or rival.weight != REGION or rival.countries == claim.countries:
        return claim
    return claim._replace(countries=(*claim.countries, *rival.countries))


def _of_same_script(names: list[tuple[str, Claim]]) -> Iterator[tuple[str, Claim]]:
    """The places in the scripts in which a language writes its own names."""
    for script in {script_of(name[0]) for name, _ in names}:
        yield from _by_script().get(script, ())


@lru_cache(maxsize=1)
def _by_script() -> dict[str, list[tuple[str, Claim]]]:
    """The places in scripts without capitals, by script: asked for once, not anew for each language."""
    places: dict[str, list[tuple[str, Claim]]] = {}
    for name, claim in shared_places().caseless.items():
        places.setdefault(script_of(name[0]), []).append((name, claim))
    return places


@lru_cache(maxsize=64)
def _endings(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The case endings of a language's nouns, and the endings that names may have in the dictionary."""
    rules = name_rules()
    key = rules["endings_like"].get(language, language)
    endings = rules["endings"].get(key, "").split()
    return frozenset(endings), tuple(dict.fromkeys(rules["nominatives"].get(key, "").split()))
