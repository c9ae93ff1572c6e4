"""The name of a site's publisher: the one that most of its pages state.

One page may give a section, a template's flag or its own headline as the publisher. What more than half of a site's
pages state, among those that state a name, is none of these. Where no name has so many, as on a host of many
publications, each page keeps its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from schemas.site import NameCount

_MAJORITY: Final = 0.5
_MOST_NAMES: Final = 16
"""The most names remembered of a site, the most frequent first."""


def counted_names(stated: Iterable[str | None], before: Sequence[NameCount], faded: float) -> tuple[NameCount, ...]:
    """How many pages state each name, the most frequent first; what was counted `before` is worth `faded` of it."""
    counts: defaultdict[str, float] = defaultdict(float)
    for name, pages in before:
        counts[name] = pages * faded
    for one in stated:
        if one:
            counts[one] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NameCount(name, pages) for name, pages in ranked[:_MOST_NAMES])


def name_of_site(counts: Sequence[NameCount]) -> str | None:
    """The name that more than half of the pages with a name state, in its most frequent spelling; else None."""
    spelt: defaultdict[str, list[NameCount]] = defaultdict(list)
    for one in counts:
        spelt[_letters(one.name)].append(one)
    of_all = sum(one.pages for one in counts)
    most = max(spelt.values(), key=lambda same: sum(one.pages for one in same), default=[])
    is_most = sum(one.pages for one in most) > _MAJORITY * of_all
    return most[0].name if is_most else None


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
