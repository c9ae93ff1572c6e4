"""The names of ``places.csv``, which all languages share: cities, towns, capitals, regions in the scripts of the world.

Kept small: each name is one key, and the few thousand different claims are shared objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.data_files import iterate_rows, name_rules, read_rows
from transforms.text.scripts import CASELESS, letters

# How much one mention tells about where a story takes place.
NAME, WORD, CAPITAL, REGION, CITY, TOWN, WEAK = 1.0, 0.9, 0.7, 0.7, 0.5, 0.4, 0.3
_WEIGHTS = {"capital": CAPITAL, "region": REGION, "city": CITY, "town": TOWN, "shared": TOWN}

CASELESS_LETTER = re.compile(f"[{letters(CASELESS)}]")
# "U.S." or a word with apostrophes inside. Its first sign stands alone, so that gaps are skipped quickly.
_WORD = re.compile(r"([^\W_](?:\.(?<=[A-Z]\.)(?:[A-Z]\.)++|[a-z]*+[^\W_]*+(?:['’][^\W_]++)*+))")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")


class WordsAndGaps(NamedTuple):
    """The words of a text: without a possessive ending and with straight apostrophes in `plain`, as they stand in the
    text in `printed`. `gaps[n]` is the text between word n - 1 and word n."""

    plain: list[str]
    printed: list[str]
    gaps: list[str]


class Claim(NamedTuple):
    """What a name stands for: countries, the likeliest first, and how much a mention weighs.

    A claim that is not `decided` holds only for a country that something else in the text tells. `together` says that
    all the countries are meant ("日米"), `person` that the name is also one of people ("Charlotte").
    """

    countries: tuple[str, ...]
    weight: float
    decided: bool = True
    together: bool = False
    person: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Names with their claims. `longest` has the most words of a name by its first word, if there are two or more."""

    claims: dict[str, Claim]
    longest: dict[str, int]

    def find(self, first: str, words: list[str], at: int) -> tuple[int, Claim] | None:
        """The longest name whose first word is `first` and whose others follow position `at`: its words, its claim."""
        if (longest := self.longest.get(first)) is not None:
            following = words[at + 1 : at + longest]
            shouts = any(word.isupper() and len(word) > 1 for word in following)
            for count in range(len(following), 0, -1):
                claim = self.claims.get(" ".join((first, *following[:count])))
                if claim is None and shouts:
                    claim = self._in_capitals(first, following[:count])
                if claim is not None:
                    return 1 + count, claim
        claim = self.claims.get(first)
        return (1, claim) if claim else None

    def _in_capitals(self, first: str, following: list[str]) -> Claim | None:
        if any(word.isupper() and len(word) > 1 for word in following):
            return self.claims.get(" ".join((first, *map(_as_in_names, following))))
        return None


def _as_in_names(word: str) -> str:
    """A word in capitals as it stands inside a name: "DE MÉXICO" is "de México"."""
    if not word.isupper():
        return word
    return word.lower() if word.lower() in name_rules()["place_joins"] else title(word)


def table_of(pairs: Iterable[tuple[str, Claim]]) -> Names:
    """Names as a table; the first claim to a name keeps it."""
    claims: dict[str, Claim] = {}
    longest: dict[str, int] = {}
    for name, claim in pairs:
        words = [name] if name.isalpha() else plain_words(name)
        if not words:
            continue
        claims.setdefault(" ".join(words), claim)
        if len(words) > 1:
            longest[words[0]] = max(longest.get(words[0], 1), len(words))
    return Names(claims, longest)


class SharedPlaces(NamedTuple):
    """The places of all languages: those in scripts with capitals, and the others by name."""

    cased: Names
    caseless: dict[str, Claim]


@lru_cache(maxsize=1)
def shared_places() -> SharedPlaces:
    """The names of ``places.csv``, read once in a process (about half a processor-second, 20 MB)."""
    never, _ = not_places()
    known: dict[tuple[str, str], Claim] = {}
    cased: list[tuple[str, Claim]] = []
    caseless: dict[str, Claim] = {}
    for name, countries, kind in iterate_rows("places/places.csv"):
        if kind != "region" and name in never:
            continue
        claim = known.get((countries, kind))
        if claim is None:
            size, *also = kind.split()
            decided = size not in ("shared", "town")
            claim = Claim(tuple(countries.split()), _WEIGHTS[size], decided, person=bool(also))
            known[countries, kind] = claim
        if CASELESS_LETTER.match(name):
            caseless[name] = claim
        else:
            cased.append((name, claim))
    return SharedPlaces(table_of(cased), caseless)


@lru_cache(maxsize=1)
def not_places() -> tuple[frozenset[str], frozenset[str]]:
    """Names of places that are also other things: always, and beside a capitalised word."""
    rows = read_rows("places/not_places.csv")
    return (
        frozenset(name for name, when in rows if when == "always"),
        frozenset(name for name, when in rows if when == "beside"),
    )


def words_and_gaps(text: str) -> WordsAndGaps:
    """The words of a text and what stands between them."""
    pieces = _WORD.split(text)
    printed = pieces[1::2]
    return WordsAndGaps(_plain(printed) if "'" in text or "’" in text else printed, printed, pieces[::2])


def plain_words(text: str) -> list[str]:
    """The words of a text, with straight apostrophes inside and no possessive at the end."""
    return _plain(_WORD.findall(text))


def _plain(printed: list[str]) -> list[str]:
    return [_POSSESSIVE.sub("", word).replace("’", "'") if "'" in word or "’" in word else word for word in printed]


def title(word: str) -> str:
    """A word in capitals as names are printed: "UKRAINE" as "Ukraine"."""
    return word[0] + word[1:].lower()
