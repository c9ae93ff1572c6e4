"""Names in scripts that space their words and have no capitals: Arabic, Hebrew, Georgian, the scripts of India."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.entities.caseless.clues import Clue
from transforms.enrich.entities.entity_words import load_entity_words, load_language_words, word_lists

_MARKS = r"[^\s.,;:!?()\[\]«»\"'“”‘’،؛؟।॥|/–—-]"
_WORD = re.compile(f"{_MARKS}+")
_MAX_NAME = 4
_BLANK = " "


class _SpacedWords(NamedTuple):
    titles: frozenset[str]
    heads_first: frozenset[str]
    heads_last: frozenset[str]
    place_after: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _SpacedWords:
    lists = word_lists()
    return _SpacedWords(
        frozenset(lists["spaced_titles"]),
        frozenset(lists["spaced_heads_first"]),
        frozenset(lists["spaced_heads_last"]),
        frozenset(lists["spaced_place_after"]),
    )


@lru_cache(maxsize=1)
def spaced_languages() -> frozenset[str]:
    """The languages whose scripts have no capitals and space their words, and Thai and its neighbours."""
    return frozenset(word_lists()["spaced_languages"])


def spaced_names(text: str, language: str) -> Iterator[Clue]:
    """Names given away by a title, a given name and a family name, or a word for an organisation beside them."""
    words, lists, own = _words(), load_entity_words(), load_language_words(language)
    found = list(_WORD.finditer(text))
    tokens = [one[0] for one in found]
    joined = [at > 0 and text[found[at - 1].end() : found[at].start()] == _BLANK for at in range(len(found))]
    passed = 0
    for at, token in enumerate(tokens):
        if at < passed or len(token) < 2:
            continue
        following = at + 1 < len(tokens) and joined[at + 1]
        if token in words.heads_first and following and tokens[at + 1] not in own.common:
            yield Clue(f"{token} {tokens[at + 1]}", "organization", 0.7)
            passed = at + 2
        elif token in words.heads_last and joined[at] and tokens[at - 1] not in own.common:
            yield Clue(f"{tokens[at - 1]} {token}", "organization", 0.6)
        elif token in lists.given or (joined[at] and tokens[at - 1] in words.titles and token not in own.common):
            end = at + 1
            while (
                end < len(tokens)
                and end - at < _MAX_NAME
                and joined[end]
                and (tokens[end] in lists.family or tokens[end] in lists.given)
            ):
                end += 1
            is_titled = joined[at] and tokens[at - 1] in words.titles
            if end == at + 1 and following and token not in own.common and tokens[end] not in own.common and is_titled:
                end += 1
            if end - at >= 2 or is_titled:
                yield Clue(" ".join(tokens[at:end]), "person", 1.0 if is_titled else 0.8)
                passed = end
        elif following and tokens[at + 1] in words.place_after and token not in own.common:
            yield Clue(token, "place", 0.6)
