"""Names in Chinese and Japanese, which leave no spaces between words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from transforms.enrich.entities.caseless.clues import Clue
from transforms.enrich.entities.entity_words import load_entity_words, word_lists
from transforms.text.scripts import HAN, letters

_HAN: Final = letters(HAN)
_KATAKANA: Final = "ァ-ヺー"
_RUN = re.compile(f"[{_HAN}ヶ{_KATAKANA}A-Za-z0-9]+")
_DOTTED = re.compile(
    f"[{_KATAKANA}]{{2,12}}(?:[・＝=][{_KATAKANA}]{{1,12}}){{1,3}}|[{_HAN}]{{1,6}}(?:[·•‧][{_HAN}]{{1,8}}){{1,3}}"
)
_AGED = re.compile(f"(?<![{_HAN}])([{_HAN}]{{3,9}})[（(]\\d{{2}}[)）]")
_MAX_PERSON, _MAX_ORGANIZATION, _MAX_PLACE = 4, 14, 6


class _HanWords(NamedTuple):
    titles: tuple[str, ...]
    organization_ends: tuple[str, ...]
    opening: re.Pattern[str]
    place_ends: tuple[str, ...]
    no_names: frozenset[str]
    small: re.Pattern[str]
    titled: re.Pattern[str]
    speaking: re.Pattern[str]
    families: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _HanWords:
    lists = word_lists()
    titles = sorted(lists["han_titles"], key=lambda word: (-len(word), word))
    families = frozenset(
        name for name in load_entity_words().family if len(name) <= 3 and re.fullmatch(f"[{_HAN}]+", name)
    )
    return _HanWords(
        titles=tuple(titles),
        organization_ends=tuple(lists["han_organization_ends"]),
        opening=re.compile(f".{{2,10}}?(?:{'|'.join(end for end in lists['han_organization_ends'] if len(end) > 1)})+"),
        place_ends=tuple(lists["han_place_ends"]),
        no_names=frozenset(lists["han_no_names"]),
        small=re.compile(f"[{''.join(lists['han_small'])}]"),
        titled=re.compile(f"([{_HAN}{_KATAKANA}・]{{2,16}}?)({'|'.join(titles)})(?![{_HAN}])"),
        speaking=re.compile(f"([{_HAN}]{{2,3}})(?:{'|'.join(lists['han_speech'])})"),
        families=families,
    )


def han_names(text: str, language: str) -> Iterator[Clue]:
    """Names given away by a title, an age in brackets, a verb of speech, a dot inside or how a word ends."""
    words = _words()
    for found in _DOTTED.finditer(text):
        yield Clue(found[0], "person", 1.0)
    for found in _AGED.finditer(text):
        name = _without_title(found[1], words)
        if 2 <= len(name) <= 5:
            yield Clue(name, "person", 1.5)
    for found in words.titled.finditer(text):
        name = found[1]
        if len(name) <= _MAX_PERSON and _has_family(name, words):
            yield Clue(name, "person", 1.0)
    if language == "zh":
        for found in words.speaking.finditer(text):
            if _has_family(found[1], words):
                yield Clue(found[1], "person", 0.7)
        for title in words.titles:
            if len(title) > 1 and title in text:
                yield from _behind(text, title, words)
    yield from _by_ends(text, words, language)


def _behind(text: str, title: str, words: _HanWords) -> Iterator[Clue]:
    """Chinese prints the office before the name: "总统张三表示"."""
    for part in text.split(title)[1:]:
        name = part[:3]
        found = re.match(f"[{_HAN}]{{2,3}}", name)
        if found is None or not _has_family(found[0], words):
            continue
        if len(found[0]) == 3 and words.small.search(found[0][2]):
            yield Clue(found[0][:2], "person", 0.7)
        elif not words.small.search(found[0]):
            yield Clue(found[0], "person", 0.7)


def _has_family(name: str, words: _HanWords) -> bool:
    return any(name[:size] in words.families for size in (2, 1, 3)) and len(name) > 1


def _without_title(name: str, words: _HanWords) -> str:
    for title in words.titles:
        if name.endswith(title) and len(name) > len(title) + 1:
            return name[: -len(title)]
    return name


def _by_ends(text: str, words: _HanWords, language: str) -> Iterator[Clue]:
    """Organisations and places by how they end; characters that stand in no name part a run."""
    for run in _RUN.finditer(text):
        parts = words.small.split(run[0]) if language == "zh" else (run[0],)
        for part in parts:
            if len(part) < 2 or part in words.no_names or part.isascii():
                continue
            if language == "zh" and (opening := words.opening.match(part)) is not None:
                yield Clue(opening[0], "organization", 0.6)
            elif len(part) <= _MAX_ORGANIZATION and part.endswith(words.organization_ends) and len(part) > 2:
                yield Clue(part, "organization", 0.6)
            elif len(part) <= _MAX_PLACE and part.endswith(words.place_ends) and not part[0].isdigit():
                yield Clue(part, "place", 0.5)
