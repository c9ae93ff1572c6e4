"""What the lists say of one word of a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.entities.entity_words import load_entity_words

_KEPT = 1 << 14
_LONG_END = 6


class Traits(NamedTuple):
    """What the lists and the shape of a word say of it. `small` is the word in lower case."""

    small: str
    is_head: bool
    ends_head: bool
    is_company: bool
    is_place_word: bool
    is_place_title: bool
    ends_place: bool
    is_given: bool
    is_family: bool
    is_particle: bool
    is_join: bool
    is_known: bool
    is_no_name: bool
    is_upper: bool
    is_camel: bool
    has_digit: bool
    is_initial: bool
    is_suffix: bool


@lru_cache(maxsize=_KEPT)
def traits_of(word: str) -> Traits:
    """The traits of a word as printed. Kept for the words met last."""
    lists = load_entity_words()
    small, upper = word.lower(), word.isupper()
    return Traits(
        small,
        small in lists.heads,
        len(small) >= _LONG_END and small.endswith(lists.head_ends),
        small in lists.company,
        small in lists.place_words,
        small in lists.place_titles,
        len(small) >= _LONG_END - 1 and small.endswith(lists.place_ends),
        word in lists.given or (upper and word.title() in lists.given),
        word in lists.family,
        small in lists.particles,
        small in lists.joins,
        word in lists.organizations,
        small in lists.no_names,
        upper and len(word) > 1,
        len(word) > 2 and not upper and not word[1:].islower() and word.isalpha(),
        not word.isalpha() and any(map(str.isdigit, word)),
        len(word) == 1,
        small in lists.suffixes,
    )


def traits_of_any(traits: Sequence[Traits]) -> Traits:
    """The traits that one of the words has."""
    return traits[0] if len(traits) == 1 else Traits._make(map(max, zip(*traits, strict=True)))


@lru_cache(maxsize=_KEPT)
def is_title(small: str) -> bool:
    """Whether a word in lower case is an office or a form of address, also at a compound's end: "außenminister"."""
    lists = load_entity_words()
    if small in lists.titles or ("-" in small and small.rpartition("-")[2] in lists.titles):
        return True
    return len(small) > _LONG_END and small.endswith(lists.title_ends)
