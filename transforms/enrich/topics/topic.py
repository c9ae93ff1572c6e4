"""The topic of an article, by a small model over its features; none where it is not sure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article
from transforms.enrich.data_files import read_json
from transforms.enrich.topics.features import FEATURES, TopicSource, features_of
from transforms.enrich.topics.section_names import load_section_names
from transforms.enrich.topics.terms import TERMS
from transforms.enrich.topics.words import load_topic_words

MODEL_FILE = "topic_model.json"


class Topic(NamedTuple):
    """One of the top terms, and what told it."""

    term: str
    source: TopicSource


@dataclass(frozen=True, slots=True)
class TopicModel:
    """A linear model that is the same for all topics: a weight for each feature, a bias for each topic, and the
    probability from which on a topic is given."""

    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    sure_from: float

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each topic, by the features (topics × features) of one article or of several at once."""
        odds = features @ self.weights + self.biases
        exponents = np.exp(odds - odds.max(axis=-1, keepdims=True))
        probabilities: NDArray[np.float64] = exponents / exponents.sum(axis=-1, keepdims=True)
        return probabilities


def find_topic(article: Article, language: str) -> Topic | None:
    """What the article is about, by its section, address, keywords, headline and text; None where that is not sure.

    Expects a cleaned text in this language. Deterministic; depends on this article alone.
    """
    features = features_of(article, load_topic_words().get(language))
    if not features.any():
        return None
    model = load_topic_model()
    probabilities = model.probabilities(features)
    best = int(probabilities.argmax())
    if probabilities[best] < model.sure_from:
        return None
    return Topic(TERMS[best], _told_by(features[best] * model.weights))


def _told_by(parts: NDArray[np.float64]) -> TopicSource:
    """The source whose features speak most for the topic."""
    sums = dict.fromkeys(TopicSource, 0.0)
    for feature, part in zip(FEATURES, parts, strict=True):
        sums[feature.source] += float(part)
    return max(sums, key=lambda source: sums[source])


@lru_cache(maxsize=1)
def load_topic_model() -> TopicModel:
    """The package's model, read once in a process. ValueError if it was trained on other features or topics."""
    data: dict[str, Any] = read_json(f"topics/{MODEL_FILE}")
    if tuple(data["weights"]) != tuple(feature.name for feature in FEATURES) or tuple(data["biases"]) != TERMS:
        raise ValueError("the topic model was trained on other features: run python -m benchmarks.train_topics")
    return TopicModel(
        np.array(list(data["weights"].values())), np.array(list(data["biases"].values())), float(data["sure_from"])
    )


def load_topics() -> None:
    """Read all that topics are found by, so that workers forked afterwards share it (0.05 processor-seconds)."""
    load_section_names()
    load_topic_words()
    load_topic_model()
