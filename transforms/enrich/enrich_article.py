"""Fills in an article's facts: language, length, agencies, dateline, countries, entities, topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.article import Article, Entity
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.enrich.datelines.country import country_of
from transforms.enrich.datelines.dateline import find_dateline, no_places
from transforms.enrich.datelines.regions import load_regions
from transforms.enrich.entities.by_spacy.models import OWN
from transforms.enrich.entities.entity_model import load_entity_model
from transforms.enrich.entities.find_entities import WITH_STRUCTURED, find_entities
from transforms.enrich.languages.detect import detect_language
from transforms.enrich.languages.detector import load_detector
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.enrich.places.countries import find_countries
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.enrich.places.home_country import publisher_country
from transforms.enrich.topics.topic import find_topic, load_topics
from transforms.text.agency_names import load_agencies

_STATED = frozenset({"article_section", "keywords"})
"""Columns that extraction fills and names the sources of."""


_WARM = "Mayor Jane Roe of Musterhausen told the Harbour Board on Monday."
"""A made-up text with names: what it needs is loaded before workers are forked."""


def enrich_article(article: Article, entities_by: str = OWN) -> Article:
    """The article with its facts, from `in_language` to `facts_sources`, filled from its text.

    Expects a cleaned text. The given `in_language`, which page or feed declares, is only a hint. A text without words
    gives None, 0 and empty tuples. Names are told `entities_by` our own rules, or spaCy (`SPACY`). Deterministic;
    depends on this article alone.
    """
    text = article.article_body
    named = "page" if article.publisher_name else None
    language = detect_language(text, article.in_language)
    told_before = dict(article.facts_sources or ())
    stated = {column: told for column, told in told_before.items() if column in _STATED}
    if language is None:
        return replace(
            article,
            in_language=None,
            word_count=0,
            wire_sources=(),
            dateline=None,
            dateline_country=None,
            countries=(),
            entities=(),
            topic=None,
            topic_source=None,
            facts_sources=_told(stated | {"publisher_name": named}),
        )
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    places, regions = load_gazetteer(language.tag), load_regions()
    home = publisher_country(article.publisher_domain, article.publisher_name, language.tag, article.feed_country)
    wire = find_wire_sources(article, blocks, load_agencies(), home)
    dateline = find_dateline(blocks, places, regions)
    printed = dateline and dateline.printed
    filed_in = country_of(dateline, places, regions, home) if dateline else None
    countries = find_countries(article.headline or "", text, printed, home, places)
    stated_names = _stated_entities(article, told_before)
    entities = find_entities(article.headline or "", text, article.keywords, stated_names, places, teller=entities_by)
    topic = find_topic(article, language.tag)
    sources = stated | {
        "in_language": language.source,
        "publisher_name": named,
        "wire_sources": ", ".join(wire.places),
        "dateline": "text" if printed else None,
        "dateline_country": filed_in and filed_in.source,
        "countries": countries.source,
        "entities": entities.source and told_before.get("entities", entities.source),
        "topic": topic and str(topic.source),
    }
    return replace(
        article,
        in_language=language.tag,
        word_count=count_words(text),
        wire_sources=wire.names,
        dateline=printed,
        dateline_country=filed_in and filed_in.code,
        countries=countries.codes,
        entities=entities.entities,
        topic=topic and topic.term,
        topic_source=topic and str(topic.source),
        facts_sources=_told(sources),
    )


def _told(sources: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    """The facts that something told, by the names of their columns."""
    return tuple(sorted((column, source) for column, source in sources.items() if source))


def _stated_entities(article: Article, told_before: Mapping[str, str]) -> tuple[Entity, ...]:
    """The entities that the page's structured data names: before the first enrichment all that extraction left, later
    those found, if structured data told some of them."""
    if "in_language" not in told_before or told_before.get("entities") in WITH_STRUCTURED:
        return article.entities
    return ()


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    no_places()
    load_regions()
    load_gazetteer("en")
    publisher_country("", None, "en")
    load_entity_model()
    find_entities("", _WARM, (), (), load_gazetteer("en"))
    load_kinds()
    load_topics()
