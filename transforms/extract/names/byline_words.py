"""The words of bylines in ``byline_words.json``: what stands before a name, and what is no name."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=16)
def byline_words(kind: str) -> frozenset[str]:
    """All words or phrases of the kind, in all languages; the head of the file says what each kind means."""
    found = frozenset(word for words in _languages().values() for word in words.get(kind, ()))
    if not found:
        raise KeyError(kind)
    return found


@lru_cache(maxsize=64)
def own_words(kind: str, language: str) -> frozenset[str]:
    """The words of the kind in one language, which is stated as in BCP 47 ("ro-RO"); none if it has none."""
    return frozenset(_languages().get(language.partition("-")[0].strip().casefold(), {}).get(kind, ()))


def alternatives(kind: str) -> tuple[str, ...]:
    """The words of the kind as a pattern tries them: the longest first, so that "written by" comes before "by"."""
    return tuple(sorted(byline_words(kind), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, list[str]]]:
    text = resources.files(__package__).joinpath("byline_words.json").read_text(encoding="utf-8")
    return {language: words for language, words in json.loads(text).items() if not language.startswith("_")}
