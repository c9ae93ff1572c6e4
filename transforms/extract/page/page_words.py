"""Lists of words and phrases, by language and kind, that tell what a page is and which texts are no names.

``page_words.json`` holds the words for all pages, ``notice_words.json`` the words with which a page addresses its
reader, ``read_on_words.json`` those with which it sends readers on to the rest of a text.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from urllib.parse import unquote, urlsplit

from transforms.text.scripts import wide_count

_LISTS = ("page_words.json", "notice_words.json", "read_on_words.json")
_OPENING_CHARS = 5

_EDGES = re.compile(r"^[\W_]+|(?<![\W_])[\W_]+$")
_SPACE = re.compile(r"\s+")
_SEGMENT = re.compile(r"[^/]+")


@lru_cache(maxsize=16)
def word_count(text: str) -> float:
    """The length of a text in words, where words are not spaced too (two signs a word). Kept for the last texts: each
    rule on what a page is asks for that of its body."""
    return len(text.split()) + wide_count(text) / 2


def plain(text: str) -> str:
    """The text in the form in which the phrases are written: lower case, single blanks, straight apostrophes."""
    return _SPACE.sub(" ", text.replace("’", "'")).lower()


def bare(text: str) -> str:
    """The text as `plain` gives it, without the signs at its ends."""
    return _EDGES.sub("", plain(text))


def has_phrase(text: str, kind: str) -> bool:
    """Whether `text` (as `plain` gives it) holds a phrase of the kind, in any language."""
    return _pattern(kind).search(text) is not None


def phrases_in(text: str, kind: str) -> list[str]:
    """The phrases of the kind, in any language, that `text` (as `plain` gives it) holds, sorted; for lists of a
    thousand."""
    by_opening = _by_opening(kind)
    openings = by_opening.keys() & _openings_in(text)
    return sorted([phrase for opening in openings for phrase in by_opening[opening] if phrase in text])


def is_addressed(url: str, kind: str) -> bool:
    """Whether the URL's path has a word of the kind as a segment, or its last segment begins or ends with one."""
    segments = [unquote(segment).lower() for segment in _SEGMENT.findall(urlsplit(url).path)]
    words = _word_set(kind)
    return any(segment in words for segment in segments) or any(
        segment.startswith(f"{word}-") or segment.endswith(f"-{word}") for segment in segments[-1:] for word in words
    )


def is_word(text: str, kind: str) -> bool:
    """Whether the whole text is a word of the kind, in any language."""
    return text in _word_set(kind)


def words_for(kind: str) -> frozenset[str]:
    """All words and phrases of the kind, in all languages."""
    return _word_set(kind)


@lru_cache(maxsize=1_000)
def words_in(language: str, kind: str) -> frozenset[str]:
    """The words and phrases of the kind in one language."""
    return frozenset(phrase for words in _lists() for phrase in words.get(language, {}).get(kind, ()))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that have words, as two-letter tags."""
    return tuple(dict.fromkeys(name for words in _lists() for name in words if not name.startswith("_")))


@lru_cache(maxsize=1)
def _lists() -> tuple[dict[str, dict[str, list[str]]], ...]:
    texts = (resources.files(__package__).joinpath(name).read_text(encoding="utf-8") for name in _LISTS)
    return tuple(map(json.loads, texts))


@lru_cache(maxsize=32)
def _word_set(kind: str) -> frozenset[str]:
    return frozenset(phrase for language in languages() for phrase in words_in(language, kind))


@lru_cache(maxsize=32)
def _by_opening(kind: str) -> dict[str, list[str]]:
    """The phrases of the kind by their first signs: few of them begin like anything in a text. Shorter ones by ""."""
    by_opening: dict[str, list[str]] = {}
    for phrase in _word_set(kind):
        opening = phrase[:_OPENING_CHARS] if len(phrase) >= _OPENING_CHARS else ""
        by_opening.setdefault(opening, []).append(phrase)
    return by_opening


@lru_cache(maxsize=1)
def _openings_in(text: str) -> frozenset[str]:
    """All runs of so many signs in a text, and ""; kept for the next kind of phrases."""
    return frozenset(["", *[text[start : start + _OPENING_CHARS] for start in range(len(text))]])


@lru_cache(maxsize=32)
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_word_set(kind)))))
