"""Names in Korean, which writes particles right behind a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from transforms.enrich.entities.caseless.clues import Clue
from transforms.enrich.entities.entity_words import load_entity_words, word_lists
from transforms.text.scripts import HANGUL, letters

_HANGUL: Final = letters(HANGUL)
_WORD = re.compile(f"[{_HANGUL}]+")
_PERSON = 3
_OFTEN = 3
_SHORTEST_PLACE, _LONGEST_PLACE = 3, 4


class _KoreanWords(NamedTuple):
    titles: frozenset[str]
    organization_ends: tuple[str, ...]
    place_ends: tuple[str, ...]
    no_names: frozenset[str]
    stems: re.Pattern[str]
    families: frozenset[str]
    given: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _KoreanWords:
    lists = word_lists()
    names = load_entity_words()
    titles = frozenset(lists["korean_titles"])
    return _KoreanWords(
        titles=titles,
        organization_ends=tuple(lists["korean_organization_ends"]),
        place_ends=tuple(lists["korean_place_ends"]),
        no_names=frozenset(lists["korean_no_names"]),
        stems=re.compile(f"([{_HANGUL}]{{2,12}}?)({'|'.join(lists['korean_particles'])}|)(?![{_HANGUL}])"),
        families=frozenset(name for name in names.family if len(name) <= 2 and _WORD.fullmatch(name)),
        given=frozenset(name for name in names.given if _WORD.fullmatch(name)),
    )


def korean_names(text: str) -> Iterator[Clue]:
    """Names given away by a title behind them, a given name in them, how often they stand with particles, or how they
    end."""
    words = _words()
    tokens = words.stems.findall(text)
    stems = [stem for stem, _ in tokens]
    for at, stem in enumerate(stems):
        if stem[0] in words.families and stem not in words.no_names:
            if _is_person_shaped(stem, words):
                if stem[1:] in words.given:
                    yield Clue(stem, "person", 0.8)
                if at + 1 < len(stems) and stems[at + 1] in words.titles:
                    yield Clue(stem, "person", 1.0)
            elif len(stem) > _PERSON and stem[_PERSON:] in words.titles and _is_person_shaped(stem[:_PERSON], words):
                yield Clue(stem[:_PERSON], "person", 0.8)
    spread: dict[str, set[str]] = {}
    for stem, particle in tokens:
        spread.setdefault(stem, set()).add(particle)
    for stem, particles in spread.items():
        if stem in words.no_names or stem in words.titles:
            continue
        if stem.endswith(words.organization_ends):
            yield Clue(stem, "organization", 0.5 if len(stem) > 2 else 0.3)
        elif _SHORTEST_PLACE <= len(stem) <= _LONGEST_PLACE and stem.endswith(words.place_ends):
            yield Clue(stem, "place", 0.4)
        elif len(particles) >= _OFTEN and _is_person_shaped(stem, words):
            yield Clue(stem, "person", 0.5)


def _is_person_shaped(stem: str, words: _KoreanWords) -> bool:
    return len(stem) == _PERSON and stem[0] in words.families and stem not in words.titles
