"""The words of bylines in ``byline_words.json``: what stands before a name, and what is no name."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources

_SAME_LANGUAGE = {"tl": "fil"}
"""Codes that pages state for a language which the file has under another."""


@lru_cache(maxsize=16)
def byline_words(kind: str) -> frozenset[str]:
    """All words or phrases of the kind, in all languages, as `str.casefold` gives them, which turns the ς at the end of
    Greek words into σ; the head of the file says what each kind means."""
    return frozenset(word.casefold() for word in _words(kind))


@lru_cache(maxsize=64)
def own_words(kind: str, language: str) -> frozenset[str]:
    """The words of the kind in one language, which is stated as pages do ("ro-RO", "ro_RO"); none if it has none."""
    primary = language.replace("_", "-").partition("-")[0].strip().casefold()
    words = _languages().get(_SAME_LANGUAGE.get(primary, primary), {})
    return frozenset(word.casefold() for word in words.get(kind, ()))


def alternatives(*kinds: str) -> tuple[str, ...]:
    """The words of these kinds as a pattern tries them: the longest first, so that "written by" comes before "by"."""
    words = frozenset().union(*map(_words, kinds))
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _words(kind: str) -> frozenset[str]:
    """The words of the kind as they are written."""
    found = frozenset(word for words in _languages().values() for word in words.get(kind, ()))
    if not found:
        raise KeyError(kind)
    return found


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, list[str]]]:
    text = resources.files(__package__).joinpath("byline_words.json").read_text(encoding="utf-8")
    return {language: words for language, words in json.loads(text).items() if not language.startswith("_")}
