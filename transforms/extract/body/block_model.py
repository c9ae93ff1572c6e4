"""The model that tells an article's blocks from the rest of its page: boosted oblivious trees in JSON, run by numpy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_table import Floats

SEEDED_FILE = "block_model.json"
ALONE_FILE = "block_model_alone.json"
_ROWS_AT_ONCE = 256
"""So many rows with the answers to all questions fit into a processor's cache of 2 MB."""


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
    _questions: _Questions = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_questions", _Questions.of(self.columns, self.thresholds, self.leaves))

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
        scores: Floats = (1.0 / (1.0 + np.exp(-self.odds(rows, names)))).astype(np.float32)
        return scores

    def odds(self, rows: Floats, names: Sequence[str]) -> NDArray[np.float64]:
        """The logarithm of each probability over that of the contrary. ValueError if the columns are unknown."""
        if tuple(names) != self.features:
            raise ValueError("the block model was trained on other features: run `make train`")
        parts = np.array_split(rows, 1 + len(rows) // _ROWS_AT_ONCE)
        odds: NDArray[np.float64] = np.concatenate([self._odds(part.T) for part in parts]) + self.bias
        return odds

    def _odds(self, by_column: Floats) -> NDArray[np.float64]:
        """The sum of each row's leaves; `by_column` has the shape (features × rows)."""
        answers = self._questions.answers(by_column)
        heard = self._questions.heard(answers)
        first_leaf = self.leaves.shape[1] * heard[:, None]
        odds: NDArray[np.float64] = self.leaves.take(self._questions.leaf(answers, heard) + first_leaf).sum(axis=0)
        return odds


@dataclass(frozen=True, slots=True)
class _Questions:
    """The different questions of all trees, each asked once: two in three are asked by several trees.

    `columns` and `thresholds` (questions × 1) state the questions; `asked` has the shape (depth × trees) and holds the
    numbers of the questions that each level of the trees asks. `silences` (of the same shape) says where a yes leads to
    empty leaves only: the trees for old markup ask first whether a page is of today, which on most pages is a yes.
    """

    columns: NDArray[np.intp]
    thresholds: Floats
    asked: NDArray[np.intp]
    silences: NDArray[np.bool_]

    @classmethod
    def of(cls, columns: NDArray[np.intp], thresholds: Floats, leaves: NDArray[np.float64]) -> _Questions:
        """The questions of trees whose columns and thresholds have the shape (trees × depth)."""
        stated = np.stack((columns.ravel().astype(np.float64), thresholds.ravel().astype(np.float64)), axis=1)
        different, numbers = np.unique(stated, axis=0, return_inverse=True)
        asked = np.ascontiguousarray(numbers.reshape(columns.shape).T)
        number = np.arange(leaves.shape[1])
        silences = np.array([~leaves[:, (number >> level) & 1 == 1].any(axis=1) for level in range(len(asked))])
        return cls(different[:, 0].astype(np.intp), different[:, 1:].astype(np.float32), asked, silences)

    def answers(self, by_column: Floats) -> NDArray[np.uint8]:
        """The answers, 0 or 1 (questions × rows). `by_column` has the shape (features × rows)."""
        return (np.ascontiguousarray(by_column).take(self.columns, axis=0) > self.thresholds).view(np.uint8)

    def heard(self, answers: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The numbers of the trees that no question silences for all of the rows."""
        always: NDArray[np.bool_] = np.all(answers, axis=1)
        return np.flatnonzero(~(self.silences & always[self.asked]).any(axis=0))

    def leaf(self, answers: NDArray[np.uint8], trees: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The number of the leaf that each row reaches in some trees (trees × rows); the first level is its lowest
        bit."""
        asked = self.asked[:, trees]
        leaf: NDArray[np.uint8] = answers.take(asked[-1], axis=0)
        for level in asked[-2::-1]:
            leaf += leaf
            leaf += answers.take(level, axis=0)
        return leaf


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
