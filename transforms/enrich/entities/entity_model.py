"""The model that weighs candidates: boosted oblivious trees in JSON, run by numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.enrich.data_files import read_json
from transforms.enrich.entities.features import FEATURES, Rows

MODEL_FILE = "entity_model.json"
KINDS = ("person", "organization", "place")
"""The kinds, in the order of the model's classes behind the first, which is "nothing that matters"."""

_CLASSES = 1 + len(KINDS)


@dataclass(frozen=True, slots=True)
class EntityModel:
    """Oblivious trees: each level of a tree asks one question of all rows. The answers, as bits, are the leaf's number.

    `columns` and `thresholds` have the shape (depth × trees), the first level being the lowest bit, with a depth of at
    most 8; `leaves` are (trees × 2^depth × classes) values to add up. `least` is the score, by kind, below which a
    candidate is left out.
    """

    columns: NDArray[np.intp]
    thresholds: NDArray[np.float32]
    leaves: NDArray[np.float32]
    least: NDArray[np.float64]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EntityModel:
        """The model in the JSON that `benchmarks.train_entities` writes. ValueError if it was trained otherwise."""
        if tuple(data["features"]) != FEATURES:
            raise ValueError(
                "the entity model was trained on other features: run `python -m benchmarks.train_entities`"
            )
        depth = data["depth"]
        return cls(
            columns=np.array(data["columns"], dtype=np.intp).reshape(-1, depth).T.copy(),
            thresholds=np.array(data["thresholds"], dtype=np.float32).reshape(-1, depth).T.copy(),
            leaves=np.array(data["leaves"], dtype=np.float32).reshape(-1, 1 << depth, _CLASSES),
            least=np.array([data["least"][kind] for kind in KINDS]),
        )

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """How likely each row's candidate is one that matters, of each kind (rows × kinds)."""
        by_column = np.ascontiguousarray(rows.T)
        depth, trees = self.columns.shape
        bits = np.zeros((trees, len(rows)), dtype=np.uint8)
        for level in range(depth):
            answers = by_column[self.columns[level]] > self.thresholds[level][:, None]
            bits |= answers.view(np.uint8) << np.uint8(level)
        leaf = bits + (np.arange(trees) << depth)[:, None]
        odds = self.leaves.reshape(-1, _CLASSES).take(leaf, axis=0).sum(axis=0, dtype=np.float64)
        odds -= odds.max(axis=1, keepdims=True)
        shares = np.exp(odds)
        result: NDArray[np.float64] = shares[:, 1:] / shares.sum(axis=1, keepdims=True)
        return result


@lru_cache(maxsize=1)
def load_entity_model() -> EntityModel:
    """The package's own model, read once in a process."""
    return EntityModel.from_json(read_json(f"entities/{MODEL_FILE}"))
