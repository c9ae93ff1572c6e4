"""Fills in an article's facts: language, length, agencies, dateline, countries, topic."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from schemas.article import Article
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.enrich.datelines.dateline import find_dateline, labels_in_capitals
from transforms.enrich.languages.detect import detect_language
from transforms.enrich.languages.detector import load_detector
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.enrich.places.countries import find_countries
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.enrich.topics.topic import find_topic, load_topics
from transforms.text.agency_names import load_agencies

_STATED = frozenset({"article_section", "keywords"})
"""Columns that extraction fills and names the sources of."""

_labels = lru_cache(maxsize=1)(labels_in_capitals)


def enrich_article(article: Article) -> Article:
    """The article with its facts, from `in_language` to `facts_sources`, filled from its text.

    Expects a cleaned text. The given `in_language`, which page or feed declares, is only a hint. A text without words
    gives None, 0 and empty tuples. Deterministic; depends on this article alone.
    """
    text = article.article_body
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    language = detect_language(text, article.in_language)
    stated = tuple(source for source in article.facts_sources or () if source[0] in _STATED)
    if language is None:
        return replace(
            article, in_language=None, word_count=0, wire_sources=(), dateline=None, countries=(), topic=None,
            topic_source=None, facts_sources=stated,
        )  # fmt: skip
    topic = find_topic(article, language.tag)
    sources = dict(stated) | {"in_language": language.source} | ({"topic": str(topic.source)} if topic else {})
    places, agencies = load_gazetteer(language.tag), load_agencies()
    return replace(
        article,
        in_language=language.tag,
        word_count=count_words(text),
        wire_sources=find_wire_sources(article, blocks, agencies),
        dateline=find_dateline(blocks, places, agencies, _labels()),
        countries=find_countries(article.headline or "", text, article.publisher_domain, places),
        topic=topic.term if topic else None,
        topic_source=str(topic.source) if topic else None,
        facts_sources=tuple(sorted(sources.items())),
    )


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    _labels()
    load_gazetteer("en")
    load_kinds()
    load_topics()
