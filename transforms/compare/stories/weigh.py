"""Weighs the terms of articles, and measures how alike two articles or groups of articles are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.common.clock import DAY_US
from transforms.compare.stories.earlier import NONE_EARLIER, Earlier
from transforms.compare.stories.sketch_index import distinct

RARITY_POWER: Final = 1.5
"""The exponent of a term's rarity; 1 in the usual TF-IDF. A lead is short, and the names in it are the story."""

FADE_DAYS: Final = 5.0
"""Likeness fades by e in five days: articles on one event are published within days of it."""


Terms = NDArray[np.int64]
Weights = NDArray[np.float64]


class Vector(NamedTuple):
    """The terms of an article or group, in ascending order of their numbers, and their weights.

    An article's vector has length 1; a group's vector is the sum of its members' vectors. `size` is the number of
    articles, `dated` the number with a date, `days` the mean day of publication of these.
    """

    terms: Terms
    weights: Weights
    size: int
    dated: int
    days: float


class Frequencies(NamedTuple):
    """The distinct terms of some articles, in ascending order, which numbers them; and of each term its rarity and how
    many of the articles hold it. `earlier` has the numbers of the distinct terms of each piece of earlier articles."""

    terms: NDArray[np.uint32]
    rarity: Weights
    articles: NDArray[np.int64]
    earlier: tuple[Terms, ...]

    def numbers(self, terms: NDArray[np.uint32]) -> Terms:
        """The numbers of terms that are among these."""
        return np.searchsorted(self.terms, terms)


def frequencies_of(new: Sequence[Sketch], earlier: Earlier = NONE_EARLIER) -> Frequencies:
    """The frequencies of terms in new and earlier articles together. A term is rarer, the fewer passages hold it."""
    hashes = np.concatenate([np.empty(0, np.uint32), *(np.frombuffer(one.terms, dtype="<u4") for one in new)])
    passages = np.frombuffer(b"".join(one.passages for one in new), dtype=np.uint8)
    terms = distinct(np.concatenate([hashes, *(piece.index.distinct for piece in earlier.pieces)]))
    numbers = np.searchsorted(terms, hashes)
    held = np.bincount(numbers, weights=passages, minlength=terms.size)
    articles = np.bincount(numbers, minlength=terms.size)
    places = tuple(np.searchsorted(terms, piece.index.distinct) for piece in earlier.pieces)
    for piece, at in zip(earlier.pieces, places, strict=True):
        in_passages, in_articles = piece.frequencies()
        held[at] += in_passages
        articles[at] += in_articles
    passage_count = sum(one.passage_count for one in new) + earlier.passage_count
    return Frequencies(terms, rarity_of(held, passage_count), articles, places)


def rarity_of(held: NDArray[Any], passage_count: int) -> Weights:
    """The rarity of terms that so many of so many passages hold."""
    return np.asarray(np.log((1 + passage_count) / (1 + held)).clip(0) ** RARITY_POWER)


def often(counts: NDArray[np.uint8]) -> NDArray[np.floating]:
    """The factor by which terms that occur so often in an article weigh more."""
    return 1 + np.log(np.maximum(counts, 1))


def vectors_of(sketches: Sequence[Sketch], frequencies: Frequencies) -> list[Vector]:
    """A vector for each sketch, whose terms are among those of `frequencies`. A rarer term weighs more."""
    hashes = [np.frombuffer(one.terms, dtype="<u4") for one in sketches]
    numbers = frequencies.numbers(np.concatenate([np.empty(0, np.uint32), *hashes]))
    counts = np.frombuffer(b"".join(one.counts for one in sketches), dtype=np.uint8)
    weights = often(counts) * frequencies.rarity[numbers]
    bounds = np.cumsum([0, *(one.size for one in hashes)])
    return [
        _vector(numbers[start:end], weights[start:end], sketch.published_us)
        for sketch, start, end in zip(sketches, bounds[:-1], bounds[1:], strict=True)
    ]


def _vector(terms: Terms, weights: Weights, published_us: int | None) -> Vector:
    order = np.argsort(terms)
    length = math.sqrt(float(weights @ weights)) or 1.0
    days = 0.0 if published_us is None else published_us / DAY_US
    return Vector(terms[order], np.asarray(weights[order] / length), 1, int(published_us is not None), days)


def joined(one: Vector, other: Vector) -> Vector:
    """The vector of two groups joined into one."""
    terms, place = np.unique(np.concatenate((one.terms, other.terms)), return_inverse=True)
    weights = np.bincount(place, weights=np.concatenate((one.weights, other.weights))).astype(np.float64)
    dated = one.dated + other.dated
    days = (one.days * one.dated + other.days * other.dated) / max(dated, 1)
    return Vector(terms, weights, one.size + other.size, dated, days)


def likeness(one: Vector, other: Vector) -> float:
    """The mean cosine (0..1) over all pairs of an article of each group, faded by the days between the groups."""
    if one.terms.size > other.terms.size:
        one, other = other, one
    if not one.terms.size:
        return 0.0
    place = np.searchsorted(other.terms, one.terms)
    place[place == other.terms.size] = 0
    is_shared = other.terms[place] == one.terms
    cosines = float(one.weights[is_shared] @ other.weights[place[is_shared]])
    return cosines / (one.size * other.size) * fading(one, other)


def cosines(one: Vector, others: Sequence[Vector], room: Weights) -> Weights:
    """The cosine (0..1) of an article and each of some others, but for rounding: an estimate of many at a time.

    There is at least one other, and each has terms. `room` has a zero for each term number, also afterwards.
    """
    starts = np.cumsum([0, *(other.terms.size for other in others)])[:-1]
    room[one.terms] = one.weights
    products = room[np.concatenate([other.terms for other in others])]
    room[one.terms] = 0
    return np.add.reduceat(products * np.concatenate([other.weights for other in others]), starts)


def fading(one: Vector, other: Vector) -> float:
    """The factor (0..1) by which likeness fades over the days between two groups; 1 if a date is unknown."""
    if not one.dated or not other.dated:
        return 1.0
    return math.exp(-abs(one.days - other.days) / FADE_DAYS)
