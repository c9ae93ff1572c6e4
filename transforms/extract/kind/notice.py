"""How much of a text speaks to its reader as a wall does, and how much of it tells a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.extract.page.page_words import languages, phrases_in, plain, word_count, words_in
from transforms.text.sentences import SPACED_STOPS, WIDE_STOPS

_SENTENCE = re.compile(rf"(?<=[{SPACED_STOPS}])\s+|(?<=[{WIDE_STOPS}])|\n")
_QUOTED = re.compile(r"[\"“„«「『][^\"“”„«»「」『』\n]{0,300}[\"“”»」』]|(?<!\w)['‘‚](?=\w)[^\n]{1,300}?['’‘](?!\w)")
"""Quoted speech, or the text of a button."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LABEL_WORDS = 5
_COVERS = 0.5
_TITLES = ("wall_titles", "notice_titles")
_KINDS = ("wall", "locked", "notice", "not_found")


class Weight(NamedTuple):
    """The words of a text, counted by what their sentences do.

    `talk` counts words in sentences that ask for something or refuse it, as walls do. `near` counts words in other
    sentences that speak to the reader or for the site. `own` counts all other words except labels, as in a story;
    `told` is their text. `phrases` are those by which `talk` was recognised.
    """

    talk: float = 0.0
    near: float = 0.0
    own: float = 0.0
    phrases: tuple[str, ...] = ()
    told: str = ""


def weigh(text: str, langs: frozenset[str] = frozenset()) -> Weight:
    """The weight of a text, counted sentence by sentence; a line break ends a sentence.

    A phrase of walls (`page_words.json`, `notice_words.json`) is not enough: stories quote such phrases and use them of
    others ("The shop was temporarily unavailable on Monday."). A phrase counts if its sentence also speaks to the
    reader, or is hardly longer than the phrase. The reader is addressed in a language of the phrases found, or of
    `langs`.
    """
    known = notice_phrases(plain(text))
    return _weigh(text, known, langs.union(*map(_languages_of_phrase, known)) or frozenset(languages()))


def languages_of(text: str) -> frozenset[str]:
    """The languages of the wall phrases in a text (as `plain` gives it), and of the wall title if the text is one."""
    return frozenset().union(*map(_languages_of_phrase, (text, *notice_phrases(text))))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text without labels (fewer than five words)."""
    return [sentence for sentence in _SENTENCE.split(text) if word_count(sentence) >= _LABEL_WORDS]


def notice_phrases(text: str) -> list[str]:
    """The phrases of walls in a text (as `plain` gives it)."""
    return [phrase for kind in _KINDS for phrase in phrases_in(text, kind)]


def is_all_to_reader(text: str, langs: frozenset[str]) -> bool:
    """Whether a text does hardly anything but speak to its reader, in one language.

    The language is one of `langs`. If none is known, it is one of which the text has two different words: a single
    short word may belong to other languages too.
    """
    if not langs:
        words = {word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))}
        langs = frozenset(one for one in languages() if _reader_words(one).count_in(text, words) > 1)
    weights = (_weigh(text, (), frozenset({lang})) for lang in langs)
    return any(weight.near >= _LABEL_WORDS and weight.own <= weight.near / 2 for weight in weights)


def may_be_notice(text: str) -> bool:
    """Whether a text (as `plain` gives it) has a phrase of walls, or names what only walls ask a reader for."""
    return bool(notice_phrases(text) or phrases_in(text, "notice_topics"))


def covers(text: str, phrases: Iterable[str], share: float = _COVERS) -> bool:
    """Whether the phrases make up at least `share` of a text (as `plain` gives it)."""
    return sum(len(phrase) for phrase in phrases if phrase in text) >= share * len(text.strip())


def _weigh(text: str, known: Sequence[str], langs: frozenset[str]) -> Weight:
    words = dict.fromkeys(("talk", "near", "own"), 0.0)
    held: dict[str, None] = {}
    told = []
    for sentence in _SENTENCE.split(text):
        kind, phrases = _kind_of(sentence, known, langs)
        count = word_count(sentence)
        if phrases or count >= _LABEL_WORDS:
            words[kind] += count
            told += [sentence] if kind == "own" else []
        held.update(dict.fromkeys(phrases))
    return Weight(**words, phrases=tuple(held), told="\n".join(told))


def _kind_of(sentence: str, known: Sequence[str], langs: frozenset[str]) -> tuple[str, list[str]]:
    """What a sentence does ("talk", "near" or "own"), and the phrases by which talk was recognised."""
    unquoted = _QUOTED.sub(" ", sentence).replace("’", "'")
    said = plain(unquoted)
    phrases = [phrase for phrase in known if phrase in said]
    speaking = _speaking(unquoted, langs)
    if phrases and (speaking or covers(plain(sentence), phrases)):
        return "talk", phrases
    topics = {topic for lang in speaking for topic in words_in(lang, "notice_topics") if topic in said}
    if topics:
        return "talk", sorted(topics)
    return ("near" if speaking else "own"), []


def _speaking(text: str, langs: frozenset[str]) -> list[str]:
    """The languages, among `langs`, in which a text addresses its reader or speaks for its site."""
    words = _WORD.findall(text)
    small, later = {word.lower() for word in words}, frozenset(words[1:])
    first = words[0].lower() if words else ""
    return [lang for lang in langs if _reader_words(lang).are_in(text, first, small, later)]


class _ReaderWords(NamedTuple):
    """Words of one language that address the reader.

    `small` count anywhere in lower case, `first` only at the beginning of a sentence, `capital` only with their
    capital; `parts` are parts of words in scripts without spaces.
    """

    small: frozenset[str]
    first: frozenset[str]
    capital: frozenset[str]
    parts: frozenset[str]

    def are_in(self, text: str, first: str, small: set[str], later: frozenset[str]) -> bool:
        if not self.small.isdisjoint(small) or first in self.first or not self.capital.isdisjoint(later):
            return True
        return any(part in text for part in self.parts)

    def count_in(self, text: str, small: set[str]) -> int:
        """The number of different words of `small` and `parts` in a text."""
        return len(self.small & small) + sum(part in text for part in self.parts)


@lru_cache(maxsize=10_000)
def _languages_of_phrase(phrase: str) -> frozenset[str]:
    kinds = (*_KINDS, *_TITLES)
    return frozenset(one for one in languages() if any(phrase in words_in(one, kind) for kind in kinds))


@lru_cache(maxsize=100)
def _reader_words(lang: str) -> _ReaderWords:
    words = words_in(lang, "reader")
    parts = frozenset(word for word in words if word >= "\u2e80")
    capital = frozenset(word for word in words - parts if word != word.lower())
    return _ReaderWords(words - parts - capital, words_in(lang, "reader_first"), capital, parts)
