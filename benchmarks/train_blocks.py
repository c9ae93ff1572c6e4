"""Trains the two models of text blocks, or only cross-validates them.

    python -m benchmarks.train_blocks FOLDER… [--held FOLDER…] [--output transforms/extract/body] [--folds 5]
        [--old_layouts]

Each FOLDER holds pages with gold texts (``html/<id>[.html.gz]`` and ``ground-truth.json`` = {id: {"articleBody": text,
"url": address}}) or passages ("with" and "without" in place of the text). For each folder, prints what
``benchmarks.extraction`` prints of the whole build, cross-validated: no page is judged by models that saw its site.
Folders that are held back are measured like the others and never trained on. Then trains on all pages of the others and
writes the models. With ``--old_layouts``, as the packaged models are trained, some of the gold texts are learned a
second time, set as pages of other years (``benchmarks.old_layouts``), by trees that judge pages of old markup only
(``benchmarks.block_trees``); none of these pages is measured. The same pages give the same files. Needs
``pip install newsbeam[train]``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.block_samples import Sample, samples_of, site_of
from benchmarks.block_trees import fitted_model
from benchmarks.extraction import after_learning, bare_text, build_page, print_scores
from benchmarks.old_layouts import OldLayouts
from benchmarks.pages import PageSet, address, page_of
from benchmarks.passages import has_passages
from pipelines.run.build_page import BuildPage
from transforms.extract.body.block_model import ALONE_FILE, SEEDED_FILE, BlockModel, BlockModels

_SEED = 1


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
    samples, old = samples_of(sets), samples_of(anew)
    sites, blocks = len({sample.site for sample in samples}), sum(len(sample.seeded.labels) for sample in samples)
    print(f"{len(samples)} pages of {sites} sites, {blocks} blocks; {len(old)} pages set anew", flush=True)
    measured = [*sets, *map(PageSet, given.held)]
    if given.folds:
        _cross_validate(measured, samples, old, given.folds)
    if given.output:
        trained_on = {pages.folder.name: len(pages.gold) for pages in sets}
        if anew:
            trained_on["old-layouts"] = sum(len(pages.gold) for pages in anew)
        for file, model in zip((ALONE_FILE, SEEDED_FILE), _trained(samples, old), strict=True):
            data = {"name": f"blocks-{_digest(model)}", "trained_on": trained_on}
            path = given.output / file
            path.write_text(json.dumps(data | model, separators=(",", ":")) + "\n")
            print(f"wrote {path} ({path.stat().st_size >> 10} KiB)")


def _trained(samples: Sequence[Sample], old: Sequence[Sample]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The models in JSON: that of blocks alone, and that of blocks with a seed. `old` are pages of old markup."""
    alone, old_alone = ([sample.alone for sample in some if sample.alone is not None] for some in (samples, old))
    seeded, old_seeded = ([sample.seeded for sample in some] for some in (samples, old))
    return fitted_model(alone, old_alone), fitted_model(seeded, old_seeded)


def _digest(model: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(model).encode(), digest_size=4).hexdigest()


def _cross_validate(sets: Sequence[PageSet], samples: Sequence[Sample], old: Sequence[Sample], folds: int) -> None:
    """Print the scores of each folder, each page built with models that never saw its site."""
    sites = sorted({sample.site for sample in samples})
    random.Random(_SEED).shuffle(sites)
    fold_of = {site: number % folds for number, site in enumerate(sites)}
    models = []
    for fold in range(folds):
        trained = _trained(*([one for one in some if fold_of[one.site] != fold] for some in (samples, old)))
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
