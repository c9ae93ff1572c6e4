"""Names that signs in the text gave away, counted, and the places that a gazetteer knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.enrich.entities.entity_words import load_entity_words
from transforms.enrich.places.gazetteer import CAPITAL, CITY, REGION, Gazetteer

_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9&]*+(?:[ .'-][A-Z][A-Za-z0-9&]*+)*+")
_MAX_LATIN = 40
_MIN_LATIN = 3


class Sign(NamedTuple):
    """A name that a sign gave away, the kind that it tells, and how sure it is, 0 to 1."""

    name: str
    kind: str
    weight: float


def latin_names(text: str) -> Iterator[Sign]:
    """Names in Latin letters between other letters: "BTS", "Apple Inc."."""
    lists = load_entity_words()
    for found in _LATIN.finditer(text):
        name = found[0]
        first, _, rest = name.partition(" ")
        if len(name) > _MAX_LATIN:
            continue
        if name in lists.organizations or first in lists.organizations:
            yield Sign(name, "organization", 1.0)
        elif rest and first in lists.given:
            yield Sign(name, "person", 1.0)
        elif rest and name.rpartition(" ")[2].lower() in lists.heads | lists.company:
            yield Sign(name, "organization", 0.8)
        elif name in lists.towns:
            yield Sign(name, "place", 0.8)
        elif name.isupper() and len(name) >= _MIN_LATIN:
            yield Sign(name, "organization", 0.3)


def known_places(text: str, places: Gazetteer) -> Iterator[Sign]:
    """Cities and regions of the gazetteer that stand in the text."""
    found = {text[one.at : one.at + one.length]: one.claim.weight for one in places.caseless_in(text)}
    for name, weight in found.items():
        if weight in (CAPITAL, CITY, REGION):
            yield Sign(name, "place", 0.9 if weight == CAPITAL else 0.8)


def strongest(signs: Iterable[Sign]) -> dict[str, tuple[str, float]]:
    """Of each name the kind with most weight, and that weight, added up over all signs."""
    totals: dict[str, dict[str, float]] = {}
    for sign in signs:
        kinds = totals.setdefault(sign.name, {})
        kinds[sign.kind] = kinds.get(sign.kind, 0.0) + sign.weight
    return {name: max(kinds.items(), key=lambda item: (item[1], item[0])) for name, kinds in totals.items()}
