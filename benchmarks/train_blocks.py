"""Trains the model of text blocks, or only cross-validates it.

    python -m benchmarks.train_blocks FOLDER… [--output transforms/extract/body/block_model.json] [--folds 5]

Each FOLDER holds pages with gold texts (``html/<id>[.html.gz]`` and ``ground-truth.json`` = {id: {"articleBody": text,
"url": address}}). For each folder, prints what ``benchmarks.extraction`` prints of the whole build, cross-validated: no
page is judged by a model that saw its site. Then trains on all pages and writes the model. The same pages give the same
file. Needs ``pip install newsbeam[train]``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoost, Pool

from benchmarks.block_labels import block_labels
from benchmarks.extraction import after_learning, bare_text, build_page, print_scores
from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import BuildPage
from transforms.extract.body.block_features import block_features
from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.block_table import Floats
from transforms.extract.body.isolate import page_blocks, scored_window
from transforms.extract.body.seed import find_seed
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.parse import parse_page
from transforms.extract.page.story_tree import into_story_tree
from transforms.text.charset import decode_body
from transforms.web.urls import registrable_domain

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
    "thread_count": 2,  # changes the result: threads add up in their own order
    "allow_writing_files": False,
    "verbose": 0,
}
_SMALLEST_PAGE = 30
_LARGEST_SHARE = 0.5
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class _Sample:
    """A page as training data: the features of its window's blocks, their labels, and the weight of each error."""

    site: str
    rows: Floats
    labels: Floats
    weights: Floats


def main() -> None:
    """Cross-validate, print, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--output", type=Path, help="write the model here; without it only cross-validate")
    parser.add_argument("--folds", type=int, default=5, help="0: no cross-validation")
    given = parser.parse_args()
    sets = [PageSet(folder) for folder in given.folders]
    samples, names = _samples(sets)
    sites, rows = len({sample.site for sample in samples}), sum(len(sample.labels) for sample in samples)
    print(f"{len(samples)} pages of {sites} sites, {rows} blocks, {len(names)} features", flush=True)
    figures = _cross_validated(sets, samples, names, given.folds) if given.folds else {}
    if given.output:
        model = _trained(samples, names)
        data = {
            "name": f"blocks-{_digest(model)}",
            "trained_on": {pages.folder.name: len(pages.gold) for pages in sets},
            "cross_validated": figures,
        }
        given.output.write_text(json.dumps(data | model, separators=(",", ":")) + "\n")
        print(f"wrote {given.output} ({given.output.stat().st_size >> 10} KiB)")


def _samples(sets: Sequence[PageSet]) -> tuple[list[_Sample], tuple[str, ...]]:
    samples: list[_Sample] = []
    names: tuple[str, ...] = ()
    for pages in sets:
        for page_id, body in pages.bodies.items():
            tree = parse_page(decode_body(body, None)[0])
            if tree is None:
                continue
            facts = page_facts(tree)
            root = into_story_tree(tree).root
            if not (blocks := page_blocks(root)):
                continue
            texts = [block.text for block in blocks]
            covered = find_seed(root, address(pages, page_id), blocks).coverage
            window = scored_window(covered)
            rows, names = block_features(blocks, covered, facts, window)
            labels, words = block_labels(texts, pages.gold[page_id])
            label = np.array(labels, dtype=np.float32)[window]
            samples.append(_Sample(_site(pages, page_id), rows, label, _weights(labels, words)[window]))
    return samples, names


def _site(pages: PageSet, page_id: str) -> str:
    """The domain of a page's address: equal in all folders, whatever their ids and gold data call the publisher."""
    return registrable_domain(address(pages, page_id))


def _weights(labels: Sequence[float], words: Sequence[int]) -> Floats:
    """What a wrong label of each block costs the page's F1: its share of the article, at most half."""
    size = np.array(words, dtype=np.float32)
    article = float((size * np.array(labels)).sum()) + _SMALLEST_PAGE
    return np.minimum((size + 1.0) / article, _LARGEST_SHARE) * 100


def _trained(samples: Sequence[_Sample], names: tuple[str, ...]) -> dict[str, Any]:
    rows = np.concatenate([sample.rows for sample in samples])
    pool = Pool(
        rows,
        label=np.concatenate([sample.labels for sample in samples]),
        weight=np.concatenate([sample.weights for sample in samples]),
    )
    booster = CatBoost(dict(_SETTINGS))
    booster.fit(pool)
    model = _as_json(booster, names)
    _check_same(booster, model, rows[:2000], names)
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


def _cross_validated(
    sets: Sequence[PageSet], samples: Sequence[_Sample], names: tuple[str, ...], folds: int
) -> dict[str, dict[str, float]]:
    """The scores of each folder, each page built with a model that never saw its site."""
    sites = sorted({sample.site for sample in samples})
    random.Random(_SEED).shuffle(sites)
    fold_of = {site: number % folds for number, site in enumerate(sites)}
    models = [
        BlockModel.from_json({"name": "fold"} | _trained([s for s in samples if fold_of[s.site] != fold], names))
        for fold in range(folds)
    ]
    return {pages.folder.name: _figures(pages, models, fold_of) for pages in sets}


def _figures(pages: PageSet, models: Sequence[BlockModel], fold_of: Mapping[str, int]) -> dict[str, float]:
    built = {}
    for page_id, body in pages.bodies.items():
        build = BuildPage(model=models[fold_of.get(_site(pages, page_id), 0)])
        if (found := build_page(build, page_of(address(pages, page_id), body))) is not None:
            built[page_id] = found
    ours = {page_id: one.article.article_body for page_id, one in after_learning(built).items()}
    bare = {page_id: bare_text(body) for page_id, body in pages.bodies.items()}
    return print_scores(pages, bare, ours)


if __name__ == "__main__":
    main()
