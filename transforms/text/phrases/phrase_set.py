"""Sets of phrases, looked up word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from transforms.text.lines import words_of


class PhraseSet:
    """A set of phrases, looked up by their first word: for most texts, one set look-up is enough.

    `words_in` splits a phrase into words; texts must be split the same way.
    """

    __slots__ = ("_by_first",)

    def __init__(self, phrases: Iterable[str], words_in: Callable[[str], list[str]] = words_of) -> None:
        by_first: dict[str, set[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(words_in(phrase))
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

    def may_begin(self, word: str) -> bool:
        """Whether a phrase begins with this word."""
        return word in self._by_first

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

    def __init__(self, phrases: Iterable[str]) -> None:
        self._reversed = PhraseSet([" ".join(reversed(words_of(phrase))) for phrase in phrases])

    def suffix_length(self, words: list[str]) -> int:
        """The number of words that the longest phrase at the end of `words` covers; 0 if there is none."""
        return self._reversed.prefix_length(words[::-1])
