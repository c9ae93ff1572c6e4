"""Trains the two models of text blocks, or only cross-validates them.

    python -m benchmarks.train_blocks FOLDER… [--held FOLDER…] [--output transforms/extract/body] [--folds 5]
        [--old_layouts]

Each FOLDER holds pages with gold texts (``html/<id>[.html.gz]`` and ``ground-truth.json`` = {id: {"articleBody": text,
"url": address}}) or passages ("with" and "without" in place of the text). For each folder, prints what
``benchmarks.extraction`` prints of the whole build, cross-validated: no page is judged by models that saw its site.
Folders that are held back are measured like the others and never trained on. Then trains on all pages of the others and
writes the models. With ``--old_layouts`` some of the gold texts are learned a second time, set as pages of other years
(``benchmarks.old_layouts``); none of these is measured, and the packaged models are trained without. The same pages
give the same files. Needs ``pip install newsbeam[train]``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoost, Pool

from benchmarks.block_samples import Rows, Sample, samples_of, site_of
from benchmarks.extraction import after_learning, bare_text, build_page, print_scores
from benchmarks.old_layouts import OldLayouts
from benchmarks.pages import PageSet, address, page_of
from benchmarks.passages import has_passages
from pipelines.run.build_page import BuildPage
from transforms.extract.body.block_model import ALONE_FILE, SEEDED_FILE, BlockModel, BlockModels
from transforms.extract.body.features.block_table import Floats

_SEED = 1
_SETTINGS: Mapping[str, Any] = {
    "loss_function": "CrossEntropy",  # a block may belong to the article by half
    "iterations": 600,
    "depth": 6,
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
_DIGITS = 5
_LIGHT, _LIGHT_KEPT = 0.5, 0.3
"""Of blocks whose error costs less than half a percent of a page, three in ten are kept and count for all of them: it
halves the time, since most blocks of a page are such labels and links."""


def main() -> None:
    """Cross-validate, print, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--held", nargs="+", type=Path, default=[], help="folders that are only measured")
    parser.add_argument("--output", type=Path, help="write the models to this folder; without it only cross-validate")
    parser.add_argument("--folds", type=int, default=5, help="0: no cross-validation")
    parser.add_argument("--old_layouts", action="store_true", help="also learn gold texts set anew as old pages")
    given = parser.parse_args()
    sets = [PageSet(folder) for folder in given.folders]
    anew = [OldLayouts(pages.folder) for pages in sets if given.old_layouts and not has_passages(pages.rows)]
    samples = samples_of([*sets, *anew])
    sites, blocks = len({sample.site for sample in samples}), sum(len(sample.seeded.labels) for sample in samples)
    print(f"{len(samples)} pages of {sites} sites, {blocks} blocks", flush=True)
    measured = [*sets, *map(PageSet, given.held)]
    if given.folds:
        _cross_validate(measured, samples, given.folds)
    if given.output:
        trained_on = {pages.folder.name: len(pages.gold) for pages in sets}
        if anew:
            trained_on["old-layouts"] = sum(len(pages.gold) for pages in anew)
        for file, model in zip((ALONE_FILE, SEEDED_FILE), _trained(samples), strict=True):
            data = {"name": f"blocks-{_digest(model)}", "trained_on": trained_on}
            path = given.output / file
            path.write_text(json.dumps(data | model, separators=(",", ":")) + "\n")
            print(f"wrote {path} ({path.stat().st_size >> 10} KiB)")


def _trained(samples: Sequence[Sample]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The models in JSON: that of blocks alone, and that of blocks with a seed."""
    alone = [sample.alone for sample in samples if sample.alone is not None]
    return _fitted(alone), _fitted([sample.seeded for sample in samples])


def _fitted(pages: Sequence[Rows]) -> dict[str, Any]:
    rows = np.concatenate([page.features for page in pages])
    labels = np.concatenate([page.labels for page in pages])
    weights = np.concatenate([page.weights for page in pages])
    is_light = weights < _LIGHT
    kept = ~is_light | (np.random.default_rng(_SEED).random(len(weights)) < _LIGHT_KEPT)
    weights = np.where(is_light, weights / _LIGHT_KEPT, weights)
    booster = CatBoost(dict(_SETTINGS))
    booster.fit(Pool(rows[kept], label=labels[kept], weight=weights[kept]))
    model = _as_json(booster, pages[0].names)
    _check_same(booster, model, rows[:2000], pages[0].names)
    return model


def _as_json(booster: CatBoost, names: tuple[str, ...]) -> dict[str, Any]:
    """The trees as flat lists. Shallower trees are filled up with questions that are always answered with no."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        data = json.loads(path.read_text())
    depth = max(len(tree["splits"]) for tree in data["oblivious_trees"])
    columns: list[int] = []
    thresholds: list[float] = []
    leaves: list[float] = []
    for tree in data["oblivious_trees"]:
        missing = depth - len(tree["splits"])
        columns += [split["float_feature_index"] for split in tree["splits"]] + [0] * missing
        thresholds += [float(split["border"]) for split in tree["splits"]] + [3e38] * missing
        values = [round(value, _DIGITS) for value in tree["leaf_values"]]
        leaves += values + [0.0] * ((1 << depth) - len(values))
    scale, [bias] = data["scale_and_bias"]
    if scale != 1:
        raise ValueError(f"a scale of {scale} is not foreseen")
    return {
        "features": names,
        "depth": depth,
        "bias": bias,
        "columns": columns,
        "thresholds": thresholds,
        "leaves": leaves,
    }


def _check_same(booster: CatBoost, model: dict[str, Any], rows: Floats, names: tuple[str, ...]) -> None:
    ours = BlockModel.from_json({"name": ""} | model).scores(rows, names)
    theirs = booster.predict(rows, prediction_type="Probability")[:, 1]
    worst = float(np.abs(ours - theirs).max())
    if worst > 0.01:
        raise ValueError(f"the written model scores otherwise than the trained one: {worst:.4f}")


def _digest(model: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(model).encode(), digest_size=4).hexdigest()


def _cross_validate(sets: Sequence[PageSet], samples: Sequence[Sample], folds: int) -> None:
    """Print the scores of each folder, each page built with models that never saw its site."""
    sites = sorted({sample.site for sample in samples})
    random.Random(_SEED).shuffle(sites)
    fold_of = {site: number % folds for number, site in enumerate(sites)}
    models = []
    for fold in range(folds):
        trained = _trained([sample for sample in samples if fold_of[sample.site] != fold])
        models.append(BlockModels(*(BlockModel.from_json({"name": "fold"} | one) for one in trained)))
    for pages in sets:
        _print_figures(pages, models, fold_of)


def _print_figures(pages: PageSet, models: Sequence[BlockModels], fold_of: Mapping[str, int]) -> None:
    built = {}
    for page_id, body in pages.bodies.items():
        build = BuildPage(models=models[fold_of.get(site_of(pages, page_id), 0)])
        if (found := build_page(build, page_of(address(pages, page_id), body))) is not None:
            built[page_id] = found
    ours = {page_id: one.article.article_body for page_id, one in after_learning(built).items()}
    bare = {page_id: bare_text(body) for page_id, body in pages.bodies.items()}
    print_scores(pages, bare, ours)


if __name__ == "__main__":
    main()
