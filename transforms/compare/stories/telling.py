"""The telling terms of articles, and the few earlier articles that share one with a new article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
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
    wanted = np.zeros(frequencies.terms.size, dtype=np.bool_)
    in_new = np.zeros(frequencies.terms.size, dtype=np.int64)
    for vector in vectors:
        telling = telling_terms(vector, frequencies.articles)
        wanted[telling] = True
        in_new[telling] += 1
    told = [
        _told(piece, _Terms(wanted[numbers], frequencies.articles[numbers] > 1, frequencies.rarity[numbers]))
        for piece, numbers in zip(earlier.pieces, frequencies.earlier, strict=True)
    ]
    listed = np.zeros(frequencies.terms.size, dtype=np.int64)
    for (_, terms), numbers in zip(told, frequencies.earlier, strict=True):
        listed += np.bincount(numbers[terms], minlength=listed.size)
    weight = in_lists(in_new + listed)
    found: list[Sketch] = []
    for piece, (rows, terms), numbers in zip(earlier.pieces, told, frequencies.earlier, strict=True):
        shared = np.bincount(rows, weights=weight[numbers[terms]], minlength=piece.flags.size)
        found += piece.index.sketches(np.flatnonzero(shared >= SHARED))
    return Near(sorted(found, key=lambda one: one.article_id), listed)


def in_lists(sizes: Terms) -> Terms:
    """What a telling term weighs that two articles share, by the number of articles that have it among theirs: two
    articles are candidates if the terms that they share weigh `SHARED`."""
    return np.where(sizes < RARE, 2, 1) * (sizes <= CROWDED)


class _Terms(NamedTuple):
    """What is known of the distinct terms of an index: wanted or not, in other articles or not, the rarity."""

    wanted: Flags
    met: Flags
    rarity: Weights


def _told(piece: Piece, terms: _Terms) -> tuple[Terms, Terms]:
    """The rows of a piece, and the number of a wanted term that is telling for each: a row may come more than once."""
    wanted = np.flatnonzero(terms.wanted)
    holders = piece.index.with_terms(wanted, piece.flags) if wanted.size else wanted
    found_rows, found_terms = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for rows, numbers, counts, sizes in piece.index.terms_of(holders):
        is_term = np.arange(sizes.max()) < sizes[:, np.newaxis]
        names = np.zeros(is_term.shape, np.int32)
        names[is_term] = numbers
        weights = np.full(is_term.shape, -1.0)
        weights[is_term] = np.where(terms.met[numbers], _OFTEN[counts] * terms.rarity[numbers], -1.0)
        owner, column = np.nonzero(_heaviest(weights, names) & is_term & terms.wanted[names])
        found_rows.append(rows[owner])
        found_terms.append(names[owner, column].astype(np.int64))
    return np.concatenate(found_rows), np.concatenate(found_terms)


def _heaviest(weights: Weights, names: NDArray[np.int32]) -> Flags:
    """The `TELLING_TERMS` heaviest of each row's terms that are not negative; of equal ones those of lower number."""
    width = weights.shape[1]
    if width <= TELLING_TERMS:
        return np.asarray(weights >= 0)
    least = np.partition(weights, width - TELLING_TERMS, axis=1)[:, width - TELLING_TERMS, np.newaxis]
    found: Flags = (weights >= least) & (weights >= 0)
    crowded = np.flatnonzero(found.sum(axis=1) > TELLING_TERMS)
    room = TELLING_TERMS - (weights[crowded] > least[crowded]).sum(axis=1)
    owner, column = np.nonzero((weights[crowded] == least[crowded]) & found[crowded])
    order = np.lexsort((names[crowded][owner, column], owner))
    owner, column = owner[order], column[order]
    place = np.arange(owner.size) - np.searchsorted(owner, owner)
    late = place >= room[owner]
    found[crowded[owner[late]], column[late]] = False
    return found
