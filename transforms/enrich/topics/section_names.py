"""Topics that names of sections stand for: of a paper's section, a step of an address, a category, a keyword."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from transforms.enrich.data_files import read_json
from transforms.enrich.topics.folding import folded_name
from transforms.enrich.topics.terms import TERMS, shares

_LISTED = re.compile(r"[/|>,;:•·»]|(?<!\s)\s++[-–—&+]\s")
_MAX_CHARS = 80
_MAX_WORDS = 4


class Votes(NamedTuple):
    """How much some names speak for each topic: those that hold nothing else, and those that hold others too."""

    sure: Mapping[int, float]
    wide: Mapping[int, float]


@lru_cache(maxsize=1)
def load_section_names() -> dict[str, Votes]:
    """The topics of each name in ``section_names.json``, by the name's folded form. A name of two topics is half of
    each."""
    sure: dict[str, list[int]] = {}
    wide: dict[str, list[int]] = {}
    for term, names in read_json("topics/section_names.json")["topics"].items():
        for kind, into in (("names", sure), ("wide", wide)):
            for name in names[kind]:
                into.setdefault(name, []).append(TERMS.index(term))
    return {name: Votes(shares(sure.get(name, ())), shares(wide.get(name, ()))) for name in sure.keys() | wide.keys()}


def votes_of(names: Iterable[str], *, in_words: bool = True) -> Votes:
    """What the names say together, each topic at most 1: a name as it stands, else each name of a list in it, else, if
    `in_words`, the words in it, which say it less surely."""
    sure: dict[int, float] = {}
    wide: dict[int, float] = {}
    for name in names:
        for votes in _found(name[:_MAX_CHARS], in_words):
            for into, given in ((sure, votes.sure), (wide, votes.wide)):
                for topic, share in given.items():
                    into[topic] = max(into.get(topic, 0.0), share)
    return Votes(sure, wide)


def _found(name: str, in_words: bool) -> Iterator[Votes]:
    known = load_section_names()
    whole = folded_name(name)
    if whole in known:
        yield known[whole]
        return
    parts = [found for part in _LISTED.split(name) if (found := known.get(folded_name(part))) is not None]
    if parts or not in_words:
        yield from parts
        return
    words = whole.split("-")
    for word in words if 1 < len(words) <= _MAX_WORDS else ():
        if (found := known.get(word)) is not None:
            yield Votes({}, {**found.sure, **found.wide})
