"""What a page's text says against a name: that its words are words ("Business Tips" over a text about tips), or that
the page is Chinese and its signs are no Chinese name."""

from __future__ import annotations

import re

from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.names.byline_words import byline_words, own_words
from transforms.extract.names.east_asian import is_chinese_name
from transforms.text.scripts import HAN, letters

_SOME = 5
CAPITAL_NOUNS = ("de", "lb")
"""Languages that write all nouns with a capital."""

_HAN_ONLY = re.compile(f"[{letters(HAN)}·\\s]++")
_HAN_SIGN = re.compile(f"[{letters(HAN)}]")
_KANA_SIGN = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_GIVEN = byline_words("given")


class PageText:
    """The beginnings of a page's paragraphs, in which words are looked for when they are asked about."""

    def __init__(self, facts: PageFacts) -> None:
        self._prose = facts.prose
        self._titles = (facts.title or "", facts.headline_heading or "", *facts.prose[:_SOME])
        self._language = (facts.language or "").lower()

    @property
    def own_by(self) -> frozenset[str]:
        """Words that introduce an author in the page's language only."""
        return own_words("by_own", self._language)

    def contradicts(self, name: str) -> bool:
        """Whether the text speaks against a name."""
        if _HAN_ONLY.fullmatch(name) is not None:
            return not is_chinese_name(name) and self._is_chinese()
        return self.makes(name)

    def _is_chinese(self) -> bool:
        """Whether titles and text have Chinese signs and none of Japan's own."""
        has_signs = any(_HAN_SIGN.search(text) is not None for text in self._titles)
        is_japanese = self._language.startswith("ja") or any(map(_KANA_SIGN.search, self._titles))
        return has_signs and not is_japanese

    def holds(self, word: str) -> bool:
        """Whether a word, in lower case, stands in the text as a word of its own, not in a mail or web address."""
        pattern = None
        for text in self._prose:
            if word in text:
                pattern = pattern or re.compile(rf"(?<![\w.@/-]){re.escape(word)}(?![\w@/-]|\.\w)")
                if pattern.search(text) is not None:
                    return True
        return False

    def makes(self, name: str) -> bool:
        """Whether all words of a name are words of the text, and none is also a given name or a surname ("Grace")."""
        words = name.split()
        if not all(word.isalpha() and word[0].isupper() for word in words):
            return False
        lower = [word.lower() for word in words]
        return _GIVEN.isdisjoint(lower) and all(map(self.holds, lower))

    def holds_any(self, name: str) -> bool:
        """Whether any word of a name is a word of the text: enough where only its place speaks for a name."""
        words = name.split()
        nouns = words if self._language.startswith(CAPITAL_NOUNS) else []
        return self.contradicts(name) or any(map(self.holds, (*(word.lower() for word in words), *nouns)))
