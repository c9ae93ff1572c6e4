"""The model scores as its trees say, and only what it was trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from transforms.extract.body.block_model import BlockModel, load_block_models

# Two trees of depth two: a row's answers to (first feature > 0.5, second > 10), read as bits, choose the leaf.
TREES = BlockModel.from_json(
    {
        "name": "two trees",
        "features": ["a", "b"],
        "depth": 2,
        "bias": 0.5,
        "columns": [0, 1, 1, 0],
        "thresholds": [0.5, 10, 20, 3e38],
        "leaves": [0.0, 1.0, 2.0, 4.0, -1.0, 3.0, 0.0, 0.0],
    }
)


@pytest.mark.parametrize(
    ("row", "odds"),
    [((0, 0), 0.0 - 1.0), ((1, 0), 1.0 - 1.0), ((0, 15), 2.0 - 1.0), ((1, 15), 4.0 - 1.0), ((1, 25), 4.0 + 3.0)],
)
def test_each_tree_adds_the_leaf_that_the_answers_choose(row: tuple[float, float], odds: float) -> None:
    [score] = TREES.scores(np.array([row], dtype=np.float32), ("a", "b"))
    assert score == pytest.approx(1 / (1 + np.exp(-(odds + 0.5))), abs=1e-6)


def test_many_rows_are_scored_as_each_alone() -> None:
    model = load_block_models().seeded
    rows = np.random.default_rng(1).normal(0, 3, (600, len(model.features))).astype(np.float32)
    together = model.scores(rows, model.features)
    alone = [model.scores(rows[number : number + 1], model.features)[0] for number in range(0, 600, 50)]
    assert together[::50] == pytest.approx(alone, abs=1e-6)
    assert len(set(together.tolist())) > 500
    assert model.scores(rows[:0], model.features).shape == (0,)


def test_other_columns_than_it_was_trained_on_are_refused() -> None:
    with pytest.raises(ValueError, match="make train"):
        TREES.scores(np.zeros((1, 2), dtype=np.float32), ("b", "a"))


@pytest.mark.parametrize("model", load_block_models(), ids=load_block_models()._fields)
def test_the_packages_models_say_what_they_are(model: BlockModel) -> None:
    assert model.name.startswith("blocks-")
    assert model.leaves.shape == (len(model.columns), 1 << model.columns.shape[1])
    assert model.columns.max() < len(model.features)


_TREES_OF_ALL_PAGES = 600
"""The first so many of the packaged trees know nothing of a page's age (`benchmarks.block_trees`)."""


@pytest.mark.parametrize("model", load_block_models(), ids=load_block_models()._fields)
@pytest.mark.parametrize("modern", [{"page_in_new_elements": 0.01}, {"page_shared": np.log1p(6)}])
def test_what_was_learned_of_old_markup_says_nothing_of_pages_of_today(
    model: BlockModel, modern: dict[str, float]
) -> None:
    some = slice(0, _TREES_OF_ALL_PAGES)
    first = replace(model, columns=model.columns[some], thresholds=model.thresholds[some], leaves=model.leaves[some])
    rows = np.random.default_rng(1).normal(0, 3, (50, len(model.features))).astype(np.float32)
    for name in ("page_in_new_elements", "page_shared"):
        rows[:, model.features.index(name)] = 0
    assert not np.allclose(model.odds(rows, model.features), first.odds(rows, model.features), atol=0.1)
    for name, value in modern.items():
        rows[:, model.features.index(name)] = value
    assert model.odds(rows, model.features) == pytest.approx(first.odds(rows, model.features))


def test_a_question_silences_a_tree_only_for_the_rows_that_answer_yes() -> None:
    leaves = np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 8.0, 0.0, 16.0]])  # the first tree is silent where a > 0.5
    model = replace(TREES, columns=np.array([[0, 1], [0, 1]]), thresholds=np.array([[0.5, 10]] * 2, "f"), leaves=leaves)
    rows = np.array([[1, 0], [0, 20], [1, 20], [0, 0]], dtype=np.float32)
    odds = [8.5, 2.5, 16.5, 1.5]
    assert model.odds(rows, ("a", "b")).tolist() == odds
    assert [float(model.odds(rows[n : n + 1], ("a", "b"))[0]) for n in range(4)] == odds
    assert model.odds(rows[::2], ("a", "b")).tolist() == odds[::2]
