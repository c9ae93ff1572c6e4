"""What tells of a candidate whether it is a person, an organisation or a place, and how much it matters."""

from __future__ import annotations

from math import log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.enrich.entities.candidates import Candidate
from transforms.enrich.entities.entity_words import EntityWords, LanguageWords
from transforms.enrich.entities.mentions import MentionFinder, Words
from transforms.enrich.places.gazetteer import CAPITAL, CITY, NAME, REGION, WEAK, WORD, Gazetteer

_BLANKS = (" ", "\u00a0", ", ")
NAMES: Final = (
    "count", "share", "whole", "headline", "first", "rank", "words", "opens", "given_first", "given_any", "family_last",
    "family_any", "particle", "join", "acronym", "camel", "digit", "lower_twin", "common", "titled", "title_after",
    "spoken", "peopled", "aged", "owns", "placed", "article", "by", "comma_place", "bracket", "quoted", "country",
    "demonym", "place", "place_part", "head_first", "head_last", "head_any", "head_end", "company", "place_word", "place_first",
    "place_end", "hyphen", "letters", "german", "english", "no_name", "listed", "keyword", "near_title", "initial", "suffix", "candidates", "length", "lead",
    "title_case", "prev_lower", "in_of", "before_of", "next_lower_s", "joined",
)  # fmt: skip


class Features:
    """Rows of features for the candidates of one text."""

    def __init__(
        self, words: Words, finder: MentionFinder, lists: EntityWords, own: LanguageWords, places: Gazetteer,
        headline: str, keywords: frozenset[str],
    ) -> None:
        self._words, self._finder, self._lists, self._own, self._places = words, finder, lists, own, places
        self._headline, self._keywords = headline, keywords

    def rows(self, candidates: list[Candidate]) -> NDArray[np.float32]:
        counts = [len(one.mentions) for one in candidates]
        most = max(counts, default=1)
        return np.array(
            [self._row(one, rank, most, len(candidates)) for rank, one in enumerate(candidates)], dtype=np.float32
        ).reshape(len(candidates), len(NAMES))

    def _row(self, one: Candidate, rank: int, most: int, number: int) -> list[float]:
        lists, own, places, words = self._lists, self._own, self._places, self._words
        tokens = one.tokens
        small = [token.lower() for token in tokens]
        count = len(one.mentions)
        signs = self._signs(one)
        entry = places.entry_at(list(tokens), 0)
        weight = entry.weight if entry is not None and len(entry.rest) + 1 == len(tokens) else 0.0
        part = entry is not None and not weight or any(places.entry_at(list(tokens), at) is not None for at in range(1, len(tokens)))
        first, last = tokens[0], tokens[-1]
        name = one.name
        in_headline = name in self._headline or (len(tokens) > 1 and len(last) > 3 and last in self._headline)
        total = len(words.plain) or 1
        heads = [word in lists.heads for word in small]
        ps = [word in lists.place_words for word in small]
        return [
            log1p(count), count / most, one.whole / count, in_headline, one.mentions[0].start / total, log1p(rank), len(tokens), signs["opens"],
            first in lists.given, any(t in lists.given for t in tokens), last in lists.family, any(t in lists.family for t in tokens),
            any(w in lists.particles for w in small[1:-1]), any(w in lists.joins for w in small[1:-1]),
            len(tokens) == 1 and first.isupper() and len(first) > 1, any(not t.isupper() and not t[1:].islower() and len(t) > 2 and t.isalpha() for t in tokens),
            any(c.isdigit() for c in name), small[0] in self._finder.lower, sum(w in own.common for w in small) / len(small),
            signs["titled"], signs["title_after"], signs["spoken"], signs["peopled"], signs["aged"], signs["owns"], signs["placed"], signs["article"], signs["by"],
            signs["comma_place"], signs["bracket"], signs["quoted"],
            weight == NAME, weight == WORD, weight in (CAPITAL, CITY, REGION), part, heads[0], heads[-1], sum(heads), any(len(w) > 5 and w.endswith(lists.head_ends) for w in small),
            small[-1] in lists.company or small[-1].rstrip(".") in lists.company, any(ps), ps[0], any(len(w) > 4 and w.endswith(lists.place_ends) for w in small), "-" in name, len(name),
            places.language == "de", places.language == "en", any(w in lists.no_names for w in small), signs["listed"], name.casefold() in self._keywords,
            signs["near_title"], any(len(t) == 1 for t in tokens), small[-1] in lists.suffixes, number / 50, log1p(total), one.mentions[0].start < 60,
            all(t.isupper() for t in tokens), signs["prev_lower"], signs["in_of"], signs["before_of"], signs["next_s"], count - one.whole,
        ]

    def _signs(self, one: Candidate) -> dict[str, float]:
        words, lists, own = self._words, self._lists, self._own
        small, gaps, plain = words.small, words.gaps, words.plain
        count = len(one.mentions)
        found = dict.fromkeys(("opens", "titled", "title_after", "spoken", "peopled", "aged", "owns", "placed", "article", "by", "comma_place", "bracket", "quoted", "listed", "near_title", "prev_lower", "in_of", "before_of", "next_s"), 0.0)
        end = len(small)
        for mention in one.mentions:
            start, stop = mention.start, mention.end
            before = small[start - 1] if start and gaps[start] in _BLANKS else ""
            before2 = small[start - 2] if before and start > 1 and gaps[start - 1] in _BLANKS else ""
            after = small[stop] if stop < end and gaps[stop] in _BLANKS else ""
            after2 = small[stop + 1] if after and stop + 1 < end and gaps[stop + 1] in _BLANKS else ""
            found["opens"] += start in words.opens
            found["titled"] += mention.is_titled
            if gaps[stop] == ", " and after:
                if any(at < end and self._finder.is_title(at) for at in range(stop, min(stop + 4, end))):
                    found["title_after"] += 1
            found["aged"] += after.isdigit() and len(after) == 2 and gaps[stop] in (", ", " (")
            if gaps[stop] == " (" and stop < end and plain[stop].isdigit() and len(plain[stop]) == 2:
                found["aged"] += 1
            found["spoken"] += after in lists.speech or before in lists.speech or after2 in lists.speech
            found["peopled"] += after in lists.people or before in lists.people
            found["owns"] += stop - 1 in words.owns
            placed = before in own.before_places
            found["placed"] += placed
            found["article"] += before in own.articles or (before2 in own.articles and before[:1].islower() and not placed)
            found["by"] += before in ("by", "von", "par", "por", "da", "door")
            found["comma_place"] += gaps[stop] == ", " and stop < end and self._places.entry_at(plain, stop) is not None
            found["bracket"] += gaps[stop][:2] == " (" or gaps[start][-1:] == "("
            found["quoted"] += gaps[start][-1:] in "\"“„«‘" and gaps[start] != ""
            found["listed"] += gaps[start] == ", " or gaps[stop] == ", "
            found["near_title"] += (bool(before) and self._finder.is_title(start - 1)) or (bool(before2) and self._finder.is_title(start - 2))
            found["prev_lower"] += bool(before) and gaps[start] == " " and not plain[start - 1][0].isupper()
            found["in_of"] += before in ("of", "de", "di", "von", "für", "for")
            found["before_of"] += after in ("of", "de", "di", "von", "der", "des")
            found["next_s"] += bool(after) and gaps[stop] == " " and small[stop][-1:] == "s"
        return {name: value / count for name, value in found.items()}
