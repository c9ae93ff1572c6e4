"""The countries that a story takes place in or is about."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from transforms.enrich.places.evidence import Evidence, gather
from transforms.enrich.places.gazetteer import Gazetteer
from transforms.enrich.places.home_country import domestic_words, home_country, publisher_country

__all__ = ["Countries", "Publisher", "country_of_place", "find_countries", "home_country"]

_MAX_COUNTRIES = 4
# What one sentence that names a country adds, by where it stands; and what being named before any other adds.
_HEADLINE, _OPENING, _BODY, _DATELINE, _FIRST = 3.0, 2.0, 0.5, 2.0, 1.0
# News is mostly about the paper's own country, often without naming it: just enough alone, where the text speaks of
# public life ("the government", "police"). Elsewhere it only tips the balance.
_HOME, _HOME_OF_ANYTHING = 2.5, 0.7
_PUBLIC_LIFE_CHARACTERS = 3_000
# One sentence of the opening names a country in passing, unless it is the first that is named.
_MIN_SCORE = 2.1
_SHARE_OF_FIRST = 0.3
_PARTS = ("headline", "dateline", "text", "publisher")


class Publisher(NamedTuple):
    """What may tell a publisher's country: its domain, its name, the language tag that its page declares."""

    domain: str
    name: str | None = None
    declared: str | None = None


class Countries(NamedTuple):
    """ISO 3166-1 alpha-2 codes, most important first, and what told the first of them: `headline`, `dateline`, `text`
    or `publisher`; None if there is no country."""

    codes: tuple[str, ...]
    source: str | None


_NONE = Countries((), None)


def find_countries(
    headline: str, text: str, dateline: str | None, publisher: Publisher, places: Gazetteer
) -> Countries:
    """The story's countries, at most four.

    Each sentence that mentions a country, its people, its institutions or one of its places adds weight: most in the
    headline, more in the opening than below it. The country that is named first, that of the dateline and the
    publisher's own get something more. A country that is hardly mentioned, or far behind the first one, is left out as
    a passing mention. A text without letters has none.
    """
    if not text:
        return _NONE
    home = publisher_country(publisher.domain, publisher.name, publisher.declared, places.language)
    story = gather(headline, text, home, places)
    scores: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(_PARTS, 0.0))
    for country, evidence in story.countries.items():
        scores[country]["headline"] = _HEADLINE * evidence.headline
        scores[country]["text"] = _weight_of_text(evidence, story.opening)
    if story.countries:
        first = min(story.countries, key=lambda country: (story.countries[country].first_at, country))
        scores[first]["headline" if story.countries[first].headline else "text"] += _FIRST
    if dateline and (filed_from := country_of_place(dateline, places)):
        scores[filed_from]["dateline"] += _DATELINE
    if home:
        scores[home]["publisher"] += _HOME if _is_of_public_life(headline, text, places.language) else _HOME_OF_ANYTHING
    return _ranked(scores)


def country_of_place(name: str, places: Gazetteer) -> str | None:
    """The country of a place as a dateline prints it, by its last part that is known: "DUBAI, United Arab Emirates".

    None if no part is known, or only a town, or a name that countries share.
    """
    for part in reversed(name.split(",")):
        entry = places.place(part.strip())
        if entry is not None and entry.decided:
            return entry.country
    return None


def _weight_of_text(evidence: Evidence, opening: int) -> float:
    return sum(
        (_OPENING if sentence < opening else _BODY) * strength for sentence, strength in evidence.sentences.items()
    )


def _is_of_public_life(headline: str, text: str, language: str) -> bool:
    """Whether a text uses a word of public life; True in a language whose words are not known."""
    words = domestic_words(language)
    return words is None or words.search(f"{headline}\n{text[:_PUBLIC_LIFE_CHARACTERS]}".lower()) is not None


def _ranked(scores: dict[str, dict[str, float]]) -> Countries:
    totals = {country: sum(parts.values()) for country, parts in scores.items()}
    ranked = sorted(totals, key=lambda country: (-totals[country], country))
    if not ranked:
        return _NONE
    threshold = max(_MIN_SCORE, _SHARE_OF_FIRST * totals[ranked[0]])
    codes = tuple(country for country in ranked[:_MAX_COUNTRIES] if totals[country] >= threshold)
    if not codes:
        return _NONE
    parts = scores[codes[0]]
    return Countries(codes, max(_PARTS, key=lambda part: parts[part]))
