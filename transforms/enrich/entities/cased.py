"""The candidates of a text with capitals, measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from transforms.enrich.entities.candidates import Candidate, candidates_of
from transforms.enrich.entities.entity_words import load_entity_words, load_language_words
from transforms.enrich.entities.features import Measure, Rows
from transforms.enrich.entities.mentions import MentionFinder, TextWords, text_words
from transforms.enrich.entities.traits import traits_of
from transforms.enrich.places.country_names import official_names
from transforms.enrich.places.gazetteer import NAME, WEAK, WORD, Gazetteer

MAX_CHARS = 8_000
"""Who matters in an article is named early; of what stands behind, only the count is wanted."""

_MAX_CANDIDATES = 100
_FEW = 1

CandidatesOf: TypeAlias = Callable[[TextWords, MentionFinder], list[Candidate]]
"""Finds the candidates in the words of a text; the finder is ours."""


class Measured(NamedTuple):
    """The candidates of a text, in order of their first mention, and a row of features for each."""

    words: TextWords
    candidates: list[Candidate]
    rows: Rows


def measured(
    headline: str, text: str, keywords: frozenset[str], places: Gazetteer, finding: CandidatesOf | None = None
) -> Measured:
    """The candidates in the first 8,000 characters of a text, at most 100; countries are none. They are
    found by `finding`, in order of their first mention; None for our own rules."""
    lists, own = load_entity_words(), load_language_words(places.language)
    words = text_words(text[:MAX_CHARS], lists)
    finder = MentionFinder(words, lists, own, places)
    found = candidates_of(words, finder.mentions(), lists) if finding is None else finding(words, finder)
    for one in found:
        if places.begins(one.tokens[0]) or one.tokens[0].isupper():
            one.known = places.entry_at(list(one.tokens), 0)
    found = [one for one in found if not _is_country(one, places.language)]
    if own.has_capital_nouns and finding is None:
        found = [one for one in found if not _is_plain_noun(one)]
    if len(found) > _MAX_CANDIDATES:
        most = sorted(range(len(found)), key=lambda at: (-len(found[at].mentions), at))[:_MAX_CANDIDATES]
        found = [found[at] for at in sorted(most)]
    measure = Measure(words, lists, own, places, headline, finder.lower)
    return Measured(words, found, measure.rows(found, keywords))


def _is_plain_noun(one: Candidate) -> bool:
    """Whether a candidate is a single word that stands in the text once and that no list knows: in languages
    that print all nouns with a capital, as good as always a noun."""
    if len(one.tokens) > 1 or len(one.mentions) > _FEW or one.acronym is not None:
        return False
    word = one.tokens[0]
    traits, lists = traits_of(word), load_entity_words()
    is_known = any(traits[1:]) or word in lists.towns or word in lists.regions
    return not is_known and not any(mention.is_titled for mention in one.mentions)


def _is_country(one: Candidate, language: str) -> bool:
    """Whether a name is a country's or a people's, which the column `countries` has. "Georgia", which is also a
    state's, is none, nor is a word for a country that is known as an organisation's or a region's ("Kremlin")."""
    entry, size = one.known, len(one.tokens)
    if entry is None or len(entry.rest) + 1 != size or entry.weight not in (NAME, WORD, WEAK):
        return False
    lists, name = load_entity_words(), one.name
    if entry.rivals or name in lists.organizations or name in lists.regions:
        return False
    if entry.weight == NAME or name in official_names(language):
        return True
    return size == 1 and not traits_of(name).is_head
