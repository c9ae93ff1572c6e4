"""The countries that a story takes place in or is about."""

from __future__ import annotations

from collections import defaultdict

from transforms.enrich.data_files import name_rules
from transforms.enrich.places.gazetteer import CAPITAL, CITY, Entry, Gazetteer, Words, words_of

_MAX_COUNTRIES = 4
# The weight of a mention by its position.
_HEADLINE, _OPENING, _BODY = 3.0, 2.0, 1.0
_OPENING_CHARACTERS = 500
# News is mostly about the paper's own country, often without naming it. A weak prior: just enough alone.
_HOME = 2.1
# More than one mention in the opening is needed: a single one below the headline is in passing.
_MIN_SCORE = 2.1
_SHARE_OF_FIRST = 0.3


def find_countries(headline: str, text: str, publisher_domain: str, places: Gazetteer) -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 codes of the story's countries, most important first, at most four.

    Each mention of a country, its people, its capital, a city or a region adds weight: most in the headline, more in
    the opening than below it. A country that is hardly mentioned, or far behind the first one, is left out as a passing
    mention.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    disputed: list[tuple[str, str, float]] = []
    _add(scores, disputed, headline, _HEADLINE, places)
    _add(scores, disputed, text[:_OPENING_CHARACTERS], _OPENING, places)
    _add(scores, disputed, text[_OPENING_CHARACTERS:], _BODY, places)
    home = home_country(publisher_domain) or places.home
    if home:
        scores[home] += _HOME
    undisputed = dict(scores)
    for country, rival, score in disputed:
        scores[rival if undisputed.get(rival, 0) > undisputed.get(country, 0) else country] += score
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return ()
    threshold = max(_MIN_SCORE, _SHARE_OF_FIRST * ranked[0][1])
    return tuple(country for country, score in ranked[:_MAX_COUNTRIES] if score >= threshold)


def home_country(domain: str) -> str | None:
    """The country of a national top-level domain; None for other domains and for those that are sold as words."""
    ending = domain.rpartition(".")[2]
    rules = name_rules()
    if len(ending) != 2 or not ending.isalpha() or ending in rules["domains_sold_as_words"]:
        return None
    return str(rules["domain_countries"].get(ending, ending.upper()))


def _add(
    scores: defaultdict[str, float], disputed: list[tuple[str, str, float]], text: str, factor: float, places: Gazetteer
) -> None:
    """Add the weight of each mention in a text to `scores`; names that two countries share go to `disputed`."""
    _add_unspaced(scores, text, factor, places)
    words = words_of(text)
    stems = places.stems_among(words.plain)
    firsts = places.firsts
    passed = 0
    for at in [at for at, word in enumerate(words.plain) if word in firsts or word in stems or word.isupper()]:
        if at < passed:
            continue
        entry = places.entry_at(words.plain, at)
        if entry is not None:
            passed = at + 1 + len(entry.rest)
            if not _is_persons_name(words, at, passed, entry, places.language):
                if entry.rival:
                    disputed.append((entry.country, entry.rival, factor * entry.weight))
                else:
                    scores[entry.country] += factor * entry.weight
        elif found := stems.get(words.plain[at]):
            scores[found[0]] += factor * found[1]


def _add_unspaced(scores: defaultdict[str, float], text: str, factor: float, places: Gazetteer) -> None:
    """Add the weight of names in scripts without capitals, longer names first. Each part of the text counts once."""
    if not places.unspaced or text.isascii():
        return
    for name, country, weight in places.unspaced:
        if count := text.count(name):
            scores[country] += factor * weight * count
            text = text.replace(name, "\0")


def _is_persons_name(words: Words, start: int, end: int, entry: Entry, language: str) -> bool:
    """Whether a name stands next to a capitalised word, as in "Michael Jordan", "Paris Hilton" and "Jack London"."""
    if not entry.person and (entry.weight not in (CAPITAL, CITY) or language == "de"):
        return False
    before = start > 1 and words.gaps[start] == " " and words.plain[start - 1][0].isupper()
    if before and not _opens_sentence(words, start - 1):
        return True
    after = end < len(words.plain) and words.gaps[end] == " " and words.plain[end][0].isupper()
    return entry.person and after


def _opens_sentence(words: Words, at: int) -> bool:
    """Whether a sentence ends in the two characters before a word, or the text begins there. The full stop of "U.S. "
    counts too."""
    before = (words.printed[at - 1] if at else "") + words.gaps[at]
    return before[-2:].strip()[-1:] in ("", ".", "!", "?", "“", '"', ":")
