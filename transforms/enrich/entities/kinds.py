"""Kinds that are certain whatever the model says: an agency is an organisation, a part of the world a place."""

from __future__ import annotations

from functools import lru_cache

from transforms.enrich.data_files import read_lines
from transforms.enrich.entities.entity_model import KINDS
from transforms.text.agency_names import load_agencies

_PERSON, _ORGANIZATION, _PLACE = KINDS


def certain_kind(name: str, kind: str, *, is_titled: bool = False) -> str:
    """The kind of a name: `organization` for a news agency, `place` for a former country or a part of the world
    ("Soviet Union", "West"), else the given one. `is_titled`: a title stands before it, as in "Mr West"."""
    if kind != _ORGANIZATION and load_agencies().unmistakable(name):
        return _ORGANIZATION
    is_person = kind == _PERSON and is_titled
    return _PLACE if kind != _PLACE and not is_person and name in _world_parts() else kind


def is_passing(name: str, count: int, headline: str) -> bool:
    """Whether a text names a part of the world in passing: once, and not in its headline."""
    return count == 1 and name not in headline and name in _world_parts()


@lru_cache(maxsize=1)
def _world_parts() -> frozenset[str]:
    return frozenset(read_lines("entities/world_parts.txt"))
