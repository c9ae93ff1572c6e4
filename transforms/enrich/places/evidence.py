"""What speaks for each country of a story: where and how often it is mentioned."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass, field

from transforms.enrich.places.country_mentions import CountryMention, country_mentions
from transforms.enrich.places.gazetteer import WEAK, Gazetteer
from transforms.text.sentences import SPACED_STOPS, WIDE_STOPS

OPENING_CHARACTERS = 500
_MARK = re.compile(f"[{SPACED_STOPS}{WIDE_STOPS}\n]")
_AFTER_SENTENCE = frozenset(' \n\u00a0”"»')


@dataclass(slots=True)
class Evidence:
    """The mentions of one country, each in its strength between 0 and 1.

    `headline`: the strongest in the headline. `sentences`: the strongest in each sentence of the text, by its number.
    `first_at`: the character of the first mention, headline included.
    """

    headline: float = 0.0
    sentences: dict[int, float] = field(default_factory=dict)
    first_at: int = 1 << 30

    @property
    def strength(self) -> float:
        """All mentions together, as far as they decide between countries that share a name."""
        return self.headline + sum(self.sentences.values())


@dataclass(frozen=True, slots=True)
class Story:
    """The evidence of a story by country; how many sentences it has, and how many of them open it."""

    countries: dict[str, Evidence]
    sentences: int
    opening: int


def gather(headline: str, text: str, home: str | None, places: Gazetteer) -> Story:
    """The evidence of all countries that headline and text mention.

    A name that countries share speaks for the one that something else speaks for; so does that of a town, and of an
    institution that other countries have too. `home` counts as such a sign.
    """
    ends = _sentence_ends(text)
    located = [(-1, mention) for mention in country_mentions(headline, places, is_prose=False)]
    located += [(bisect(ends, mention.at), mention) for mention in country_mentions(text, places)]
    countries: defaultdict[str, Evidence] = defaultdict(Evidence)
    unclear: list[tuple[int, CountryMention]] = []
    for sentence, mention in located:
        if mention.together:
            for country in mention.countries:
                _add(countries[country], sentence, mention)
        elif len(mention.countries) > 1 or not mention.decided or mention.weight == WEAK:
            unclear.append((sentence, mention))
        else:
            _add(countries[mention.countries[0]], sentence, mention)
    clear = {country: evidence.strength for country, evidence in countries.items()}
    if home:
        clear[home] = clear.get(home, 0.0) + 1.0
    for sentence, mention in unclear:
        if meant := _resolved(mention, clear):
            _add(countries[meant], sentence, mention)
    return Story(dict(countries), len(ends) + 1, bisect(ends, OPENING_CHARACTERS) + 1)


def _sentence_ends(text: str) -> list[int]:
    """Where sentences and lines end. The full stops in "U.S.-led" and "3.5" end none."""
    ends: list[int] = []
    for mark in _MARK.finditer(text):
        end = mark.end()
        if ends and ends[-1] == end - 1:  # a line that ends with a full stop, or "?!"
            ends[-1] = end
        elif mark[0] not in SPACED_STOPS or text[end : end + 1] in _AFTER_SENTENCE:
            ends.append(end)
    return ends


def _resolved(mention: CountryMention, clear: dict[str, float]) -> str | None:
    """The country that an unclear name stands for, given how strongly each country is mentioned otherwise."""
    likeliest = max(mention.countries, key=lambda country: clear.get(country, 0.0))
    if clear.get(likeliest, 0.0) > 0:
        return likeliest
    if mention.weight == WEAK:
        return None if clear else likeliest
    return mention.countries[0] if mention.decided else None


def _add(evidence: Evidence, sentence: int, mention: CountryMention) -> None:
    if sentence < 0:
        evidence.headline = max(evidence.headline, mention.weight)
        evidence.first_at = min(evidence.first_at, mention.at - _BEFORE_TEXT)
    else:
        evidence.sentences[sentence] = max(evidence.sentences.get(sentence, 0.0), mention.weight)
        evidence.first_at = min(evidence.first_at, mention.at)


_BEFORE_TEXT = 1 << 20
