"""What the lists say of one word of a name."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.entities.entity_words import load_entity_words

_KEPT = 1 << 14
_LONG_END = 6


class Traits(NamedTuple):
    """What the lists and the shape of a word say of it. `small` is the word in lower case."""

    small: str
    is_title: bool
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
    small = word.lower()
    return Traits(
        small=small,
        is_title=_is_title(small),
        is_head=small in lists.heads,
        ends_head=len(small) >= _LONG_END and small.endswith(lists.head_ends),
        is_company=small.rstrip(".") in lists.company,
        is_place_word=small in lists.place_words,
        is_place_title=small in lists.place_titles,
        ends_place=len(small) >= _LONG_END - 1 and small.endswith(lists.place_ends),
        is_given=word in lists.given or (word.isupper() and word.title() in lists.given),
        is_family=word in lists.family,
        is_particle=small in lists.particles,
        is_join=small in lists.joins,
        is_known=word in lists.organizations,
        is_no_name=small in lists.no_names,
        is_upper=word.isupper() and len(word) > 1,
        is_camel=len(word) > 2 and word.isalpha() and not word.isupper() and not word[1:].islower(),
        has_digit=any(map(str.isdigit, word)),
        is_initial=len(word) == 1,
        is_suffix=small in lists.suffixes,
    )


def _is_title(small: str) -> bool:
    """Whether a word is an office or a form of address, also as the end of a compound: "Außenministerin"."""
    lists = load_entity_words()
    if small in lists.titles or ("-" in small and small.rpartition("-")[2] in lists.titles):
        return True
    return len(small) > _LONG_END and small.endswith(lists.title_ends)
