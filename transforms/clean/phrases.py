"""The phrases by which furniture is recognised, from ``phrases.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from transforms.text.lines import words_of


class PhraseSet:
    """A set of phrases, looked up by their first word: for most texts, one set look-up is enough."""

    __slots__ = ("_by_first",)

    def __init__(self, phrases: list[str]) -> None:
        by_first: dict[str, set[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(words_of(phrase))
            by_first.setdefault(words[0], set()).add(words)
        self._by_first = {
            first: tuple(sorted(group, key=lambda words: (-len(words), words))) for first, group in by_first.items()
        }

    def prefix_length(self, words: list[str], start: int = 0) -> int:
        """The number of words that the longest phrase beginning at word `start` covers; 0 if none begins there."""
        if start >= len(words):
            return 0
        for phrase in self._by_first.get(words[start], ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def fills(self, words: list[str]) -> bool:
        """Whether the words are one or more phrases in a row, and nothing else."""
        at = 0
        while at < len(words):
            length = self.prefix_length(words, at)
            if not length:
                return False
            at += length
        return at > 0


class Endings:
    """A set of phrases that end a sentence."""

    __slots__ = ("_reversed",)

    def __init__(self, phrases: list[str]) -> None:
        self._reversed = PhraseSet([" ".join(reversed(words_of(phrase))) for phrase in phrases])

    def suffix_length(self, words: list[str]) -> int:
        """The number of words that the longest phrase at the end of `words` covers; 0 if there is none."""
        return self._reversed.prefix_length(words[::-1])


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of all languages together. The head of ``phrases.json`` explains each kind."""

    advertisement: PhraseSet
    comment_form: PhraseSet
    comment_labels: PhraseSet
    consent: PhraseSet
    consent_starts: PhraseSet
    cookie_starts: PhraseSet
    cookie_words: tuple[str, ...]
    credit_starts: PhraseSet
    credit_ends: Endings
    credit_joins: frozenset[str]
    promotion: PhraseSet
    promotion_starts: PhraseSet
    link_starts: PhraseSet
    about_starts: PhraseSet
    reader_signs: frozenset[str]
    news_words: frozenset[str]
    news_verbs: frozenset[str]
    story_words: frozenset[str]


@lru_cache(maxsize=1)
def load_phrases() -> Phrases:
    """The phrases, read once in a process. They never change."""
    data = json.loads(resources.files(__package__).joinpath("phrases.json").read_text(encoding="utf-8"))
    languages = [entry for name, entry in data.items() if not name.startswith("_")]

    def every(kind: str) -> list[str]:
        return [phrase for language in languages for phrase in language.get(kind, ())]

    return Phrases(
        advertisement=PhraseSet(every("advertisement")),
        comment_form=PhraseSet(every("comment_form")),
        comment_labels=PhraseSet(every("comment_labels")),
        consent=PhraseSet(every("consent")),
        consent_starts=PhraseSet(every("consent_starts")),
        cookie_starts=PhraseSet(every("cookie_starts")),
        cookie_words=tuple(sorted(set(every("cookie_words")))),
        credit_starts=PhraseSet(every("credit_starts")),
        credit_ends=Endings(every("credit_ends")),
        credit_joins=frozenset(every("credit_joins")),
        promotion=PhraseSet(every("promotion")),
        promotion_starts=PhraseSet(every("promotion_starts")),
        link_starts=PhraseSet(every("link_starts")),
        about_starts=PhraseSet(every("about_starts")),
        reader_signs=frozenset(every("reader_signs")),
        news_words=frozenset(every("news_words")),
        news_verbs=frozenset(every("news_verbs")),
        story_words=frozenset(every("story_words")),
    )
