"""The mentions of countries in a text: their names, peoples, capitals, institutions, regions, cities and towns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.data_files import name_rules, read_rows
from transforms.enrich.places.gazetteer import CAPITAL, CITY, TOWN, WORD, Entry, Gazetteer
from transforms.enrich.places.place_names import Claim, WordsAndGaps, words_and_gaps

_ENDS_PHRASE = re.compile(r"\s*(?:[.,;:!?)»”\"]|$)")


class CountryMention(NamedTuple):
    """A mention at a character of the text. `countries` are the likeliest first; all are meant if `together`."""

    at: int
    countries: tuple[str, ...]
    weight: float
    decided: bool
    together: bool


class _Contexts(NamedTuple):
    """Words that make a name beside them something else than a country."""

    beside: frozenset[str]
    beside_starts: tuple[str, ...]
    after: frozenset[str]
    before: frozenset[str]
    title: frozenset[str]


def country_mentions(text: str, places: Gazetteer, is_prose: bool = True) -> Iterator[CountryMention]:
    """Each mention of a country in a text, those in scripts without capitals first."""
    for found in places.caseless_in(text):
        claim = found.claim
        yield CountryMention(found.at, claim.countries, claim.weight, claim.decided, claim.together)
    words = words_and_gaps(text)
    distinct = set(words.plain)
    stems = places.stems_among(distinct)
    # Each distinct word is looked up once: a text says most of its words several times.
    known = {word for word in distinct if (word[0].isupper() or "'" in word) and places.known_forms(word)}
    known.update(stems)
    if known:
        yield from _spaced(words, distinct, known, stems, places, is_prose)


def _spaced(
    words: WordsAndGaps, distinct: set[str], known: set[str], stems: dict[str, Claim], places: Gazetteer, is_prose: bool
) -> Iterator[CountryMention]:
    contexts = _contexts(places.language)
    found: list[tuple[int, int, Entry]] = []
    languages: set[int] = set()
    passed = 0
    for at in [at for at, word in enumerate(words.plain) if word in known]:
        if at < passed:
            continue
        entry = places.entry_at(words.plain, at) if _may_be_name(words.plain[at]) else None
        if entry is None and (claim := stems.get(words.plain[at])):
            country, *rivals = claim.countries
            entry = Entry((), country, claim.weight, False, tuple(rivals), claim.decided, claim.together)
        if entry is not None:
            passed = at + 1 + len(entry.rest)
            if _is_language(words, at, passed, entry, contexts, languages):
                languages.add(at)
            elif not _is_other_thing(words, at, passed, entry, contexts):
                found.append((at, passed, entry))
    people = {words.plain[at] for at, end, entry in found if _is_persons_name(words, at, end, entry, places.language)}
    # A word that only opens sentences may be any word, if it is not just like the name of a country.
    inside = {words.plain[at] for at, _, _ in found if not _opens_sentence(words, at)}
    for (at, _, entry), offset in zip(found, _offsets(words, [at for at, _, _ in found]), strict=True):
        word = words.plain[at]
        local = entry.weight in (CAPITAL, CITY, TOWN) and not entry.rest
        if (local or entry.person) and word in people:
            continue
        if local and word.lower() in distinct:
            continue
        if is_prose and (local or not entry.exact) and word not in inside and not word.isupper():
            continue
        yield CountryMention(offset, (entry.country, *entry.rivals), entry.weight, entry.decided, entry.together)


def _may_be_name(word: str) -> bool:
    return word[0].isupper() or "'" in word


def _offsets(words: WordsAndGaps, numbers: Iterable[int]) -> Iterator[int]:
    """Where in the text the words with these numbers begin. The numbers must rise."""
    passed, offset = 0, len(words.gaps[0])
    for at in numbers:
        offset += sum(map(len, words.printed[passed:at])) + sum(map(len, words.gaps[passed + 1 : at + 1]))
        passed = at
        yield offset


def _is_other_thing(words: WordsAndGaps, start: int, end: int, entry: Entry, contexts: _Contexts) -> bool:
    """Whether a name is part of a currency, a product or the name of a language: "US dollar", "French fries"."""
    plain = words.plain
    near = words.gaps[start] in (" ", "-", "\u00a0")
    before = plain[start - 1].lower() if start and near else ""
    after = plain[end].lower() if end < len(plain) and words.gaps[end] in (" ", "-", "\u00a0") else ""
    for word in (before, after):
        if word and (word in contexts.beside or (contexts.beside_starts and word.startswith(contexts.beside_starts))):
            return True
    if after and plain[end] in contexts.title:
        return True
    return entry.weight == WORD and after in contexts.after


def _is_language(
    words: WordsAndGaps, start: int, end: int, entry: Entry, contexts: _Contexts, languages: set[int]
) -> bool:
    """Whether an adjective names a language, as in "in English." and "speaks French and German,". `languages` are the
    words that were found to name one before."""
    if entry.weight != WORD or entry.rest or not start:
        return False
    before = words.plain[start - 1].lower()
    if before in _conjunctions():
        # "in English and French": English is no adjective of a country here.
        named = start > 2 and words.plain[start - 2][0].isupper() and words.plain[start - 3].lower() in contexts.before
        if not (named or start - 2 in languages):
            return False
    elif before not in contexts.before:
        return False
    following = words.plain[end].lower() if end < len(words.plain) else ""
    return following in _conjunctions() or _ENDS_PHRASE.match(words.gaps[end]) is not None


def _is_persons_name(words: WordsAndGaps, start: int, end: int, entry: Entry, language: str) -> bool:
    """Whether a name stands next to a capitalised word, as in "Michael Jordan", "Paris Hilton" and "Jack London"."""
    if not entry.person and (
        entry.weight not in (CAPITAL, CITY, TOWN) or language in name_rules()["capital_noun_languages"]
    ):
        return False
    before = start > 1 and words.gaps[start] == " " and words.plain[start - 1][0].isupper()
    if before and words.plain[start - 1] not in _place_adjectives() and not _opens_sentence(words, start - 1):
        return True
    after = end < len(words.plain) and words.gaps[end] == " " and words.plain[end][0].isupper()
    return entry.person and after


def _opens_sentence(words: WordsAndGaps, at: int) -> bool:
    """Whether a sentence ends in the two characters before a word, or the text begins there. The full stop of "U.S. "
    counts too."""
    before = (words.printed[at - 1] if at else "") + words.gaps[at]
    return before[-2:].strip()[-1:] in ("", ".", "!", "?", "“", '"', ":")


@lru_cache(maxsize=1)
def _place_adjectives() -> frozenset[str]:
    return frozenset(name_rules()["place_adjectives"])


@lru_cache(maxsize=1)
def _conjunctions() -> frozenset[str]:
    return frozenset(name_rules()["conjunctions"])


@lru_cache(maxsize=64)
def _contexts(language: str) -> _Contexts:
    """The words of ``not_countries.csv`` for a language."""
    words: dict[str, set[str]] = {"beside": set(), "after": set(), "before": set(), "title": set()}
    for row_language, where, forms in read_rows("places/not_countries.csv"):
        if row_language in ("*", language):
            words[where].update(forms.split("|"))
    beside = words["beside"]
    return _Contexts(
        frozenset(word for word in beside if not word.endswith("*")),
        tuple(sorted(word[:-1] for word in beside if word.endswith("*"))),
        frozenset(words["after"]),
        frozenset(words["before"]),
        frozenset(words["title"]),
    )
