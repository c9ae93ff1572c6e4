"""Clues: names that something in the text gives away, added up, and the places that a gazetteer knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.enrich.entities.entity_words import load_entity_words
from transforms.enrich.places.gazetteer import CAPITAL, CITY, REGION, Gazetteer

_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9&]*+(?:[ .'-][A-Z][A-Za-z0-9&]*+)*+")
_MAX_LATIN = 40
_MIN_LATIN = 3


class Clue(NamedTuple):
    """A name that something beside it or in it gave away, its kind by that, and how sure that is, 0 to 1."""

    name: str
    kind: str
    weight: float


def latin_names(text: str) -> Iterator[Clue]:
    """Names in Latin letters between other letters: "BTS", "Apple Inc."."""
    lists = load_entity_words()
    for found in _LATIN.finditer(text):
        name = found[0]
        first, _, rest = name.partition(" ")
        if len(name) > _MAX_LATIN:
            continue
        if name in lists.organizations or first in lists.organizations:
            yield Clue(name, "organization", 1.0)
        elif rest and first in lists.given:
            yield Clue(name, "person", 1.0)
        elif rest and name.rpartition(" ")[2].lower() in lists.heads | lists.company:
            yield Clue(name, "organization", 0.8)
        elif name in lists.towns:
            yield Clue(name, "place", 0.8)
        elif name.isupper() and len(name) >= _MIN_LATIN:
            yield Clue(name, "organization", 0.3)


def known_places(text: str, places: Gazetteer) -> Iterator[Clue]:
    """Cities and regions of the gazetteer that stand in the text."""
    found = {text[one.at : one.at + one.length]: one.claim.weight for one in places.caseless_in(text)}
    for name, weight in found.items():
        if weight in (CAPITAL, CITY, REGION):
            yield Clue(name, "place", 0.9 if weight == CAPITAL else 0.8)


def strongest(clues: Iterable[Clue]) -> dict[str, tuple[str, float]]:
    """Of each name the kind with most weight, and that weight, added up over all clues."""
    totals: dict[str, dict[str, float]] = {}
    for clue in clues:
        kinds = totals.setdefault(clue.name, {})
        kinds[clue.kind] = kinds.get(clue.kind, 0.0) + clue.weight
    return {name: max(kinds.items(), key=lambda item: (item[1], item[0])) for name, kinds in totals.items()}
