"""What section, address, keywords and words of an article say of its topic: features, each with a value by topic."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from schemas.article import Article
from transforms.enrich.topics.section_names import Votes, votes_of
from transforms.enrich.topics.terms import TERMS
from transforms.enrich.topics.words import TopicWords
from transforms.web.urls import BadUrl, parse_url

_LEAD_CHARS = 500
_BODY_CHARS = 2_000
_UNSPACED_CHARS = 1_000
"""The most that is read of a text: after so much, what it is about has been said."""

_MAX_KEYWORDS = 20
_MAX_STEPS = 5
_FEW = 4.0
_HOSTS: Final = frozenset({"www", "m", "amp", "mobile"})


class TopicSource(StrEnum):
    """What told a topic; the values of the column `topic_source`."""

    SECTION = "section"
    ADDRESS = "address"
    KEYWORDS = "keywords"
    WORDS = "words"


class Feature(NamedTuple):
    """A column of the model: its name, and whose it is."""

    name: str
    source: TopicSource


FEATURES: Final = (
    Feature("section", TopicSource.SECTION),
    Feature("wide section", TopicSource.SECTION),
    Feature("section, few words", TopicSource.SECTION),
    Feature("step", TopicSource.ADDRESS),
    Feature("wide step", TopicSource.ADDRESS),
    Feature("step, few words", TopicSource.ADDRESS),
    Feature("keyword", TopicSource.KEYWORDS),
    Feature("words of keywords", TopicSource.KEYWORDS),
    Feature("keyword, few words", TopicSource.KEYWORDS),
    Feature("words of the headline", TopicSource.WORDS),
    Feature("words of the lead", TopicSource.WORDS),
    Feature("words of the text", TopicSource.WORDS),
)
"""``few words`` are the names again, the heavier the fewer words of the text are known: 1 / (1 + words / 4)."""


def features_of(article: Article, known: TopicWords | None) -> NDArray[np.float64]:
    """The features of an article as an array (topics × features); all 0 where nothing tells.

    `known` are the words of the article's language, None where there are none.
    """
    section = votes_of([article.article_section] if article.article_section else [])
    address = votes_of(steps_of(article.canonical_url))
    keywords = votes_of(article.keywords[:_MAX_KEYWORDS], in_words=False)
    none = np.zeros(len(TERMS))
    headline = lead = text = tagged = none
    if known is not None:
        body = article.article_body
        text = known.weights(body[: _UNSPACED_CHARS if known.is_unspaced else _BODY_CHARS])
        lead = known.weights(body[:_LEAD_CHARS])
        headline = known.weights(article.headline or "")
        tagged = known.weights(" ; ".join(article.keywords[:_MAX_KEYWORDS]))
    few = _FEW / (_FEW + text.sum() + headline.sum())
    return np.stack(
        [
            *_columns(section, few),
            *_columns(address, few),
            _column(keywords.sure),
            np.log1p(tagged),
            few * (_column(keywords.sure) + np.log1p(tagged)),
            np.log1p(headline),
            np.log1p(lead),
            np.log1p(text),
        ],
        axis=1,
    )


def _columns(votes: Votes, few: float) -> tuple[NDArray[np.float64], ...]:
    sure, wide = _column(votes.sure), _column(votes.wide)
    return sure, wide, few * (sure + wide / 2)


def _column(weights: Mapping[int, float]) -> NDArray[np.float64]:
    column = np.zeros(len(TERMS))
    for topic, weight in weights.items():
        column[topic] = weight
    return column


def steps_of(address: str) -> list[str]:
    """The names in an address that may be sections: of its host without the domain, and the steps before the last."""
    try:
        url = parse_url(address)
    except BadUrl:
        return []
    hosts = [name for name in url.hostname.split(".")[:-2] if name not in _HOSTS]
    steps = [step for step in unquote(url.pathname).split("/") if step]
    return hosts[-1:] + steps[:-1][:_MAX_STEPS]
