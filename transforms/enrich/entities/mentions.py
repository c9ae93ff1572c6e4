"""Runs of capitalised words: where a text with capitals may name somebody.

A run goes on over small words inside names ("Ursula von der Leyen", "House of Representatives") and over the full stops
of initials. Titles before a name are cut off. A word that opens a sentence counts only if it is not a common word and
does not stand elsewhere in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from transforms.enrich.entities.entity_words import EntityWords, LanguageWords
from transforms.enrich.entities.traits import is_title, traits_of
from transforms.enrich.places.gazetteer import Gazetteer

# "U.S." or a word with signs inside. Its first sign stands alone, so that gaps are skipped quickly.
_TOKEN = re.compile(r"([^\W_](?:\.(?<!\d\.)(?:[^\W\d_]\.)++|[a-z]*+[^\W_]*+(?:[-'’&.][^\W_]++)*+\+?))")
_OPENS = re.compile(r"[.!?…:;\n\"“”„«»‘•*|·。]|[-–—]\s")
_ELIDED = re.compile(r"(?:[a-zà-ÿ]{1,5}|[DL])['’](?=[^\W\d_])")
_BLANKS = (" ", "\u00a0", "\u202f")
_MAX_WORDS = 9
_MAX_SMALL = 3
_TITLE_CASE = 0.6
_MIN_TITLE_WORDS, _MAX_TITLE_WORDS = 5, 20
_CLOSES = re.compile(r"[.!?…:;\"”»]")


class TextWords(NamedTuple):
    """The words of a text. `plain`: without possessive ending and elided article, `small`: in lower case; `gaps[n]`
    stands before word n, `gaps[-1]` behind the last; `owns`: words with a possessive ending; `opens`: those that open a
    sentence, a line or a quotation; `shouted`: those of lines in which nearly all words have a capital."""

    plain: list[str]
    small: list[str]
    gaps: list[str]
    owns: frozenset[int]
    opens: frozenset[int]
    shouted: frozenset[int]


class Mention(NamedTuple):
    """A run of words, from `start` up to `end`, and whether a title stands before it."""

    start: int
    end: int
    is_titled: bool


def text_words(text: str, lists: EntityWords) -> TextWords:
    """The words of a text with capitals."""
    pieces = _TOKEN.split(text)
    plain, gaps = pieces[1::2], pieces[::2]
    owns: set[int] = set()
    has_apostrophes = "'" in text or "’" in text
    if has_apostrophes:
        _without_apostrophes(plain, owns)
    small = "\n".join(plain).lower().split("\n") if plain else []
    kinds = set(gaps)
    closing = {gap for gap in kinds if gap != " " and _OPENS.search(gap) is not None}
    opens = {0}
    for at in [at for at, gap in enumerate(gaps) if gap in closing]:
        if at and not (gaps[at] == ". " and _is_short(small[at - 1], lists)):
            opens.add(at)
    if has_apostrophes:
        quoting = {gap for gap in kinds if gap[:1] in ("'", "’")}
        if quoting:
            owns.update(at - 1 for at, gap in enumerate(gaps) if gap in quoting and at and plain[at - 1][-1] == "s")
    return TextWords(plain, small, gaps, frozenset(owns), frozenset(opens), frozenset(_shouted(plain, small, gaps)))


def _shouted(plain: list[str], small: list[str], gaps: list[str]) -> Iterator[int]:
    """The words of headings in which nearly all words have a capital, as English prints them: no run there ends."""
    starts = [0, *(at for at, gap in enumerate(gaps) if "\n" in gap and 0 < at < len(plain)), len(plain)]
    for start, end in pairwise(starts):
        if _MIN_TITLE_WORDS <= end - start <= _MAX_TITLE_WORDS and not _CLOSES.search(gaps[end].partition("\n")[0]):
            capitals = sum(plain[at] != small[at] for at in range(start, end))
            if capitals >= _TITLE_CASE * (end - start) and ", " not in gaps[start + 1 : end]:
                yield from range(start, end)


def _without_apostrophes(plain: list[str], owns: set[int]) -> None:
    """Take possessive endings ("Roe's") and elided articles ("l'Avenir") off, and note the words that had an ending."""
    for at in [at for at, word in enumerate(plain) if "'" in word or "’" in word]:
        word = plain[at]
        if word[-2:] in ("'s", "’s", "'S", "’S"):
            owns.add(at)
            plain[at] = word[:-2]
        elif elided := _ELIDED.match(word):
            plain[at] = word[elided.end() :]


def _is_short(word: str, lists: EntityWords) -> bool:
    """Whether a full stop behind a word ends no sentence."""
    return len(word) == 1 or word in lists.abbreviations


class MentionFinder:
    """Finds the mentions in the words of one text."""

    def __init__(self, words: TextWords, lists: EntityWords, own: LanguageWords, places: Gazetteer) -> None:
        self._words, self._lists, self._own, self._places = words, lists, own, places
        self._plain, self._small, self._gaps = words.plain, words.small, words.gaps
        self.lower = set(words.plain).intersection(words.small)

    def mentions(self) -> Iterator[Mention]:
        """The mentions in text order, without overlap."""
        plain = self._plain
        passed = 0
        pairs = enumerate(zip(plain, self._small, strict=True))
        for at in [at for at, (word, small) in pairs if word != small and word[0].isupper()]:
            if at < passed or at in self._words.shouted or not self._may_begin(at):
                continue
            end = self._end_of(at)
            passed = end
            yield from self._parts(at, end)

    def _may_begin(self, at: int) -> bool:
        small = self._small[at]
        if "-" in small and small.rpartition("-")[2] in self._lists.adjective_ends:
            return False
        if at in self._words.opens:
            if small in self._own.common or small in self.lower:
                following = at + 1
                return (
                    following < len(self._plain)
                    and self._gaps[following] in _BLANKS
                    and self._plain[following][0].isupper()
                    and self._is_known_pair(at)
                )
        elif small in self._own.articles:
            return False
        return small not in self._own.days

    def _is_known_pair(self, at: int) -> bool:
        """Whether the word begins a place of several words, or an organisation: "New York", "North Sea"."""
        entry = self._places.entry_at(self._plain, at)
        if entry is not None and entry.rest:
            return True
        return self._small[at + 1] in self._lists.heads or self._small[at + 1] in self._lists.place_words

    def _end_of(self, start: int) -> int:
        """Where the run that begins at a word ends (exclusive)."""
        plain, small, gaps, count = self._plain, self._small, self._gaps, len(self._plain)
        heads, place_words, owns = self._lists.heads, self._lists.place_words, self._words.owns
        has_head = small[start] in heads or small[start] in place_words
        has_join = False
        at = start
        while at + 1 < count and at - start < _MAX_WORDS and at not in owns:
            following = at + 1
            gap = gaps[following]
            if gap not in _BLANKS and not (gap == ". " and following not in self._words.opens):
                break
            if plain[following][0].isupper() and small[following] not in self._own.days:
                at = following
            else:
                behind = self._behind_small(following, has_head, has_join)
                if behind is None:
                    break
                at, has_join = behind, True
            has_head = has_head or small[at] in heads or small[at] in place_words
        return at + 1

    def _behind_small(self, at: int, has_head: bool, has_join: bool) -> int | None:
        """The capitalised word behind one to three small words that may stand inside a name; None if there is none."""
        small, lists = self._small, self._lists
        for step in range(_MAX_SMALL):
            here = at + step
            if here + 1 >= len(small) or self._gaps[here] not in _BLANKS or self._gaps[here + 1] not in _BLANKS:
                return None
            word = small[here]
            is_join = has_head and word in lists.joins and (has_join or step > 0 or word not in lists.and_joins)
            is_particle = word in lists.particles or word in self._own.inner
            if is_particle and not step and not self._own.is_romance and word in self._own.before_people:
                is_particle = self._plain[at - 1] in lists.given or self._is_titled(at - 1)
            if word in self._own.articles and not self._own.is_romance and not is_join:
                return None
            if self._own.before_places and word in self._own.before_places and not is_join and not is_particle:
                return None
            if not (is_join or is_particle):
                return None
            if self._plain[here + 1][0].isupper():
                return None if small[here + 1] in self._own.days else here + 1
        return None

    def _parts(self, start: int, end: int) -> Iterator[Mention]:
        """A run, cut at its titles: "US President Jane Roe" gives "US" and "Jane Roe"."""
        small, lists = self._small, self._lists
        if end - start == 1:
            word = small[start]
            if not is_title(word) and word not in self._own.common and word not in lists.no_names:
                yield Mention(start, end, self._is_titled(start))
            return
        first = last = None
        for at in range(start, end):
            if is_title(small[at]):
                first, last = at if first is None else first, at
            elif last is not None and small[at] in lists.heads:
                last = None
                break
        if first is None or last is None:
            yield from self._split_at_given(start, end)
            return
        if first > start:
            yield from self._kept(start, first, False)
        if last + 1 < end:
            begin = last + 1
            while begin < end and not self._plain[begin][0].isupper():
                begin += 1
            if begin < end:
                yield from self._kept(begin, end, True)

    def _split_at_given(self, start: int, end: int) -> Iterator[Mention]:
        """A run, cut before a given name that follows a word of another kind: "Foreign Affairs Jane Roe"."""
        plain = self._plain
        for at in range(start + 1, end - 1):
            traits, before = traits_of(plain[at]), traits_of(plain[at - 1])
            if traits.is_given and plain[at + 1][0].isupper() and not traits.is_place_word:
                is_name = (
                    before.is_given or before.is_family or before.is_initial or before.is_particle or before.is_join
                )
                if not is_name and not any(traits_of(word).is_head for word in plain[at:end]):
                    yield from self._kept(start, at, self._is_titled(start))
                    yield from self._kept(at, end, True)
                    return
                break
        yield from self._kept(start, end, self._is_titled(start))

    def _behind_place_title(self, start: int, end: int) -> int:
        """Where the name begins behind a noun with a capital for a place: "Stadt Musterhausen"."""
        if self._own.has_capital_nouns and traits_of(self._plain[start]).is_place_title:
            return start + 1
        return start

    def _is_titled(self, at: int) -> bool:
        """Whether a title stands right before a word."""
        return at > 0 and (self._gaps[at] in _BLANKS or self._gaps[at] == ". ") and is_title(self._small[at - 1])

    def _kept(self, start: int, end: int, is_titled: bool) -> Iterator[Mention]:
        """The mention without small words at its ends, unless it is nothing but words that name nobody."""
        own, small = self._own, self._small
        if end - start > 1:
            start = self._behind_place_title(start, end)
        while end > start and not self._plain[end - 1][0].isupper():
            end -= 1
        while start < end and (small[start] in own.articles or (end - start == 1 and self._is_nothing(small[start]))):
            start += 1
        if not all(map(self._is_nothing, small[start:end])):
            yield Mention(start, end, is_titled)

    def _is_nothing(self, word: str) -> bool:
        return word in self._own.common or word in self._lists.no_names
