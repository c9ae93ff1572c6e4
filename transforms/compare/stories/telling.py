"""The telling terms of articles, and the few earlier articles that share one with a new article."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.common.arrays import places_in
from transforms.compare.stories.earlier import Earlier, Piece
from transforms.compare.stories.sketch_index import Flags
from transforms.compare.stories.weigh import Frequencies, Terms, Vector, Weights, often

TELLING_TERMS: Final = 24
"""How many of an article's heaviest terms, among those that other articles have too, are used to find candidates."""

CROWDED: Final = 200
"""A telling term of more articles than this is not used to find candidates: articles on one event share other terms."""

RARE: Final = 10
"""A telling term of fewer articles than this makes two of them candidates by itself …"""

SHARED: Final = 2
"""… and otherwise they share two."""

PAIRS_AT_ONCE: Final = 2_000_000
"""Pairs of articles with a telling term in common that are counted together: about 100 MB."""

PIECES_AT_ONCE: Final = 2
"""Pieces that are looked through side by side, while NumPy lets others run. With more of them, more is read of terms
that are found to be crowded."""

_OFTEN: Final = often(np.arange(256, dtype=np.uint8))


def telling_terms(vector: Vector, articles: NDArray[np.int64]) -> Terms:
    """An article's heaviest terms, of those that more than one of the `articles` hold."""
    met = np.flatnonzero(articles[vector.terms] > 1)
    return vector.terms[met[np.argsort(-vector.weights[met], kind="stable")[:TELLING_TERMS]]]


class Near(NamedTuple):
    """The earlier articles that may be near a new one, by article id; and of each term, by its number, of how many
    earlier articles it is a telling term. That is known of the telling terms of new articles; of others it is 0."""

    sketches: list[Sketch]
    listed: Terms


def perhaps_near(vectors: Sequence[Vector], earlier: Earlier, frequencies: Frequencies) -> Near:
    """The earlier articles that share telling terms with the new `vectors` as `in_lists` asks for, and few others."""
    lists = _lists(vectors, frequencies)
    in_new = lists.sizes
    wanted = in_new > 0
    told: list[tuple[Terms, Terms]] = []
    listed = np.zeros(frequencies.terms.size, dtype=np.int64)
    with ThreadPoolExecutor(PIECES_AT_ONCE) as threads:
        for start in range(0, len(earlier.pieces), PIECES_AT_ONCE):
            some = slice(start, start + PIECES_AT_ONCE)
            look = partial(_told, wanted=wanted, frequencies=frequencies)
            told += threads.map(look, earlier.pieces[some], frequencies.earlier[some])
            for numbers, (_, terms) in zip(frequencies.earlier[some], told[some], strict=True):
                listed += np.bincount(numbers[terms], minlength=listed.size)
            wanted &= in_new + listed <= CROWDED  # of the others it is enough to know that they are crowded
    weight = in_lists(in_new + listed)
    found: list[Sketch] = []
    for piece, (rows, terms), numbers in zip(earlier.pieces, told, frequencies.earlier, strict=True):
        found += piece.index.sketches(_sharing(rows, numbers[terms], weight, lists))
    return Near(sorted(found, key=lambda one: one.article_id), listed)


class _Lists(NamedTuple):
    """For each term, by its number, which new articles it is telling for: `owners` between two of the `bounds`."""

    bounds: Terms
    owners: Terms

    @property
    def sizes(self) -> Terms:
        """For how many new articles each term is telling."""
        return np.diff(self.bounds)


def _lists(vectors: Sequence[Vector], frequencies: Frequencies) -> _Lists:
    telling = [telling_terms(vector, frequencies.articles) for vector in vectors]
    owners = np.repeat(np.arange(len(telling)), [terms.size for terms in telling])
    terms = np.concatenate([np.empty(0, np.int64), *telling])
    sizes = np.bincount(terms, minlength=frequencies.terms.size)
    return _Lists(np.cumsum(np.append(0, sizes)), owners[np.argsort(terms, kind="stable")])


def _sharing(rows: Terms, terms: Terms, weight: Terms, lists: _Lists) -> Terms:
    """The rows that share a rare term with a new article, or two others with one. Each of `terms` is telling for its
    row, and for a new article."""
    found = [rows[weight[terms] >= SHARED]]
    order = np.flatnonzero(weight[terms] == 1)
    order = order[np.argsort(rows[order], kind="stable")]
    rows, terms = rows[order], terms[order]
    starts, ends = lists.bounds[terms], lists.bounds[terms + 1]
    is_first = np.append(True, rows[1:] != rows[:-1])[: rows.size]
    piece = np.cumsum(ends - starts) // PAIRS_AT_ONCE
    piece = piece[np.flatnonzero(is_first)][np.cumsum(is_first) - 1]  # that of the row's first term
    owners_count = int(lists.owners.max(initial=0)) + 1
    for some in np.split(np.arange(rows.size), np.flatnonzero(np.diff(piece)) + 1):
        owners = lists.owners[places_in(starts[some], ends[some])]
        pairs = np.sort(np.repeat(rows[some], (ends - starts)[some]) * owners_count + owners)
        found.append(pairs[1:][pairs[1:] == pairs[:-1]] // owners_count)
    return np.unique(np.concatenate(found))


def in_lists(sizes: Terms) -> Terms:
    """What a telling term weighs that two articles share, by the number of articles that have it among theirs: two
    articles are candidates if the terms that they share weigh `SHARED`."""
    return np.where(sizes < RARE, 2, 1) * (sizes <= CROWDED)


def _told(piece: Piece, numbers: Terms, wanted: Flags, frequencies: Frequencies) -> tuple[Terms, Terms]:
    """The rows of a piece, and a wanted term that is telling for each: a row may come more than once.

    A piece counts its own terms from 0, and so do the terms given here; `numbers` has the number of each among all
    terms, by which `wanted` and `frequencies` go.
    """
    is_wanted = wanted[numbers]
    # Terms that no other article holds are negative.
    rarity = np.where(frequencies.articles[numbers] > 1, frequencies.rarity[numbers], -1.0)
    asked = np.flatnonzero(is_wanted)
    holders = piece.index.with_terms(asked, piece.flags) if asked.size else asked
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for rows, terms, counts, sizes in piece.index.terms_of(holders):
        places = np.flatnonzero(is_wanted[terms])
        weights = rarity[terms]
        weights *= _OFTEN[counts]
        places = places[_are_telling(places, weights, terms, sizes)]
        owners = np.searchsorted(np.cumsum(sizes), places, side="right")
        found.append((rows[owners], terms[places].astype(np.int64)))
    return np.concatenate([rows for rows, _ in found]), np.concatenate([terms for _, terms in found])


def _are_telling(places: Terms, weights: Weights, terms: NDArray[np.int32], sizes: Terms) -> Flags:
    """Which of the terms at these places, which ascend, are among the heaviest of their rows (`_are_heaviest`).

    Where few terms are asked for, what outweighs each is counted, which takes a third of the time of sorting out all.
    """
    if places.size > 2 * sizes.size:
        return _are_heaviest(weights, terms, sizes)[places]
    ends = np.cumsum(sizes)
    starts = ends - sizes
    owners = np.searchsorted(ends, places, side="right")
    nth = np.arange(places.size) - np.searchsorted(owners, owners)
    found = np.zeros(places.size, np.bool_)
    for number in range(int(nth.max(initial=-1)) + 1):
        asked = np.flatnonzero(nth == number)
        mine = owners[asked]
        theirs = weights if mine.size == sizes.size else weights[places_in(starts[mine], ends[mine])]
        firsts = np.cumsum(sizes[mine]) - sizes[mine]
        weight = np.repeat(weights[places[asked]], sizes[mine])
        heavier = np.add.reduceat(theirs > weight, firsts, dtype=np.int64)
        not_lighter = np.add.reduceat(theirs >= weight, firsts, dtype=np.int64)
        found[asked] = not_lighter <= TELLING_TERMS
        tied = np.flatnonzero((heavier < TELLING_TERMS) & (not_lighter > TELLING_TERMS))
        if tied.size:
            mine = mine[tied]
            around = places_in(starts[mine], ends[mine])
            heaviest = _are_heaviest(weights[around], terms[around], sizes[mine])
            found[asked[tied]] = heaviest[np.cumsum(sizes[mine]) - ends[mine] + places[asked[tied]]]
    return found


def _are_heaviest(weights: Weights, terms: NDArray[np.int32], sizes: Terms) -> Flags:
    """The `TELLING_TERMS` heaviest terms of each row that are not negative; of equal ones those of lower number.

    The terms of all rows stand one row after another, `sizes` of them in each row.
    """
    ends = np.cumsum(sizes)
    starts, most = ends - sizes, int(sizes.max())
    if most <= TELLING_TERMS:
        return np.asarray(weights >= 0)
    column = np.arange(most)
    table = weights.take(starts[:, np.newaxis] + column, mode="clip")
    table[column >= sizes[:, np.newaxis]] = -1.0
    least = np.maximum(np.partition(table, most - TELLING_TERMS, axis=1)[:, most - TELLING_TERMS], 0.0)
    found = weights >= np.repeat(least, sizes)
    crowded = np.flatnonzero(np.add.reduceat(found, starts, dtype=np.int64) > TELLING_TERMS)
    places = places_in(starts[crowded], ends[crowded])
    owners = np.repeat(np.arange(crowded.size), sizes[crowded])
    above = np.bincount(owners[weights[places] > least[crowded][owners]], minlength=crowded.size)
    is_tied = weights[places] == least[crowded][owners]
    places, owners = places[is_tied], owners[is_tied]
    order = np.lexsort((terms[places], owners))
    nth = np.arange(order.size) - np.searchsorted(owners, owners)
    found[places[order[nth >= (TELLING_TERMS - above)[owners]]]] = False
    return found
