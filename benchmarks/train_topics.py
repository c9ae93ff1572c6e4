"""Fits the model that tells an article's topic, and measures it on sites that it was not fitted on.

    python -m benchmarks.train_topics LABELS.jsonl --pages SET=FOLDER … [--output transforms/enrich/topics] [--errors]

LABELS has `id`, `set`, `language`, `topic` and `topic2` (either is right). Each FOLDER holds pages as for
``benchmarks.extraction``. Each label gives five articles: the page as built; its gold text with title and address
alone (as ``benchmarks.facts --gold``); the page with the first 300 characters of its text; with no text; and with
section and address alone. So the model knows what these are worth where words tell little.

For each kind of article and several thresholds, two figures are printed, by models of ten folds by site: what is right
of all, and of the topics given. Then those of the words alone and of the names alone. Nothing is random.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.facts import gold_article
from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import build
from schemas.article import Article
from transforms.enrich.topics.features import FEATURES, TopicSource, features_of
from transforms.enrich.topics.terms import TERMS
from transforms.enrich.topics.topic import MODEL_FILE, TopicModel
from transforms.enrich.topics.words import load_topic_words

KINDS: Final = ("page", "gold text", "300 characters", "no text", "section and address")
SURE_FROM: Final = 0.4
_THRESHOLDS: Final = (0.0, 0.3, 0.4, 0.5, 0.6)
_FOLDS = 10
_SHORT_CHARS = 300
_STEPS, _PACE = 500, 0.05
_WEIGHT_PENALTY, _BIAS_PENALTY = 0.001, 0.1
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One article of a label, the features of its topic, the topics that are right, and its fold."""

    page_id: str
    kind: str
    article: Article
    features: Floats
    right: tuple[int, ...]
    fold: int


def main() -> None:
    """Fit, print the figures, and write the model if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--pages", nargs="+", required=True, metavar="SET=FOLDER")
    parser.add_argument("--output", type=Path, help=f"write {MODEL_FILE} into this folder")
    parser.add_argument("--errors", action="store_true", help="print each page whose topic is wrong")
    options = parser.parse_args()
    labels = [json.loads(line) for line in options.labels.read_text(encoding="utf-8").splitlines()]
    sets = {name: PageSet(Path(folder)) for name, folder in (pair.split("=", 1) for pair in options.pages)}
    examples = [example for label in labels for example in examples_of(label, sets[label["set"]])]
    print_figures(examples, options.errors)
    model = fit(examples)
    print({feature.name: round(float(weight), 2) for feature, weight in zip(FEATURES, model.weights, strict=True)})
    if options.output:
        (options.output / MODEL_FILE).write_text(as_json(model, len(labels)), encoding="utf-8")


def examples_of(label: Mapping[str, Any], pages: PageSet) -> Iterator[Example]:
    """The articles of one label."""
    page_id = label["id"]
    right = tuple(TERMS.index(term) for term in (label["topic"], label["topic2"]) if term)
    fold = blake2b(pages.site(page_id).encode(), digest_size=4).digest()[0] % _FOLDS
    built = build(page_of(address(pages, page_id), pages.bodies[page_id])).article
    short = replace(built, article_body=built.article_body[:_SHORT_CHARS])
    empty = replace(built, article_body="", headline=None)
    gold = gold_article(page_id, dict(pages.rows[page_id]))
    for kind, article in zip(KINDS, (built, gold, short, empty, replace(empty, keywords=())), strict=True):
        features = features_of(article, load_topic_words().get(label["language"]))
        yield Example(page_id, kind, article, features, right, fold)


def fit(examples: Sequence[Example], features: Sequence[bool] | None = None) -> TopicModel:
    """The model that makes the right topics of the examples likely, by gradient descent (Adam); no weight below 0.

    Of two right topics, the likelihood is of either. `features` says which are used, None: all.
    """
    used = np.array(features if features is not None else [True] * len(FEATURES))
    rows = np.stack([example.features for example in examples]) * used
    right = np.zeros(rows.shape[:2])
    for number, example in enumerate(examples):
        right[number, list(example.right)] = 1
    values = np.zeros(len(FEATURES) + len(TERMS))
    speed, size = np.zeros_like(values), np.zeros_like(values)
    for step in range(1, _STEPS + 1):
        model = _model(values)
        given = model.probabilities(rows)
        wanted = given * right
        wanted /= wanted.sum(axis=1, keepdims=True) + 1e-12
        off = given - wanted
        slope = np.concatenate(
            [
                np.einsum("nt,nts->s", off, rows) / len(rows) + _WEIGHT_PENALTY * model.weights,
                off.sum(axis=0) / len(rows) + _BIAS_PENALTY * model.biases,
            ]
        )
        speed, size = 0.9 * speed + 0.1 * slope, 0.999 * size + 0.001 * slope**2
        values -= _PACE * (speed / (1 - 0.9**step)) / (np.sqrt(size / (1 - 0.999**step)) + 1e-8)
        values[: len(FEATURES)] = np.maximum(values[: len(FEATURES)], 0)
    return _model(np.round(values, 3))


def _model(values: Floats) -> TopicModel:
    return TopicModel(values[: len(FEATURES)], values[len(FEATURES) :], SURE_FROM)


def held_out(examples: Sequence[Example], features: Sequence[bool] | None = None) -> Floats:
    """The probabilities of each example's topics, by a model of the other folds."""
    probabilities = np.zeros((len(examples), len(TERMS)))
    used = np.array(features if features is not None else [True] * len(FEATURES))
    for fold in range(_FOLDS):
        model = fit([example for example in examples if example.fold != fold], features)
        for number, example in enumerate(examples):
            if example.fold == fold:
                probabilities[number] = model.probabilities(example.features * used)
    return probabilities


def print_figures(examples: Sequence[Example], show_errors: bool) -> None:
    """Print what is right of all and of the topics given, by kind of article and threshold."""
    by_words = [feature.source == TopicSource.WORDS for feature in FEATURES]
    by_names = [feature.source != TopicSource.WORDS for feature in FEATURES]
    for title, features in (("all features", None), ("words alone", by_words), ("names alone", by_names)):
        probabilities = held_out(examples, features)
        for kind in KINDS:
            rows = [number for number, example in enumerate(examples) if example.kind == kind]
            print(f"{title:12} {kind:20}", *(_shares(examples, probabilities, rows, at) for at in _THRESHOLDS))
        if show_errors and features is None:
            _print_errors(examples, probabilities)


def _shares(examples: Sequence[Example], probabilities: Floats, rows: Sequence[int], threshold: float) -> str:
    given = [row for row in rows if examples[row].features.any() and probabilities[row].max() >= threshold]
    right = sum(int(probabilities[row].argmax()) in examples[row].right for row in given)
    return f"{threshold:.1f}: {right / len(rows):.3f} {right / max(1, len(given)):.3f} "


def _print_errors(examples: Sequence[Example], probabilities: Floats) -> None:
    for example, row in zip(examples, probabilities, strict=True):
        best = int(row.argmax())
        if example.kind == KINDS[0] and (best not in example.right or row[best] < SURE_FROM):
            wanted = " / ".join(TERMS[topic] for topic in example.right)
            print(f"{example.page_id[:24]:24} {wanted}: {TERMS[best]} {row[best]:.2f}  {example.article.headline}")


def as_json(model: TopicModel, labels: int) -> str:
    """The model as the package reads it."""
    about = {
        "what": f"A weight for each feature and a bias for each topic, fitted on {labels} articles labelled by hand.",
        "licence": "Made by newsbeam, Apache-2.0.",
        "rebuild": "python -m benchmarks.train_topics, with --output transforms/enrich/topics",
    }
    weights = {feature.name: float(weight) for feature, weight in zip(FEATURES, model.weights, strict=True)}
    biases = {term: float(bias) for term, bias in zip(TERMS, model.biases, strict=True)}
    data = {"_about": about, "sure_from": model.sure_from, "weights": weights, "biases": biases}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
