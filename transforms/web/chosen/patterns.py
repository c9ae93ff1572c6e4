"""Patterns of addresses and words, as users write them into the settings file. Pure, and linear in what they read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from transforms.text.scripts import UNSPACED, letters

_UNSPACED = re.compile(f"[{letters(UNSPACED)}]")


def matches(pattern: str, text: str) -> bool:
    """Whether a whole text fits a pattern in which each ``*`` stands for anything, or nothing."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    last = rest.pop()
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    return _in_order(rest, text[len(first) : len(text) - len(last)])


def has_pattern(text: str, pattern: str) -> bool:
    """Whether a pattern is found anywhere in an address, whatever the case of its letters."""
    return _in_order(pattern.lower().split("*"), text.lower())


def _in_order(parts: Sequence[str], text: str) -> bool:
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of some words or phrases stands in a text, as `folded` gives both.

    A word is found whole ("art" not in "party"), but before a ``*`` at its end as a beginning; in scripts that leave no
    spaces between words it is found anywhere.
    """
    return _pattern(words).search(text) is not None


def folded(text: str) -> str:
    """A text for comparison: without differences of case, width or white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1_024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_alone, words)))


def _alone(word: str) -> str:
    stem = folded(word.removesuffix("*"))
    before = "" if _UNSPACED.match(stem[:1]) else r"(?<!\w)"
    after = "" if word.endswith("*") or _UNSPACED.match(stem[-1:]) else r"(?!\w)"
    return f"{before}{re.escape(stem)}{after}"
