"""Fills in an article's facts: language, length, agencies, dateline, countries."""

from __future__ import annotations

from dataclasses import replace

from schemas.article import Article
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.enrich.datelines.country import country_of
from transforms.enrich.datelines.dateline import find_dateline, no_places
from transforms.enrich.datelines.regions import load_regions
from transforms.enrich.languages.detect import detect_language
from transforms.enrich.languages.detector import load_detector
from transforms.enrich.languages.words import count_words, load_kinds
from transforms.enrich.places.countries import find_countries, home_country
from transforms.enrich.places.gazetteer import load_gazetteer
from transforms.text.agency_names import load_agencies


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
            article,
            in_language=None,
            word_count=0,
            wire_sources=(),
            dateline=None,
            dateline_country=None,
            countries=(),
            facts_sources=(),
        )
    sources = {"in_language": language.source}
    places, regions = load_gazetteer(language.tag), load_regions()
    wire = find_wire_sources(article, blocks, load_agencies())
    if wire.names:
        sources["wire_sources"] = ", ".join(wire.places)
    dateline = find_dateline(blocks, places, regions)
    country = None
    if dateline is not None:
        sources["dateline"] = "text"
        country = country_of(dateline, places, regions, home_country(article.publisher_domain))
        if country is not None:
            sources["dateline_country"] = country.source
    return replace(
        article,
        in_language=language.tag,
        word_count=count_words(text),
        wire_sources=wire.names,
        dateline=dateline.printed if dateline is not None else None,
        dateline_country=country.code if country is not None else None,
        countries=find_countries(article.headline or "", text, article.publisher_domain, places),
        facts_sources=tuple(sorted(sources.items())),
    )


def warm_up() -> None:
    """Load the model and the data, so that workers forked afterwards share them (about one processor-second)."""
    load_detector()
    load_agencies()
    no_places()
    load_regions()
    load_gazetteer("en")
    load_kinds()
