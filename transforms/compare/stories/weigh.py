"""How much each term tells of an article's story, and how alike two articles, or two groups of them, are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.text.clock import DAY_US

RARITY_POWER: Final = 1.5
"""Rarity counts for more than in TF-IDF's usual form: a lead is short, and the names in it are the story."""

FADE_DAYS: Final = 5.0
"""Likeness fades by e in five days: what is written on one event is written within days of it."""


Terms = NDArray[np.int64]
Weights = NDArray[np.float64]


class Vector(NamedTuple):
    """Terms, by ascending number, and their weights; of one article, of length 1; of a group, the sum of its members'.

    `days` is the mean day of publication of those `dated`, `size` the number of articles.
    """

    terms: Terms
    weights: Weights
    size: int
    dated: int
    days: float


def vectors_of(sketches: Sequence[Sketch]) -> list[Vector]:
    """A vector for each sketch; a term weighs the more, the fewer passages of all these sketches hold it."""
    hashes = [np.frombuffer(one.terms, dtype="<u4") for one in sketches]
    sizes = np.array([one.size for one in hashes], dtype=np.int64)
    everything = np.concatenate(hashes) if hashes else np.empty(0, np.uint32)
    distinct, numbers = np.unique(everything, return_inverse=True)
    passages = np.frombuffer(b"".join(one.passages for one in sketches), dtype=np.uint8)
    held = np.bincount(numbers, weights=passages, minlength=distinct.size)
    rarity = np.log((1 + sum(one.passage_count for one in sketches)) / (1 + held)).clip(0) ** RARITY_POWER
    counts = np.frombuffer(b"".join(one.counts for one in sketches), dtype=np.uint8)
    weights = (1 + np.log(np.maximum(counts, 1))) * rarity[numbers]
    bounds = np.cumsum([0, *sizes])
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
    """Two groups as one."""
    terms, place = np.unique(np.concatenate((one.terms, other.terms)), return_inverse=True)
    weights = np.bincount(place, weights=np.concatenate((one.weights, other.weights))).astype(np.float64)
    dated = one.dated + other.dated
    days = (one.days * one.dated + other.days * other.dated) / max(dated, 1)
    return Vector(terms, weights, one.size + other.size, dated, days)


def likeness(one: Vector, other: Vector) -> float:
    """The mean cosine, 0..1, over all pairs of an article here and one there, faded by the days between the two."""
    if one.terms.size > other.terms.size:
        one, other = other, one
    if not one.terms.size:
        return 0.0
    place = np.searchsorted(other.terms, one.terms)
    place[place == other.terms.size] = 0
    is_shared = other.terms[place] == one.terms
    cosines = float(one.weights[is_shared] @ other.weights[place[is_shared]])
    return cosines / (one.size * other.size) * fading(one, other)


def fading(one: Vector, other: Vector) -> float:
    """What is left of likeness after the days between two groups; all where a date is not known."""
    if not one.dated or not other.dated:
        return 1.0
    return math.exp(-abs(one.days - other.days) / FADE_DAYS)
