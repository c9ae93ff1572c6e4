"""Fills in an article's facts: language, length, agencies, dateline, countries."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from schemas.article import Article
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.enrich.datelines.dateline import find_dateline, labels_in_capitals
from transforms.enrich.languages.detect import detect_language
from transforms.enrich.languages.detector import load_detector
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.enrich.places.countries import Publisher, find_countries
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.enrich.places.home_country import publisher_country
from transforms.text.agency_names import load_agencies

_labels = lru_cache(maxsize=1)(labels_in_capitals)


def enrich_article(article: Article) -> Article:
    """The article with its facts, from `in_language` to `facts_sources`, filled from its text.

    Expects a cleaned text. The given `in_language`, which page or feed declares, is only a hint. A text without words
    gives None, 0 and empty tuples. Deterministic; depends on this article alone.
    """
    text = article.article_body
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    language = detect_language(text, article.in_language)
    if language is None:
        return replace(article, in_language=None, word_count=0, wire_sources=(), dateline=None, countries=())
    sources = {"in_language": language.source}
    if article.publisher_name:
        sources["publisher_name"] = "page"
    places, agencies = load_gazetteer(language.tag), load_agencies()
    dateline = find_dateline(blocks, places, agencies, _labels())
    publisher = Publisher(article.publisher_domain, article.publisher_name)
    countries = find_countries(article.headline or "", text, dateline, publisher, places)
    if countries.source is not None:
        sources["countries"] = countries.source
    return replace(
        article,
        in_language=language.tag,
        word_count=count_words(text),
        wire_sources=find_wire_sources(article, blocks, agencies),
        dateline=dateline,
        countries=countries.codes,
        facts_sources=tuple(sorted(sources.items())),
    )


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    _labels()
    load_gazetteer("en")
    publisher_country("", None, "en")
    load_kinds()
