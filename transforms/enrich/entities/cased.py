"""The candidates of a text with capitals, measured."""

from __future__ import annotations

from typing import NamedTuple

from transforms.enrich.entities.candidates import Candidate, candidates_of
from transforms.enrich.entities.entity_words import load_entity_words, load_language_words
from transforms.enrich.entities.features import Measure, Rows
from transforms.enrich.entities.mentions import MentionFinder, Words, words_of
from transforms.enrich.places.gazetteer import NAME, Gazetteer

_MAX_CHARS = 30_000
_MAX_CANDIDATES = 200


class Measured(NamedTuple):
    """The candidates of a text, in order of their first mention, and a row of features for each."""

    words: Words
    candidates: list[Candidate]
    rows: Rows


def measured(headline: str, text: str, keywords: frozenset[str], places: Gazetteer) -> Measured:
    """The candidates in the first 30,000 characters of a text, at most 200; countries are none."""
    lists, own = load_entity_words(), load_language_words(places.language)
    words = words_of(text[:_MAX_CHARS], lists)
    finder = MentionFinder(words, lists, own, places)
    found = [one for one in candidates_of(words, finder.mentions(), lists) if not _is_country(one, places)]
    if len(found) > _MAX_CANDIDATES:
        most = sorted(range(len(found)), key=lambda at: (-len(found[at].mentions), at))[:_MAX_CANDIDATES]
        found = [found[at] for at in sorted(most)]
    measure = Measure(words, lists, own, places, headline, finder.lower)
    return Measured(words, found, measure.rows(found, keywords))


def _is_country(one: Candidate, places: Gazetteer) -> bool:
    """Whether a name is a country's, which the column `countries` has; "Georgia", which is also a state's, is none."""
    if one.tokens[0] not in places.firsts:
        return False
    entry = places.entry_at(list(one.tokens), 0)
    return (
        entry is not None and entry.weight == NAME and entry.rival is None and len(entry.rest) + 1 == len(one.tokens)
    )
