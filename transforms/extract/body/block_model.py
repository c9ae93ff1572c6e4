"""The model that tells an article's blocks from the rest of its page: boosted oblivious trees in JSON, run by numpy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.block_features import Floats

SEEDED_FILE = "block_model.json"
ALONE_FILE = "block_model_alone.json"


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Oblivious trees: each level of a tree asks one question of all rows. The answers, as bits, are the leaf's number.

    `features` names the columns that it was trained on. `columns` and `thresholds` have the shape (trees × depth);
    `leaves` are (trees × 2^depth) log-odds to add up, one for each tree. A tree has at most 8 levels.
    """

    name: str
    features: tuple[str, ...]
    columns: NDArray[np.intp]
    thresholds: Floats
    leaves: NDArray[np.float64]
    bias: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BlockModel:
        """The model in the JSON that `benchmarks.train_blocks` writes."""
        depth = data["depth"]
        return cls(
            name=data["name"],
            features=tuple(data["features"]),
            columns=np.array(data["columns"], dtype=np.intp).reshape(-1, depth),
            thresholds=np.array(data["thresholds"], dtype=np.float32).reshape(-1, depth),
            leaves=np.array(data["leaves"], dtype=np.float64).reshape(-1, 1 << depth),
            bias=float(data["bias"]),
        )

    def scores(self, rows: Floats, names: Sequence[str]) -> Floats:
        """The probability, 0 to 1, that each row's block is the article's. ValueError if the columns are unknown."""
        if tuple(names) != self.features:
            raise ValueError("the block model was trained on other features: run `make train`")
        trees, depth = self.columns.shape
        by_column = np.ascontiguousarray(rows.T)[self.columns.ravel()]  # contiguous rows: twice as fast
        answers = (by_column > self.thresholds.reshape(-1, 1)).reshape(trees, depth, len(rows))
        leaf = np.packbits(answers, axis=1, bitorder="little")[:, 0]
        odds = self.leaves[np.arange(trees)[:, None], leaf].sum(axis=0) + self.bias
        scores: Floats = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return scores


class BlockModels(NamedTuple):
    """Two models of the same form: `alone` judges blocks by themselves, `seeded` also by what a seed covers of them."""

    alone: BlockModel
    seeded: BlockModel


@lru_cache(maxsize=1)
def load_block_models() -> BlockModels:
    """The package's own models, read once in a process."""
    return BlockModels(_read(ALONE_FILE), _read(SEEDED_FILE))


def _read(name: str) -> BlockModel:
    return BlockModel.from_json(json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8")))
