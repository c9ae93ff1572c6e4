"""Boosted trees for the blocks of pages, as the JSON that `BlockModel` reads.

The trees of all pages come first. Those behind them ask first how old a page's markup is, and are silent where it is of
today: what is learned from old layouts (that lists of links are not the story's) costs other pages nothing.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from catboost import CatBoost, Pool
from numpy.typing import NDArray

from benchmarks.block_samples import Rows
from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.features.block_table import Floats
from transforms.extract.body.features.page_age import PAGE_AGE_NAMES

_SEED: Final = 1
_DEPTH: Final = 6
_SETTINGS: Final[Mapping[str, Any]] = {
    "loss_function": "CrossEntropy",  # a block may belong to the article by half
    "iterations": 600,
    "depth": _DEPTH,
    "learning_rate": 0.05,
    "l2_leaf_reg": 5,
    "rsm": 0.3,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.8,
    "border_count": 64,
    "random_seed": _SEED,
    "thread_count": 1,  # another number changes the result: threads add up in their own order
    "allow_writing_files": False,
    "verbose": 0,
}
_OLD: Final = {"page_in_new_elements": 0.0, "page_shared": float(np.log1p(5.5))}
"""A page is of old markup if no text of it stands in an element of HTML 5, and its head has at most five statements
for those who share it: in 2010 Open Graph asked for four, today's pages have a dozen."""

_OLD_SETTINGS: Final[Mapping[str, Any]] = {**_SETTINGS, "iterations": 300, "depth": _DEPTH - len(_OLD)}
_UNREACHED: Final = 3e38
_DIGITS: Final = 5
_LIGHT: Final = 0.5
_LIGHT_KEPT: Final = 0.3
"""Of blocks whose error costs less than half a percent of a page, three in ten are kept and count for all of them: it
halves the time, since most blocks of a page are such labels and links."""

_CHECKED: Final = 2_000


class _Training(NamedTuple):
    """Rows to learn with labels and weights."""

    rows: Floats
    labels: Floats
    weights: Floats

    @classmethod
    def of(cls, pages: Sequence[Rows]) -> _Training:
        weights = np.concatenate([page.weights for page in pages])
        is_light = weights < _LIGHT
        kept = ~is_light | (np.random.default_rng(_SEED).random(len(weights)) < _LIGHT_KEPT)
        weights = np.where(is_light, weights / _LIGHT_KEPT, weights)
        rows = np.concatenate([page.features for page in pages])
        labels = np.concatenate([page.labels for page in pages])
        return cls(rows[kept], labels[kept], weights[kept])


class _Trees(NamedTuple):
    """Trees with their questions (trees × depth) and leaves (trees × 2^depth), the first question as the lowest bit."""

    columns: NDArray[np.intp]
    thresholds: NDArray[np.float64]
    leaves: NDArray[np.float64]

    def of_depth(self, depth: int, questions: Sequence[tuple[int, float]] = ()) -> _Trees:
        """The same as deeper trees, whose further questions are these; what answers one with yes reaches an empty leaf.

        Where there are not enough, the others are questions that are always answered with no.
        """
        columns, thresholds, leaves = self
        missing = depth - columns.shape[1]
        for column, threshold in [*questions, *[(0, _UNREACHED)] * (missing - len(questions))]:
            columns = np.column_stack((columns, np.full(len(columns), column)))
            thresholds = np.column_stack((thresholds, np.full(len(columns), threshold)))
            leaves = np.concatenate((leaves, np.zeros_like(leaves)), axis=1)
        return _Trees(columns, thresholds, leaves)


def fitted_model(pages: Sequence[Rows], old: Sequence[Rows]) -> dict[str, Any]:
    """A model of these pages in JSON; if there are `old` ones, with trees behind that correct it on old markup."""
    names = pages[0].names
    known = len(names) - len(PAGE_AGE_NAMES)
    every = _Training.of([page._replace(features=page.features[:, :known]) for page in pages])
    trees, bias = _fitted(_SETTINGS, every, None)
    model = _as_json(names, bias, [trees.of_depth(_DEPTH)])
    if not old:
        return model
    aged = _Training.of([page for page in (*pages, *old) if _is_old(page)])
    more, no_bias = _fitted(_OLD_SETTINGS, aged, _odds(model, aged.rows))
    if no_bias:
        raise ValueError(f"a bias of {no_bias} is not foreseen in trees behind others")
    questions = [(names.index(name), limit) for name, limit in _OLD.items()]
    return _as_json(names, bias, [trees.of_depth(_DEPTH), more.of_depth(_DEPTH, questions)])


def _is_old(page: Rows) -> bool:
    limits = [(page.names.index(name), limit) for name, limit in _OLD.items()]
    return len(page.features) > 0 and all(page.features[0, column] <= limit for column, limit in limits)


def _fitted(settings: Mapping[str, Any], told: _Training, before: NDArray[np.float64] | None) -> tuple[_Trees, float]:
    """Trees and their bias, fitted to what the log-odds `before` leave to be told."""
    booster = CatBoost(dict(settings))
    booster.fit(Pool(told.rows, label=told.labels, weight=told.weights, baseline=before))
    trees, bias = _trees_of(booster)
    names = tuple(map(str, range(told.rows.shape[1])))
    ours = _odds(_as_json(names, bias, [trees]), told.rows[:_CHECKED])
    worst = float(np.abs(ours - booster.predict(told.rows[:_CHECKED])).max())
    if worst > 0.05:
        raise ValueError(f"the written model scores otherwise than the trained one: {worst:.4f}")
    return trees, bias


def _trees_of(booster: CatBoost) -> tuple[_Trees, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        data = json.loads(path.read_text())
    depth = max(len(tree["splits"]) for tree in data["oblivious_trees"])
    found = []
    for tree in data["oblivious_trees"]:
        columns = [[split["float_feature_index"] for split in tree["splits"]]]
        thresholds = [[float(split["border"]) for split in tree["splits"]]]
        leaves = [[round(value, _DIGITS) for value in tree["leaf_values"]]]
        one = _Trees(np.array(columns, dtype=np.intp), np.array(thresholds), np.array(leaves))
        found.append(one.of_depth(depth))
    scale, [bias] = data["scale_and_bias"]
    if scale != 1:
        raise ValueError(f"a scale of {scale} is not foreseen")
    return _Trees(*map(np.concatenate, zip(*found, strict=True))), bias


def _as_json(names: tuple[str, ...], bias: float, parts: Sequence[_Trees]) -> dict[str, Any]:
    columns, thresholds, leaves = map(np.concatenate, zip(*parts, strict=True))
    return {
        "features": names,
        "depth": columns.shape[1],
        "bias": bias,
        "columns": columns.ravel().tolist(),
        "thresholds": thresholds.ravel().tolist(),
        "leaves": leaves.ravel().tolist(),
    }


def _odds(model: Mapping[str, Any], rows: Floats) -> NDArray[np.float64]:
    names = model["features"]
    return BlockModel.from_json({"name": "", **model}).odds(rows, names)
