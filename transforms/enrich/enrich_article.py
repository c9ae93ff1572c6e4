"""Fills in an article's facts: language, length, agencies, dateline, countries, entities."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from schemas.article import Article, Entity
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.enrich.datelines.dateline import find_dateline, labels_in_capitals
from transforms.enrich.entities.entity_model import load_entity_model
from transforms.enrich.entities.find_entities import find_entities
from transforms.enrich.languages.detect import detect_language
from transforms.enrich.languages.detector import load_detector
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.enrich.places.countries import find_countries
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.text.agency_names import load_agencies

_labels = lru_cache(maxsize=1)(labels_in_capitals)


_WARM = "Mayor Jane Roe of Musterhausen told the Harbour Board on Monday."
"""A made-up text with names: what it needs is loaded before workers are forked."""


def enrich_article(article: Article) -> Article:
    """The article with its facts, from `in_language` to `facts_sources`, filled from its text.

    Expects a cleaned text. The given `in_language`, which page or feed declares, is only a hint. A text without words
    gives None, 0 and empty tuples. Deterministic; depends on this article alone.
    """
    text = article.article_body
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    language = detect_language(text, article.in_language)
    if language is None:
        return replace(
            article, in_language=None, word_count=0, wire_sources=(), dateline=None, countries=(), entities=()
        )
    sources = {"in_language": language.source}
    places, agencies = load_gazetteer(language.tag), load_agencies()
    found = find_entities(article.headline or "", text, article.keywords, _stated(article), places)
    if found.source is not None:
        sources["entities"] = dict(article.facts_sources or ()).get("entities", found.source)
    return replace(
        article,
        in_language=language.tag,
        word_count=count_words(text),
        wire_sources=find_wire_sources(article, blocks, agencies),
        dateline=find_dateline(blocks, places, agencies, _labels()),
        countries=find_countries(article.headline or "", text, article.publisher_domain, places),
        entities=found.entities,
        facts_sources=tuple(sorted(sources.items())),
    )


def _stated(article: Article) -> tuple[Entity, ...]:
    """The entities that the page's structured data names: before the first enrichment all that `extract` left, later
    those found, if structured data told some of them."""
    if article.facts_sources is None:
        return article.entities
    return article.entities if dict(article.facts_sources).get("entities") in ("structured", "both") else ()


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    _labels()
    load_entity_model()
    find_entities("", _WARM, (), (), load_gazetteer("en"))
    load_kinds()
