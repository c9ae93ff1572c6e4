"""Trains the model of entities, or only cross-validates it.

    python -m benchmarks.train_entities LABELS.jsonl --pages SET=FOLDER … [--output transforms/enrich/entities]
        [--folds 5] [--predicted OUT.json] [--spacy]

LABELS holds one object a line: `id`, `set`, `language`, and the names that matter, `people`, `organizations`,
`places`. Each FOLDER holds pages with gold texts, as for ``benchmarks.extraction``. Each page is learned twice: with
its gold text, and with the text, headline and keywords that extraction finds. Prints recall among the first ten and
precision of the first five of each kind, cross-validated: no page is judged by a model that saw its site. Of gold texts
also by groups of languages, and how many of all names given have no label, or one of another kind.
``--predicted`` writes these answers on gold texts, as ``{id: {"entities": …}}``. ``--spacy`` (with ``pip install
newsbeam[entities]``) compares, for each language with a model, our names with those that spaCy tells, and their cost.
The same labels and pages give the same model. Needs ``pip install newsbeam[train]``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from catboost import CatBoost, Pool
from numpy.typing import NDArray

from benchmarks.facts import gold_article
from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import BuildPage
from schemas.article import Article
from transforms.clean.clean_text import clean_article
from transforms.enrich.entities.by_spacy.models import OWN, TELLERS, is_installed, languages
from transforms.enrich.entities.cased import measured
from transforms.enrich.entities.entity_model import KINDS, MODEL_FILE, EntityModel
from transforms.enrich.entities.features import FEATURES, Rows
from transforms.enrich.entities.find_entities import find_entities
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.extract.extract_error import ExtractError
from transforms.text.scripts import CASELESS, letters

_SEED = 1
_SETTINGS: Mapping[str, Any] = {
    "loss_function": "MultiClass",
    "classes_count": 1 + len(KINDS),
    "iterations": 200,
    "depth": 5,
    "learning_rate": 0.07,
    "l2_leaf_reg": 6,
    "rsm": 0.4,
    "border_count": 64,
    "random_seed": _SEED,
    "thread_count": 1,  # another number changes the result: threads add up in their own order
    "allow_writing_files": False,
    "verbose": 0,
}
_LEAST: Mapping[str, float] = {"person": 0.18, "organization": 0.17, "place": 0.18}
"""The scores from which candidates are kept: both figures of each kind lie above what is asked of it."""

_LABELS: Mapping[str, str] = {"person": "people", "organization": "organizations", "place": "places"}
_DIGITS = 4
_FIRST, _LAST = 5, 10
_CASELESS = re.compile(f"[{letters(CASELESS)}]")


class Sample(NamedTuple):
    """A labelled article with one of its texts; `rows` and `classes` are those of its candidates."""

    label: Mapping[str, Any]
    site: str
    article: Article
    is_gold: bool
    rows: Rows
    classes: NDArray[np.int64]


def main() -> None:
    """Cross-validate, print, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--pages", nargs="+", required=True, metavar="SET=FOLDER")
    parser.add_argument("--output", type=Path, help="write the model to this folder; without it only cross-validate")
    parser.add_argument("--folds", type=int, default=5, help="0: no cross-validation")
    parser.add_argument("--predicted", type=Path, help="write the cross-validated answers on gold texts here")
    parser.add_argument("--spacy", action="store_true", help="compare with the names that spaCy's models tell")
    given = parser.parse_args()
    if given.spacy and not is_installed():
        parser.error("--spacy needs spaCy and a model of it: pip install 'newsbeam[entities]'")
    folders = dict(pair.split("=", 1) for pair in given.pages)
    sets = {name: PageSet(Path(folder)) for name, folder in folders.items()}
    labels = [json.loads(line) for line in given.labels.read_text(encoding="utf-8").splitlines()]
    samples = [sample for label in labels for sample in _samples(label, sets[label["set"]])]
    print(f"{len(labels)} articles of {len({one.site for one in samples})} sites", flush=True)
    if given.folds:
        answers = _cross_validate(samples, given.folds, with_spacy=given.spacy)
        if given.predicted:
            given.predicted.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    if given.output:
        path = given.output / MODEL_FILE
        path.write_text(json.dumps(_trained(samples), separators=(",", ":")) + "\n")
        print(f"wrote {path} ({path.stat().st_size >> 10} KiB)")


def _samples(label: Mapping[str, Any], pages: PageSet) -> list[Sample]:
    """The article with its gold text, and as it is built from its page."""
    page_id, site = label["id"], pages.site(label["id"])
    gold = clean_article(gold_article(page_id, dict(pages.rows[page_id])))
    articles = [(gold, True)]
    with suppress(ExtractError):
        page = page_of(address(pages, page_id), pages.bodies[page_id])
        articles.append((BuildPage().cleaned(page).article, False))
    return [_sample(label, site, article, is_gold=is_gold) for article, is_gold in articles]


def _sample(label: Mapping[str, Any], site: str, article: Article, *, is_gold: bool) -> Sample:
    keywords = frozenset(map(str.casefold, article.keywords))
    table = measured(article.headline or "", article.article_body, keywords, load_gazetteer(label["language"]))
    classes = [_class_of(one.printed(table.words), label) for one in table.candidates]
    return Sample(label, site, article, is_gold, table.rows, np.array(classes, dtype=np.int64))


def _class_of(name: str, label: Mapping[str, Any]) -> int:
    """0, or one more than the number of the kind under which a name is labelled; the most similar label counts."""
    fitting = [
        (abs(len(name) - len(wanted)), number)
        for number, kind in enumerate(KINDS, 1)
        for wanted in label[_LABELS[kind]]
        if _is_same(name, wanted)
    ]
    return min(fitting)[1] if fitting else 0


def _words(name: str) -> str:
    return f" {' '.join(''.join(sign if sign.isalnum() else ' ' for sign in name.casefold()).split())} "


def _is_same(one: str, other: str) -> bool:
    """Whether the words of one name are a run of the other's; in scripts without capitals, its signs."""
    short, long = sorted((_words(one), _words(other)), key=len)
    if short.strip() and _CASELESS.search(short):
        return short.strip() in long
    return bool(short.strip()) and short in long


def _trained(samples: Sequence[Sample]) -> dict[str, Any]:
    """The model in JSON."""
    rows = np.concatenate([one.rows for one in samples])
    booster = CatBoost(dict(_SETTINGS))
    booster.fit(Pool(rows, label=np.concatenate([one.classes for one in samples])))
    model = _as_json(booster)
    ours = EntityModel.from_json(model).scores(rows[:2000])
    theirs = booster.predict(rows[:2000], prediction_type="Probability")[:, 1:]
    if (worst := float(np.abs(ours - theirs).max())) > 0.01:
        raise ValueError(f"the written model scores otherwise than the trained one: {worst:.4f}")
    return model


def _as_json(booster: CatBoost) -> dict[str, Any]:
    """The trees as flat lists. Shallower trees are filled up with questions that are always answered with no."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        data = json.loads(path.read_text())
    depth = max(len(tree["splits"]) for tree in data["oblivious_trees"])
    columns: list[int] = []
    thresholds: list[float] = []
    leaves: list[float] = []
    size = (1 + len(KINDS)) << depth
    for tree in data["oblivious_trees"]:
        missing = depth - len(tree["splits"])
        columns += [split["float_feature_index"] for split in tree["splits"]] + [0] * missing
        thresholds += [round(float(split["border"]), _DIGITS + 2) for split in tree["splits"]] + [3e38] * missing
        values = [round(value, _DIGITS) for value in tree["leaf_values"]]
        leaves += values + [0.0] * (size - len(values))
    return {
        "about": "Trained by `python -m benchmarks.train_entities` on hand labels; licence Apache-2.0.",
        "features": FEATURES,
        "depth": depth,
        "least": dict(_LEAST),
        "columns": columns,
        "thresholds": thresholds,
        "leaves": leaves,
    }


def _cross_validate(samples: Sequence[Sample], folds: int, *, with_spacy: bool) -> dict[str, Any]:
    """Print the figures of gold and of built texts, and return the answers on gold texts."""
    sites = sorted({one.site for one in samples})
    random.Random(_SEED).shuffle(sites)
    fold_of = {site: number % folds for number, site in enumerate(sites)}
    models = [
        EntityModel.from_json(_trained([one for one in samples if fold_of[one.site] != fold])) for fold in range(folds)
    ]
    answers: dict[str, Any] = {}
    for is_gold, title in ((True, "gold texts"), (False, "built texts")):
        texts = [one for one in samples if one.is_gold == is_gold]
        told = [_answer(one, models[fold_of[one.site]]) for one in texts]
        _print_figures(title, texts, told)
        if is_gold:
            _print_more(texts, told)
            answers = {one.label["id"]: {"entities": names} for one, names in zip(texts, told, strict=True)}
        for language in languages() if with_spacy else ():
            some = [one for one in texts if one.label["language"] == language]
            for teller in TELLERS if some else ():
                for one in some:
                    _answer(one, models[fold_of[one.site]], teller)  # what loads at the first text is no cost of one
                started = time.process_time()
                told = [_answer(one, models[fold_of[one.site]], teller) for one in some]
                spent_ms = 1000 * (time.process_time() - started) / len(some)
                _print_figures(f"{title}, {len(some)} in {language}, {teller}: {spent_ms:.1f} ms each", some, told)
    return answers


def _answer(one: Sample, model: EntityModel, teller: str = OWN) -> list[dict[str, str]]:
    article, places = one.article, load_gazetteer(one.label["language"])
    found = find_entities(article.headline or "", article.article_body, article.keywords, (), places, model, teller)
    return [{"name": entity.name, "kind": entity.kind} for entity in found.entities]


def _print_figures(title: str, texts: Sequence[Sample], told: Sequence[Sequence[Mapping[str, str]]]) -> None:
    tally: Counter[tuple[str, str]] = Counter()
    for one, names in zip(texts, told, strict=True):
        _count(one.label, names, tally)
    print(title)
    for kind in KINDS:
        recall = tally[kind, "found"] / max(1, tally[kind, "labels"])
        precision = tally[kind, "right"] / max(1, tally[kind, "given"])
        print(f"  {kind:13} recall@{_LAST} {recall:.3f}  precision@{_FIRST} {precision:.3f}", flush=True)


def _print_more(texts: Sequence[Sample], told: Sequence[Sequence[Mapping[str, str]]]) -> None:
    """The figures of groups of languages, and what the wrong names are."""
    groups: dict[str, list[tuple[Sample, Sequence[Mapping[str, str]]]]] = {}
    wrong: Counter[str] = Counter()
    for one, names in zip(texts, told, strict=True):
        groups.setdefault(_group(one), []).append((one, names))
        for name in names:
            fitting = [kind for kind in KINDS for label in one.label[_LABELS[kind]] if _is_same(name["name"], label)]
            if name["kind"] not in fitting:
                wrong["of another kind" if fitting else "without a label"] += 1
    for group, answers in sorted(groups.items()):
        _print_figures(f"{group} ({len(answers)})", *zip(*answers, strict=True))
    print(f"wrong names among all that are given: {dict(wrong)}", flush=True)


def _group(one: Sample) -> str:
    if (language := one.label["language"]) in ("en", "de"):
        return str(language)
    return "scripts without capitals" if _CASELESS.search(one.article.article_body) else "other languages"


def _count(label: Mapping[str, Any], given: Sequence[Mapping[str, str]], tally: Counter[tuple[str, str]]) -> None:
    for kind in KINDS:
        names, wanted = [one["name"] for one in given if one["kind"] == kind], label[_LABELS[kind]]
        tally[kind, "labels"] += len(wanted)
        tally[kind, "found"] += sum(any(_is_same(name, one) for name in names[:_LAST]) for one in wanted)
        tally[kind, "given"] += len(names[:_FIRST])
        tally[kind, "right"] += sum(any(_is_same(name, one) for one in wanted) for name in names[:_FIRST])


if __name__ == "__main__":
    main()
