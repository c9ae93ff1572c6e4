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

_ROUNDING: Final = 1e-9
"""More than the rounding of two weights that are divided by the length of their article."""

_OFTEN: Final = often(np.arange(256, dtype=np.uint8))


def telling_terms(vector: Vector, articles: NDArray[np.int64]) -> Terms:
    """An article's heaviest terms, of those that more than one of the `articles` hold."""
    met = np.flatnonzero(articles[vector.terms] > 1)
    return vector.terms[met[np.argsort(-vector.weights[met], kind="stable")[:TELLING_TERMS]]]


def perhaps_near(vectors: Sequence[Vector], earlier: Earlier, frequencies: Frequencies) -> list[Sketch]:
    """The earlier articles that share a telling term with one of the new `vectors`, and few others; by article id."""
    wanted = np.zeros(frequencies.terms.size, dtype=np.bool_)
    for vector in vectors:
        wanted[telling_terms(vector, frequencies.articles)] = True
    found: list[Sketch] = []
    for piece, numbers in zip(earlier.pieces, frequencies.earlier, strict=True):
        terms = _Terms(wanted[numbers], frequencies.articles[numbers] > 1, frequencies.rarity[numbers])
        found += piece.index.sketches(_that_share(piece, terms))
    return sorted(found, key=lambda one: one.article_id)


class _Terms(NamedTuple):
    """What is known of the distinct terms of an index: wanted or not, in other articles or not, the rarity."""

    wanted: Flags
    met: Flags
    rarity: Weights


def _that_share(piece: Piece, terms: _Terms) -> NDArray[np.int64]:
    """The rows of a piece of whose telling terms one is wanted, and perhaps a few more.

    A wanted term that `TELLING_TERMS` others outweigh is not telling. So a row stays where fewer outweigh its heaviest
    wanted term.
    """
    found = [np.empty(0, np.int64)]
    holders = piece.index.with_terms(np.flatnonzero(terms.wanted), piece.flags)
    for rows, numbers, counts, sizes in piece.index.terms_of(holders) if holders.size else ():
        weights = _OFTEN[counts] * terms.rarity[numbers]
        starts = np.cumsum(sizes) - sizes
        heaviest = np.maximum.reduceat(np.where(terms.wanted[numbers], weights, 0.0), starts)
        outweighs = terms.met[numbers] & (weights > np.repeat(heaviest, sizes) * (1 + _ROUNDING))
        found.append(rows[np.add.reduceat(outweighs, starts, dtype=np.int64) < TELLING_TERMS])
    return np.concatenate(found)
