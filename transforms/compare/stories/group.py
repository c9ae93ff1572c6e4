"""Which articles tell one story: the same event in other words.

Observation. Articles on one event share its names and the few words that the event brought with it, mostly in
headline and lead, and are published within days of one another. Their sentences differ.

Theory. Terms of headline and lead weigh by how few passages of all texts hold them; two articles are as alike as the
cosine of their terms, which fades by e in five days. Groups grow by the closest pair first and join if the mean
likeness of all pairs between them is `ALIKE`: that keeps a chain of neighbouring events from becoming one story, and
does without an embedding model (no gain in B³ on the two sets here, at 60 to 140 times the cost).

Known to be weak: two events of one kind on one day with the same names (a court that gives two judgments); an event
that goes on for weeks is cut into stories of some days; where dates are missing, another year's event of the same kind
joins. Reports made of figures are told apart by these (`reports`). `benchmarks/stories.py` prints the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from schemas.story import Sketch
from transforms.compare.stories.reports import is_report, may_belong
from transforms.compare.stories.weigh import Vector, joined, likeness, vectors_of
from transforms.text.clock import DAY_US

ALIKE: Final = 0.14
"""Mean likeness that makes one story."""

TELLING_TERMS: Final = 24
"""Of each article the heaviest terms that another has, too: by these others are found."""

CROWDED: Final = 200
"""A term that tells of more articles than this finds none: of one event there are others."""

REACH_US: Final = 15 * DAY_US
"""An earlier article further away than 15 days is not asked for: faded to a twentieth, it can join nothing."""


class _Group(NamedTuple):
    vector: Vector
    members: tuple[int, ...]
    reports: tuple[int, ...]
    story_id: str | None


def group_stories(new: Sequence[Sketch], earlier: Sequence[Sketch] = ()) -> dict[str, str]:
    """The story of each new article, by article id: the id of the story's first article.

    An earlier article's story stands: a new article may join it, two earlier stories are never merged. Of a story that
    begins here the id is that of its earliest article, ties by id. The order of both arguments does not matter.
    """
    sketches = [
        *sorted(new, key=lambda one: one.article_id),
        *sorted((one for one in earlier if one.terms), key=lambda one: one.article_id),
    ]
    vectors = vectors_of(sketches)
    groups = _starting_groups(sketches, len(new), vectors)
    group_of = {member: key for key, group in groups.items() for member in group.members}
    for one, other in _closest_first(vectors, len(new)):
        here, there = sorted((group_of[one], group_of[other]))
        if here == there or not _may_join(groups[here], groups[there], sketches):
            continue
        groups[here] = _join(groups[here], groups.pop(there))
        group_of.update((member, here) for member in groups[here].members)
    return {
        sketches[member].article_id: group.story_id or _first(group, sketches)
        for group in groups.values()
        for member in group.members
        if member < len(new)
    }


def _starting_groups(sketches: Sequence[Sketch], new: int, vectors: Sequence[Vector]) -> dict[int, _Group]:
    """Each new article alone, those of an earlier story together; by the number of the first member."""
    stories: dict[str, int] = {}
    groups: dict[int, _Group] = {}
    for number, (sketch, vector) in enumerate(zip(sketches, vectors, strict=True)):
        alone = _Group(
            vector, (number,), (number,) if is_report(sketch) else (), sketch.story_id if number >= new else None
        )
        key = number if alone.story_id is None else stories.setdefault(alone.story_id, number)
        groups[key] = alone if key == number else _join(groups[key], alone)
    return groups


def _join(one: _Group, other: _Group) -> _Group:
    return _Group(
        joined(one.vector, other.vector),
        one.members + other.members,
        one.reports + other.reports,
        one.story_id or other.story_id,
    )


def _may_join(one: _Group, other: _Group, sketches: Sequence[Sketch]) -> bool:
    if one.story_id is not None and other.story_id is not None:
        return False
    if likeness(one.vector, other.vector) < ALIKE:
        return False
    return all(may_belong(sketches[here], sketches[there]) for here in one.reports for there in other.reports)


def _first(group: _Group, sketches: Sequence[Sketch]) -> str:
    members = [sketches[member] for member in group.members]
    return min(members, key=lambda one: (one.published_us is None, one.published_us or 0, one.article_id)).article_id


def _closest_first(vectors: Sequence[Vector], new: int) -> list[tuple[int, int]]:
    """Pairs with a new article that are alike, the most alike first."""
    pairs = _candidates(vectors, new)
    scored = sorted((-likeness(vectors[one], vectors[other]), one, other) for one, other in pairs)
    return [(one, other) for score, one, other in scored if -score >= ALIKE]


def _candidates(vectors: Sequence[Vector], new: int) -> list[tuple[int, int]]:
    """Pairs that share two telling terms, or one that fewer than ten articles have."""
    in_articles = np.bincount(np.concatenate([np.empty(0, np.int64), *(vector.terms for vector in vectors)]))
    terms, owners = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number, vector in enumerate(vectors):
        met = np.flatnonzero(in_articles[vector.terms] > 1)
        telling = vector.terms[met[np.argsort(-vector.weights[met], kind="stable")[:TELLING_TERMS]]]
        terms.append(telling)
        owners.append(np.full(telling.size, number))
    term, owner = np.concatenate(terms), np.concatenate(owners)
    order = np.lexsort((owner, term))
    term, owner = term[order], owner[order]
    starts = np.flatnonzero(np.append(True, term[1:] != term[:-1])[: term.size])
    shared: dict[tuple[int, int], int] = {}
    for posting in np.split(owner, starts[1:]):
        if 1 < posting.size <= CROWDED:
            found = posting.tolist()
            weight = 2 if posting.size < 10 else 1
            for place, one in enumerate(found):
                if one >= new:
                    break
                for other in found[place + 1 :]:
                    shared[one, other] = shared.get((one, other), 0) + weight
    return sorted(pair for pair, weight in shared.items() if weight >= 2)
