"""The countries that a story takes place in or is about."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from transforms.enrich.places.evidence import Story, gather
from transforms.enrich.places.gazetteer import Gazetteer

_MAX_COUNTRIES = 4
# What stands further down a long text names countries in passing.
_MAX_CHARS = 8_000
# What one sentence that names a country adds, by where it stands; and what being named before any other adds.
_HEADLINE, _OPENING, _BODY, _DATELINE, _FIRST = 3.0, 2.0, 0.5, 2.2, 1.0
# News is mostly about the paper's own country, often without naming it: just enough alone.
_HOME = 2.5
# One sentence of the opening names a country in passing, unless it is the first that is named.
_MIN_SCORE = 2.1
_SHARE_OF_FIRST = 0.3
# A country that a fifth of the sentences name, and no fewer than three, is never one in passing.
_SHARE_OF_SENTENCES, _FEWEST_SENTENCES = 0.2, 3
# For the order of the story's countries, how a text begins tells more than how often it names each.
_BODY_IN_ORDER, _FIRST_IN_ORDER = 0.3, 2.0
_PARTS = ("headline", "dateline", "text", "publisher")


class Countries(NamedTuple):
    """ISO 3166-1 alpha-2 codes, most important first, and what told the first of them: `headline`, `dateline`, `text`
    or `publisher`; None if there is no country."""

    codes: tuple[str, ...]
    source: str | None


_NONE = Countries((), None)


def find_countries(headline: str, text: str, dateline: str | None, home: str | None, places: Gazetteer) -> Countries:
    """The story's countries, at most four. `home` is the country of the publisher, where that is known.

    Each sentence that mentions a country, its people, its institutions or one of its places adds weight: most in the
    headline, more in the opening than below it. The country that is named first, that of the dateline and the
    publisher's own get something more. A country that is hardly mentioned, or far behind the first one, is left out as
    a passing mention. Only the first 8,000 characters of a text are read. A text without letters has none.
    """
    if not text:
        return _NONE
    story = gather(headline, text[:_MAX_CHARS], home, places)
    filed_from = country_of_place(dateline, places) if dateline else None
    scores = _scores(story, filed_from, home, _BODY, _FIRST)
    codes = _chosen(scores, story, home)
    if not codes:
        return _NONE
    in_order = _scores(story, filed_from, home, _BODY_IN_ORDER, _FIRST_IN_ORDER)
    codes = sorted(codes, key=lambda country: (-sum(in_order[country].values()), country))
    return Countries(tuple(codes), _source(codes[0], in_order[codes[0]], story, filed_from))


def country_of_place(name: str, places: Gazetteer) -> str | None:
    """The country of a place as a dateline prints it, by its last part that is known: "DUBAI, United Arab Emirates".

    None if no part is known, or only a town, or a name that countries share.
    """
    for part in reversed(name.split(",")):
        entry = places.place(part.strip())
        if entry is not None and entry.decided:
            return entry.country
    return None


def _scores(
    story: Story, filed_from: str | None, home: str | None, body: float, first: float
) -> dict[str, dict[str, float]]:
    """How much each part of the story and its publisher say for each country."""
    scores: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(_PARTS, 0.0))
    for country, evidence in story.countries.items():
        scores[country]["headline"] += _HEADLINE * evidence.headline
        for sentence, strength in evidence.sentences.items():
            scores[country]["text"] += (_OPENING if sentence < story.opening else body) * strength
    if story.countries:
        first_at = min(evidence.first_at for evidence in story.countries.values())
        for country, evidence in story.countries.items():
            if evidence.first_at == first_at:  # two countries in a name of both
                scores[country]["headline" if evidence.headline else "text"] += first
    if filed_from:
        scores[filed_from]["dateline"] += _DATELINE
    if home:
        scores[home]["publisher"] += _HOME
    return dict(scores)


def _source(country: str, parts: dict[str, float], story: Story, filed_from: str | None) -> str:
    """What told a country: the part that says most for it, or the dateline where the text names it nowhere else."""
    evidence = story.countries.get(country)
    if country == filed_from and (evidence is None or (len(evidence.sentences) <= 1 and not evidence.headline)):
        return "dateline"
    return max(_PARTS, key=lambda part: parts[part])


def _chosen(scores: dict[str, dict[str, float]], story: Story, home: str | None) -> list[str]:
    """The countries that count, at most four, the strongest first.

    A publisher's own country that its story does not mention counts only where no other does.
    """
    totals = {country: sum(parts.values()) for country, parts in scores.items()}
    if not totals:
        return []
    threshold = max(_MIN_SCORE, _SHARE_OF_FIRST * max(totals.values()))
    often = max(_FEWEST_SENTENCES, _SHARE_OF_SENTENCES * story.sentences)
    strong = [
        country
        for country in sorted(totals, key=lambda country: (-totals[country], country))
        if totals[country] >= threshold
        or (country in story.countries and len(story.countries[country].sentences) >= often)
    ]
    if len(strong) > 1:
        strong = [country for country in strong if country != home or country in story.countries]
    return strong[:_MAX_COUNTRIES]
