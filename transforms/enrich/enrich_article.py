"""Fills in an article's facts: language, length, agencies, dateline, countries."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from schemas.article import Article
from transforms.enrich.countries import find_countries
from transforms.enrich.dateline import find_dateline, labels_in_capitals
from transforms.enrich.detector import load_detector
from transforms.enrich.gazetteer import load_gazetteer
from transforms.enrich.language import detect_language
from transforms.enrich.wire import find_wire_sources
from transforms.enrich.words import count_words, load_kinds
from transforms.text.agency_names import load_agencies

_labels = lru_cache(maxsize=1)(labels_in_capitals)


def enrich_article(article: Article) -> Article:
    """The article with `in_language`, `word_count`, `wire_sources`, `dateline` and `countries` filled from its text.

    Expects a cleaned text. The given `in_language`, which page or feed declares, is only a hint. A text without words
    gives None, 0 and empty tuples. Deterministic; depends on this article alone.
    """
    text = article.article_body
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    language = detect_language(text, article.in_language)
    if language is None:
        return replace(article, in_language=None, word_count=0, wire_sources=(), dateline=None, countries=())
    places, agencies = load_gazetteer(language), load_agencies()
    return replace(
        article,
        in_language=language,
        word_count=count_words(text),
        wire_sources=find_wire_sources(article, blocks, agencies),
        dateline=find_dateline(blocks, places, agencies, _labels()),
        countries=find_countries(article.headline or "", text, article.publisher_domain, places),
    )


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    _labels()
    load_gazetteer("en")
    load_kinds()
