"""The people, organisations and places that a page's structured data says its article is about or mentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from schemas.article import Entity
from transforms.extract.json_ld.structured import is_a, text_of

_KINDS = (
    ("person", ("person",)),
    ("organization", ("organization", "corporation", "team", "agency", "university", "school")),
    ("place", ("place", "city", "state", "administrativearea", "landform", "bodyofwater", "landmark")),
)
_MAX_NAMED = 50
_MAX_CHARS = 100


def named_entities(structured: Mapping[str, Any]) -> tuple[Entity, ...]:
    """The typed entities of `about` and `mentions` in the article's JSON-LD object, each once, with a count of 0.

    An entity without a name or of another type (Thing, Country, Event) is left out.
    """
    by_name: dict[str, Entity] = {}
    for one in islice(_each(structured), _MAX_NAMED):
        by_name.setdefault(one.name.casefold(), one)
    return tuple(by_name.values())


def _each(structured: Mapping[str, Any]) -> Iterator[Entity]:
    for field in ("about", "mentions"):
        value = structured.get(field)
        for one in islice(value if isinstance(value, list) else [value], _MAX_NAMED):
            if isinstance(one, Mapping):
                kind = next((kind for kind, endings in _KINDS if is_a(one, endings)), None)
                name = text_of(one.get("name"))
                if kind is not None and name and len(name) <= _MAX_CHARS:
                    yield Entity(name, kind, 0)
