"""Names that are no names, because the article uses their words as words: "Business Tips" over a text about tips."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.extract.names.byline_words import byline_words

_GIVEN = byline_words("given")


class OrdinaryWords:
    """The words that stand in small letters in a text's beginnings, each looked for when it is asked about."""

    def __init__(self, prose: Sequence[str]) -> None:
        self._prose = prose

    def hold(self, word: str) -> bool:
        """Whether a word, in lower case, stands in the text as a word of its own, not in a mail or web address."""
        pattern = None
        for text in self._prose:
            if word in text:
                pattern = pattern or re.compile(rf"(?<![\w.@/-]){re.escape(word)}(?![\w@/-]|\.\w)")
                if pattern.search(text) is not None:
                    return True
        return False

    def make(self, name: str) -> bool:
        """Whether all words of a name are words of the text, and none is also a given name or a surname ("Grace")."""
        words = name.split()
        if not all(word.isalpha() and word[0].isupper() for word in words):
            return False
        lower = [word.lower() for word in words]
        return _GIVEN.isdisjoint(lower) and all(map(self.hold, lower))
