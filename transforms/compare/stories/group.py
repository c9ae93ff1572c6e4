"""Groups articles into stories: reports of the same event in different words.

Observation. Articles on one event share its names and the few words that the event brought with it, mostly in
headline and lead, and are published within days of one another. Their sentences differ.

Method. A term of headline or lead weighs more, the fewer passages of all texts hold it. The likeness of two articles is
the cosine of their terms, and fades by e in five days. Groups are joined by the closest pair first, if the mean
likeness of all pairs between the two groups is at least `ALIKE`. That keeps a chain of neighbouring events from
becoming one story. An embedding model gained nothing in B³ on the two sets here, at 60 to 140 times the cost.

Known weak cases: two events of one kind on one day with the same names (a court that gives two judgments) become one
story; an event that goes on for weeks is cut into stories of some days; without dates, another year's event of the same
kind joins. Reports made of figures are told apart by their figures (`reports`). `benchmarks/stories.py` prints results.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories.earlier import NONE_EARLIER, Earlier, with_stories
from transforms.compare.stories.reports import is_report, may_belong
from transforms.compare.stories.telling import PAIRS_AT_ONCE, SHARED, in_lists, perhaps_near, telling_terms
from transforms.compare.stories.weigh import FADE_DAYS, Vector, cosines, frequencies_of, joined, likeness, vectors_of

ALIKE: Final = 0.14
"""The least mean likeness at which two groups become one story."""

REACH_US: Final = 15 * DAY_US
"""An earlier article further away than 15 days is not asked for: faded to a twentieth, it can join nothing."""


ESTIMATED_AT_ONCE: Final = 1_000
"""Pairs whose likeness is estimated together: about 4 MB."""

ROUNDING: Final = 1e-9
"""More than the rounding of a sum of some hundred products that add up to 1 at most."""

Numbers = NDArray[np.int64]


class _Group(NamedTuple):
    vector: Vector
    members: tuple[int, ...]
    reports: tuple[int, ...]
    story_id: str | None


def group_stories(new: Sequence[Sketch], earlier: Earlier = NONE_EARLIER) -> dict[str, str]:
    """The story of each new article, by article id. A story's id is the id of its first article.

    Stories of earlier articles are kept: a new article may join one, but two are never merged. A new story is named
    after its earliest article, ties broken by id. The order of both arguments does not matter.

    All earlier articles say how rare a term is. Only those that may be near a new one are compared with it, and only
    their stories are looked at, so the cost grows with the new articles.
    """
    given = sorted(new, key=lambda one: one.article_id)
    frequencies = frequencies_of(given, earlier)
    vectors = vectors_of(given, frequencies)
    near, listed = perhaps_near(vectors, earlier, frequencies)
    pairs = _closest_first(vectors + vectors_of(near, frequencies), len(new), frequencies.articles, listed)
    alike = [near[other] for other in sorted({other - len(new) for _, other in pairs if other >= len(new)})]
    others = with_stories(alike, earlier)
    sketches, vectors = given + others, vectors + vectors_of(others, frequencies)
    place_of = {one.article_id: number for number, one in enumerate(others, len(new))}
    groups = _starting_groups(sketches, len(new), vectors)
    group_of = {member: key for key, group in groups.items() for member in group.members}
    for one, met in pairs:
        other = met if met < len(new) else place_of[near[met - len(new)].article_id]
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
    """A group for each new article, and one for each earlier story, by the number of its first member."""
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


def _closest_first(vectors: Sequence[Vector], new: int, in_articles: Numbers, listed: Numbers) -> list[tuple[int, int]]:
    """Pairs of alike articles, at least one of them new, the most alike first."""
    scored = (
        (-likeness(vectors[one], vectors[other]), one, other)
        for one, other in _perhaps_alike(vectors, new, in_articles, listed)
    )
    return [(one, other) for _, one, other in sorted(pair for pair in scored if -pair[0] >= ALIKE)]


def _perhaps_alike(
    vectors: Sequence[Vector], new: int, in_articles: Numbers, listed: Numbers
) -> Iterator[tuple[int, int]]:
    """The candidates without those that an estimate shows to be unlike, which are nearly all."""
    room = np.zeros(1 + max((int(vector.terms[-1]) for vector in vectors if vector.terms.size), default=0))
    days = np.array([vector.days if vector.dated else np.nan for vector in vectors])
    least = ALIKE - ROUNDING
    for one, others in _candidates(vectors, new, in_articles, listed):
        faded = np.exp(-np.abs(days[others] - days[one]) / FADE_DAYS)
        faded[np.isnan(faded)] = 1.0
        near, faded = others[faded >= least], faded[faded >= least]
        for start in range(0, near.size, ESTIMATED_AT_ONCE):
            some = slice(start, start + ESTIMATED_AT_ONCE)
            estimates = cosines(vectors[one], [vectors[other] for other in near[some]], room) * faded[some]
            yield from ((one, other) for other in near[some][estimates >= least].tolist())


def _candidates(
    vectors: Sequence[Vector], new: int, in_articles: Numbers, listed: Numbers
) -> Iterator[tuple[int, Numbers]]:
    """For each article, the later ones that share telling terms with it as `in_lists` asks for; in ascending order.

    The pairs of some articles are counted at a time, `PAIRS_AT_ONCE` or those of one article.
    """
    owner, ends, weight = _telling(vectors, new, in_articles, listed)
    after = np.where(owner < new, ends - np.arange(owner.size) - 1, 0)  # entries behind each in the list of its term
    by_owner = np.lexsort((np.arange(owner.size), owner))
    by_owner = by_owner[after[by_owner] > 0]
    for entries in _some_owners(by_owner, owner, after):
        counts = after[entries]
        firsts = np.repeat(np.cumsum(counts) - counts, counts)
        others = owner[np.repeat(entries + 1, counts) + np.arange(counts.sum()) - firsts]
        codes, number = np.unique(np.repeat(owner[entries], counts) * len(vectors) + others, return_inverse=True)
        shared = np.bincount(number, weights=np.repeat(weight[entries], counts))
        ones, others = np.divmod(codes[shared >= SHARED], len(vectors))
        starts = np.flatnonzero(np.diff(ones, prepend=-1))
        yield from zip(ones[starts].tolist(), np.split(others, starts[1:]), strict=True) if starts.size else ()


def _telling(
    vectors: Sequence[Vector], new: int, in_articles: Numbers, listed: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Which articles have which telling term, term by term and in ascending order.

    For each entry: the article, where the list of its term ends, and what a pair of this list weighs (`in_lists`).
    Lists of a crowd are left out. Of earlier articles, `listed` tells how many are in a list, whether here or not.
    """
    terms, owners = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number, vector in enumerate(vectors):
        telling = telling_terms(vector, in_articles)
        terms.append(telling)
        owners.append(np.full(telling.size, number))
    term, owner = np.concatenate(terms), np.concatenate(owners)
    order = np.lexsort((owner, term))
    term, owner = term[order], owner[order]
    weight = in_lists(np.bincount(term[owner < new], minlength=listed.size) + listed)[term]
    term, owner, weight = term[weight > 0], owner[weight > 0], weight[weight > 0]
    return owner, np.searchsorted(term, term, side="right"), weight


def _some_owners(entries: Numbers, owner: Numbers, pairs: Numbers) -> Iterator[Numbers]:
    """The entries, sorted by owner, in pieces of whole owners with about `PAIRS_AT_ONCE` pairs."""
    if not entries.size:
        return
    piece = np.cumsum(pairs[entries]) // PAIRS_AT_ONCE
    is_first = np.append(True, owner[entries][1:] != owner[entries][:-1])
    piece = piece[np.flatnonzero(is_first)][np.cumsum(is_first) - 1]  # that of the owner's first entry
    yield from np.split(entries, np.flatnonzero(np.diff(piece)) + 1)
