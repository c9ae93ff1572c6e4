"""How much of a text speaks to its reader as a wall does, and how much tells something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.extract.page.page_words import languages, phrases_in, plain, word_count, words_in
from transforms.text.sentences import SPACED_STOPS, WIDE_STOPS

_SENTENCE = re.compile(rf"(?<=[{SPACED_STOPS}])\s+|(?<=[{WIDE_STOPS}])|\n")
_QUOTED = re.compile(r"[\"“„«「『][^\"“”„«»「」『』\n]{0,300}[\"“”»」』]|(?<!\w)['‘‚](?=\w)[^\n]{1,300}?['’‘](?!\w)")
"""What others said, or what stands on a button."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LABEL_WORDS = 5
_COVERS = 0.5
_TITLES = ("wall_titles", "notice_titles")
_KINDS = ("wall", "locked", "notice", "not_found")


class Weight(NamedTuple):
    """The words of a text by what its sentences do.

    `talk`: they ask for something, or refuse it, as walls do. `near`: they speak to the reader or for the site, of
    anything. `own`: all others but labels, as a story has them; these are `told`. `phrases`: by what talk is known.
    """

    talk: float = 0.0
    near: float = 0.0
    own: float = 0.0
    phrases: tuple[str, ...] = ()
    told: str = ""


def weigh(text: str, tongues: frozenset[str] = frozenset()) -> Weight:
    """The weight of a text, sentence by sentence; a line ends one.

    A phrase of a wall (`page_words.json`, `notice_words.json`) is not enough: stories quote them, and use them of
    others ("The shop was temporarily unavailable on Monday."). It counts where its sentence speaks to the reader, or is
    hardly more than the phrase. A reader is spoken to in one of the languages of the phrases, or of `tongues`.
    """
    known = notice_phrases(plain(text))
    return _weigh(text, known, tongues.union(*map(_tongues_of, known)) or frozenset(languages()))


def tongues_of(text: str) -> frozenset[str]:
    """The languages of the phrases in a text, as `plain` gives it, or of the title of a wall that it is."""
    return frozenset().union(*map(_tongues_of, (text, *notice_phrases(text))))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that are more than labels."""
    return [sentence for sentence in _SENTENCE.split(text) if word_count(sentence) >= _LABEL_WORDS]


def notice_phrases(text: str) -> list[str]:
    """The phrases of walls in a text, as `plain` gives it."""
    return [phrase for kind in _KINDS for phrase in phrases_in(text, kind)]


def is_all_to_reader(text: str, tongues: frozenset[str]) -> bool:
    """Whether a text does hardly anything but speak to its reader, in one language: of `tongues`, or where none is
    known, one of which the text has two different words, as short ones are words of other languages too."""
    if not tongues:
        words = {word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))}
        tongues = frozenset(one for one in languages() if _reader_words(one).count_in(text, words) > 1)
    weights = (_weigh(text, (), frozenset({tongue})) for tongue in tongues)
    return any(weight.near >= _LABEL_WORDS and weight.own <= weight.near / 2 for weight in weights)


def may_be_notice(text: str) -> bool:
    """Whether a text, as `plain` gives it, has a phrase of walls at all, or what only they ask a reader for."""
    return bool(notice_phrases(text) or phrases_in(text, "notice_topics"))


def covers(text: str, phrases: Iterable[str], share: float = _COVERS) -> bool:
    """Whether so much of a text, as `plain` gives it, is phrases that it says hardly more."""
    return sum(len(phrase) for phrase in phrases if phrase in text) >= share * len(text.strip())


def _weigh(text: str, known: Sequence[str], tongues: frozenset[str]) -> Weight:
    words = dict.fromkeys(("talk", "near", "own"), 0.0)
    held: dict[str, None] = {}
    told = []
    for sentence in _SENTENCE.split(text):
        kind, phrases = _kind_of(sentence, known, tongues)
        count = word_count(sentence)
        if phrases or count >= _LABEL_WORDS:
            words[kind] += count
            told += [sentence] if kind == "own" else []
        held.update(dict.fromkeys(phrases))
    return Weight(**words, phrases=tuple(held), told="\n".join(told))


def _kind_of(sentence: str, known: Sequence[str], tongues: frozenset[str]) -> tuple[str, list[str]]:
    """What a sentence does, and by which phrases that is known where it talks as walls do."""
    unquoted = _QUOTED.sub(" ", sentence).replace("’", "'")
    said = plain(unquoted)
    phrases = [phrase for phrase in known if phrase in said]
    speaking = _speaking(unquoted, tongues)
    if phrases and (speaking or covers(plain(sentence), phrases)):
        return "talk", phrases
    topics = {topic for tongue in speaking for topic in words_in(tongue, "notice_topics") if topic in said}
    if topics:
        return "talk", sorted(topics)
    return ("near" if speaking else "own"), []


def _speaking(text: str, tongues: frozenset[str]) -> list[str]:
    """In which of the languages a text addresses its reader, or speaks for the site that prints it."""
    words = _WORD.findall(text)
    small, later = {word.lower() for word in words}, frozenset(words[1:])
    first = words[0].lower() if words else ""
    return [tongue for tongue in tongues if _reader_words(tongue).are_in(text, first, small, later)]


class _ReaderWords(NamedTuple):
    """Words in small letters, those that count where a sentence begins, those that need their capital, and parts of
    words where words are not spaced."""

    small: frozenset[str]
    first: frozenset[str]
    capital: frozenset[str]
    parts: frozenset[str]

    def are_in(self, text: str, first: str, small: set[str], later: frozenset[str]) -> bool:
        if not self.small.isdisjoint(small) or first in self.first or not self.capital.isdisjoint(later):
            return True
        return any(part in text for part in self.parts)

    def count_in(self, text: str, small: set[str]) -> int:
        """How many different words of these a text has."""
        return len(self.small & small) + sum(part in text for part in self.parts)


@lru_cache(maxsize=10_000)
def _tongues_of(phrase: str) -> frozenset[str]:
    kinds = (*_KINDS, *_TITLES)
    return frozenset(one for one in languages() if any(phrase in words_in(one, kind) for kind in kinds))


@lru_cache(maxsize=100)
def _reader_words(tongue: str) -> _ReaderWords:
    words = words_in(tongue, "reader")
    parts = frozenset(word for word in words if word >= "\u2e80")
    capital = frozenset(word for word in words - parts if word != word.lower())
    return _ReaderWords(words - parts - capital, words_in(tongue, "reader_first"), capital, parts)
