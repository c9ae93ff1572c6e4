"""Topics that the words of a text speak for, by the list of its language in ``topic_words.json``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transforms.enrich.data_files import read_json
from transforms.enrich.topics.folding import folded, in_latin
from transforms.enrich.topics.terms import TERMS

Topics = tuple[int, ...]
Weights = NDArray[np.float64]

_WORD = re.compile(r"[^\W_]+(?:[&.-][^\W_]+)*")
_BETWEEN_BLANKS = re.compile(r"[^\s.,;:!?()\[\]{}\"'’‘“”«»|/।…–—-]+")
_MIN_ENDING = 3
_MIN_AFTER_PARTICLE = 3
_MAX_PARTICLES = 3
"""Letters that may stand before a word without a blank in Hebrew and Arabic ("the", "and the", "to the")."""

_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class _Lists:
    """The words of one language by their form, and the topics that each speaks for."""

    whole: dict[str, Topics] = field(default_factory=dict)
    stems: dict[str, Topics] = field(default_factory=dict)
    endings: dict[str, Topics] = field(default_factory=dict)
    phrases: dict[str, dict[tuple[str, ...], Topics]] = field(default_factory=dict)

    @classmethod
    def of(cls, topics: Mapping[str, str], fold: Callable[[str], str]) -> _Lists:
        """From one language of ``topic_words.json``: words "war", stems "militar*", endings "*krieg" and phrases
        "cease_fire*" of each topic. Where a word stands under several topics, it speaks for each."""
        lists = cls()
        for topic, listed in topics.items():
            place = (TERMS.index(topic),)
            for word in map(fold, listed.split()):
                first, *rest = word.split("_")
                if rest:
                    following = lists.phrases.setdefault(first, {})
                    following[tuple(rest)] = following.get(tuple(rest), ()) + place
                    continue
                form = lists.stems if word.endswith("*") else lists.endings if word.startswith("*") else lists.whole
                form[word.strip("*")] = form.get(word.strip("*"), ()) + place
        return lists


class TopicWords:
    """The words of one language. Does not change but for what it remembers of words it has seen."""

    def __init__(self, lists: _Lists, fold: Callable[[str], str], reads: str) -> None:
        self._lists, self._fold, self._reads = lists, fold, reads
        self.is_unspaced = reads == "unspaced"
        self._lengths = _lengths_by(lists.stems, 0)
        self._ending_lengths = _lengths_by(lists.endings, -1)
        self._topics_of = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def weights(self, text: str) -> Weights:
        """How much a text's words speak for each topic: log2(1 + times) of each word found, divided among its topics.

        Forms of one stem are one word.
        """
        folded_text = self._fold(text)
        found = self._longest_words(folded_text) if self.is_unspaced else self._words(folded_text)
        weights = [0.0] * len(TERMS)
        for (_, topics), times in found.items():
            share = log2(1 + times) / len(topics)
            for topic in topics:
                weights[topic] += share
        return np.array(weights)

    def _words(self, text: str) -> Counter[tuple[str, Topics]]:
        words = (_BETWEEN_BLANKS if self._reads == "blanks" else _WORD).findall(text)
        times = Counter(words)
        found: Counter[tuple[str, Topics]] = Counter()
        known = times.keys()
        for word, topics in zip(known, map(self._topics_of, known), strict=True):
            if topics is not None:
                found[topics] += times[word]
        if firsts := self._lists.phrases.keys() & known:
            for place, word in enumerate(words):
                if word in firsts:
                    found.update(self._phrases_at(words, place))
        return found

    def _phrases_at(self, words: list[str], place: int) -> Iterator[tuple[str, Topics]]:
        for rest, topics in self._lists.phrases[words[place]].items():
            if _goes_on(words[place + 1 : place + 1 + len(rest)], rest):
                yield " ".join((words[place], *rest)), topics

    def _look_up(self, word: str) -> tuple[str, Topics] | None:
        """The word, stem or ending of the lists that a word is, and its topics: the longest, words before stems."""
        lists = self._lists
        if (topics := lists.whole.get(word)) is not None:
            return word, topics
        if (found := self._stem_at(word, 0)) is not None:
            return found
        for length in self._ending_lengths.get(word[-1], ()):
            if length < len(word) and (topics := lists.endings.get(word[-length:])) is not None:
                return f"*{word[-length:]}", topics
        if self._reads == "particles":
            for start in range(1, min(_MAX_PARTICLES, len(word) - _MIN_AFTER_PARTICLE) + 1):
                if (topics := lists.whole.get(word[start:])) is not None:
                    return word[start:], topics
                if (found := self._stem_at(word, start)) is not None:
                    return found
        return None

    def _stem_at(self, word: str, start: int) -> tuple[str, Topics] | None:
        for length in self._lengths.get(word[start], ()):
            if (topics := self._lists.stems.get(word[start : start + length])) is not None:
                return word[start : start + length], topics
        return None

    def _longest_words(self, text: str) -> Counter[tuple[str, Topics]]:
        """Of a script without blanks between words: the longest that begins at each sign."""
        found: Counter[tuple[str, Topics]] = Counter()
        stems = self._lists.stems
        for place, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                piece = text[place : place + length]
                if (topics := stems.get(piece)) is not None:
                    found[piece, topics] += 1
                    break
        return found


def _lengths_by(words: Iterable[str], at: int) -> dict[str, tuple[int, ...]]:
    """By the sign at one end: the lengths of words, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[at], set()).add(len(word))
    return {sign: tuple(sorted(each, reverse=True)) for sign, each in lengths.items()}


def _goes_on(words: list[str], rest: tuple[str, ...]) -> bool:
    """Whether the words are those of a phrase, each of which may end in ``*``."""
    return len(words) == len(rest) and all(
        word.startswith(wanted[:-1]) if wanted[-1] == "*" else word == wanted
        for word, wanted in zip(words, rest, strict=True)
    )


@lru_cache(maxsize=1)
def load_topic_words() -> Mapping[str, TopicWords]:
    """The words of each language by its BCP 47 tag, read once in a process."""
    data: dict[str, Any] = read_json("topics/topic_words.json")
    about = data.pop("_about")
    folds: Final[dict[str, Callable[[str], str]]] = {"case": str.casefold, "serbian": lambda t: in_latin(folded(t))}
    known: dict[str, TopicWords] = {}
    for tag, topics in data.items():
        fold = folds.get(about["folds"].get(tag, ""), folded)
        known[tag] = TopicWords(_Lists.of(topics, fold), fold, about["reads"].get(tag, "words"))
    return known | {tag: known[other] for tag, other in about["same"].items()}
