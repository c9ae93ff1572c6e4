"""Joins stories that were told in each language by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from transforms.compare.stories.across.nearness import DAYS_APART_US, Traces, near_pairs

SHARE: Final = 1 / 3
"""The share of the pairs in different languages that must be near, so that a chain of neighbouring events does not
become one story."""

Order = tuple[bool, int, str]


def join_languages(new: Traces, earlier: Traces, order: Mapping[str, Order]) -> dict[str, str]:
    """The story that each joining story of this run becomes part of, by id.

    `new` are the originals of the stories that this run has begun. Of these stories, `order` tells the earliest, which
    names a joined story. They join one another, the nearest pair of articles first, if a third of the pairs between
    them that could be near (in different languages, within days) are near. Then each joined story becomes part of the
    earliest of the earlier stories to which it is near in the same way, if there is one. Earlier stories are never
    joined to one another. The order of articles does not matter.
    """
    groups = _Groups(new, order)
    pairs = []
    for near, one, other in near_pairs(new, new):
        here, there = sorted((new.story_ids[one], new.story_ids[other]))
        if one < other and here != there:
            pairs.append((-near, here, there))
    between = Counter((here, there) for _, here, there in pairs)
    for _, here, there in sorted(pairs):
        groups.join(here, there, between)
    return groups.joined() | _into_earlier(new, earlier, groups)


def _into_earlier(new: Traces, earlier: Traces, groups: _Groups) -> dict[str, str]:
    """The earlier story that each story of a group becomes part of."""
    near: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, one, other in near_pairs(new, earlier):
        near[groups.first(new.story_ids[one])][earlier.story_ids[other]] += 1
    rows, mine = _rows_of(earlier), _rows_of(new)
    found: dict[str, str] = {}
    for first, stories in near.items():
        members = groups.of(first)
        fitting = [
            story
            for story, count in stories.items()
            if count >= SHARE * sum(_comparable(new, mine[one], earlier, rows[story]) for one in members)
        ]
        if fitting:
            found.update(dict.fromkeys(members, min(fitting, key=lambda story: _first(earlier, rows[story], story))))
    return found


class _Groups:
    """Stories that are joined step by step."""

    def __init__(self, traces: Traces, order: Mapping[str, Order]) -> None:
        self._traces = traces
        self._rows = _rows_of(traces)
        self._order = order
        self._members: dict[str, tuple[str, ...]] = {}

    def of(self, story: str) -> tuple[str, ...]:
        """The stories of a group, of which this is one."""
        return self._members.get(story, (story,))

    def first(self, story: str) -> str:
        """The earliest of them."""
        return min(self.of(story), key=self._order.__getitem__)

    def join(self, here: str, there: str, between: Mapping[tuple[str, str], int]) -> None:
        """Join the groups of two stories if enough pairs are near; `between` has their number for two stories."""
        ones, others = self.of(here), self.of(there)
        if here in others:
            return
        both = [(min(one, other), max(one, other)) for one in ones for other in others]
        near = sum(between.get(pair, 0) for pair in both)
        if near >= SHARE * sum(_comparable(self._traces, self._rows[a], self._traces, self._rows[b]) for a, b in both):
            self._members.update(dict.fromkeys((*ones, *others), (*ones, *others)))

    def joined(self) -> dict[str, str]:
        """The earliest story of each group, for each other of its stories."""
        return {story: first for story in self._members if (first := self.first(story)) != story}


def _rows_of(traces: Traces) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, story in enumerate(traces.story_ids):
        found.setdefault(story, []).append(row)
    return found


def _comparable(some: Traces, ones: Sequence[int], more: Traces, others: Sequence[int]) -> int:
    """How many pairs of these articles could be near: in different languages, within days."""
    differ = some.languages[ones, np.newaxis] != more.languages[others]
    within = np.abs(some.published_us[ones, np.newaxis] - more.published_us[others]) <= DAYS_APART_US
    return int((differ & within).sum())


def _first(traces: Traces, rows: Sequence[int], story: str) -> tuple[int, str]:
    return min(int(traces.published_us[row]) for row in rows), story
