"""What tells of a candidate whether it is a person, an organisation or a place, and how much it matters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.enrich.entities.candidates import Candidate
from transforms.enrich.entities.entity_words import EntityWords, LanguageWords
from transforms.enrich.entities.mentions import TextWords
from transforms.enrich.entities.traits import is_title, traits_of, traits_of_any
from transforms.enrich.places.gazetteer import CAPITAL, CITY, REGION, WORD, Gazetteer

Rows = NDArray[np.float32]

_BESIDE: Final = frozenset({" ", "\u00a0", ", "})
_LEAD_WORDS, _NEAR_LEAD = 40, 150
_MENTIONS = 12
"""Of more mentions than these, only the first are looked at."""

_QUOTES: Final = '"“„«‘'

FEATURES: Final = (
    # how much of the text it is
    "count", "share", "whole", "headline", "headline_part", "first", "lead", "near_lead", "rank", "candidates",
    "length",
    # its words
    "words", "letters", "given_first", "given_any", "given_last", "family_last", "family_any", "all_names",
    "particle", "join", "acronym", "capitals", "camel", "digit", "hyphen", "initial", "suffix", "no_name", "common",
    "small_twin", "head_first", "head_last", "head_any", "head_end", "company", "place_word", "place_first",
    "place_end", "known", "known_part", "word_place", "place", "place_part", "town", "region", "keyword", "bracketed",
    # its mentions, as shares of them
    "opens", "place_titled", "titled", "near_title", "title_after", "spoken", "peopled", "aged", "owns", "placed",
    "article", "by", "of", "before_of", "comma_place", "bracket", "quoted", "listed", "after_small",
    # the language
    "german", "english", "romance",
)  # fmt: skip


class Measure:
    """Measures the candidates of one text."""

    def __init__(
        self,
        words: TextWords,
        lists: EntityWords,
        own: LanguageWords,
        places: Gazetteer,
        headline: str,
        small: set[str],
    ) -> None:
        self._words, self._lists, self._own, self._places, self._headline, self._small = (
            words, lists, own, places, headline, small,
        )  # fmt: skip
        self._language = (places.language == "de", places.language == "en", own.is_romance)

    def rows(self, candidates: Sequence[Candidate], keywords: frozenset[str]) -> Rows:
        """A row of features for each candidate, in their order. `keywords` are the page's, casefolded."""
        most = max((len(one.mentions) for one in candidates), default=1)
        length = log1p(len(self._words.plain))
        number = len(candidates)
        values = chain.from_iterable(
            part
            for rank, one in enumerate(candidates)
            for part in (
                self._weight(one, most, rank, number, length),
                self._name(one, keywords),
                self._context(one),
                self._language,
            )
        )
        return np.fromiter(values, dtype=np.float32, count=number * len(FEATURES)).reshape(number, len(FEATURES))

    def _weight(self, one: Candidate, most: int, rank: int, number: int, length: float) -> tuple[float, ...]:
        count, first = len(one.mentions), one.mentions[0].start
        in_headline = one.name in self._headline if self._headline else False
        part = in_headline or (bool(self._headline) and len(one.tokens[-1]) > 3 and one.tokens[-1] in self._headline)
        return (
            log1p(count), count / most, one.whole / count, in_headline, part, first / len(self._words.plain),
            first < _LEAD_WORDS, first < _NEAR_LEAD, log1p(rank), log1p(number), length,
        )  # fmt: skip

    def _name(self, one: Candidate, keywords: frozenset[str]) -> tuple[float, ...]:
        tokens, name, places, own, lists = one.tokens, one.name, self._places, self._own, self._lists
        traits = [traits_of(token) for token in tokens]
        first, last, some = traits[0], traits[-1], traits_of_any(traits)
        single = len(tokens) == 1
        weight, part = 0.0, False
        if (entry := one.known) is not None:
            whole = len(entry.rest) + 1 == len(tokens)
            weight, part = (entry.weight, False) if whole else (0.0, True)
        part = part or (not single and any(map(places.begins, tokens[1:])))
        if single:
            common, all_upper, all_names = (
                float(first.small in own.common),
                first.is_upper,
                some.is_given or some.is_family,
            )
        else:
            common = len(own.common.intersection([one.small for one in traits])) / len(traits)
            all_upper = name.isupper()
            all_names = all(one.is_given or one.is_family for one in traits)
        return (
            len(tokens), len(name), first.is_given, some.is_given, last.is_given, last.is_family, some.is_family,
            all_names, some.is_particle, some.is_join, single and first.is_upper, all_upper, some.is_camel,
            some.has_digit, "-" in name, some.is_initial, last.is_suffix, some.is_no_name, common, first.small in
            self._small, first.is_head, last.is_head, some.is_head, some.ends_head, last.is_company,
            some.is_place_word, first.is_place_word, last.ends_place, name in lists.organizations, some.is_known,
            weight == WORD, weight in (CAPITAL, CITY, REGION), part, name in lists.towns, name in own.regions or name
            in lists.regions, bool(keywords) and name.casefold() in keywords, one.acronym is not None,
        )  # fmt: skip

    def _context(self, one: Candidate) -> tuple[float, ...]:
        """The share of its mentions that have each neighbour: a title, a verb of speech, a preposition, a quote."""
        plain, small, gaps, opening = self._words.plain, self._words.small, self._words.gaps, self._words.opens
        lists, own, places, owning = self._lists, self._own, self._places, self._words.owns
        speech, people, before_places, articles = lists.speech, lists.people, own.before_places, own.articles
        place_titles, of_words, by_words = lists.place_titles, lists.of_words, lists.by_words
        end = len(small)
        opens = place_titled = titled = near_title = title_after = spoken = peopled = aged = owns = placed = article = (
            by
        ) = of = 0
        before_of = comma_place = bracket = quoted = listed = after_small = 0
        for start, stop, is_titled in one.mentions[:_MENTIONS]:
            gap, behind = gaps[start], gaps[stop]
            before = small[start - 1] if start and gap in _BESIDE else ""
            after = small[stop] if stop < end and behind in _BESIDE else ""
            opens += start in opening
            titled += is_titled
            owns += stop - 1 in owning
            if before:
                is_placed = before in before_places
                placed += is_placed
                by += before in by_words
                of += before in of_words
                near_title += is_title(before)
                place_titled += before in place_titles
                spoken += before in speech
                peopled += before in people
                is_small = plain[start - 1][0].islower()
                after_small += is_small
                if before in articles:
                    article += 1
                elif is_small and not is_placed and start > 1 and gaps[start - 1] == " ":
                    further = small[start - 2]
                    article += further in articles
                    near_title += is_title(further)
                    place_titled += further in place_titles
            if after:
                spoken += after in speech
                peopled += after in people
                before_of += after in of_words
                if behind == ", ":
                    aged += after.isdigit() and len(after) == 2
                    comma_place += places.begins(plain[stop])
                    title_after += any(map(is_title, small[stop : stop + 4]))
                elif stop + 1 < end and gaps[stop + 1] == " ":
                    spoken += small[stop + 1] in speech
            elif behind[:2] == " (":
                bracket += 1
                aged += stop < end and plain[stop].isdigit() and len(plain[stop]) == 2
            bracket += gap[-1:] == "("
            quoted += gap[-1:] != "" and gap[-1] in _QUOTES
            listed += gap == ", " or behind == ", "
        times = (
            opens, place_titled, titled, near_title, title_after, spoken, peopled, aged, owns, placed, article,
            by, of, before_of, comma_place, bracket, quoted, listed, after_small,
        )  # fmt: skip
        count = min(len(one.mentions), _MENTIONS)
        return times if count == 1 else tuple([value / count for value in times])
