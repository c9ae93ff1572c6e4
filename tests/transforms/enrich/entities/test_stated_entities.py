"""Entities that the page's structured data names, and what told them."""

from __future__ import annotations

from dataclasses import replace

from schemas.article import Article, Entity
from tests.transforms.enrich.samples_to_enrich import enriched
from transforms.enrich.enrich_article import enrich_article

BODY = (
    "Mayor Petra Quillfeather said on Monday that the old bridge would close. Quillfeather told "
    "reporters that ferries of "
    "the house of blankwater would run. The bridge has two pillars."
)


def source(article: Article) -> str | None:
    return dict(article.facts_sources or ()).get("entities")


def test_without_structured_data_the_text_told() -> None:
    assert source(enriched(BODY)) == "text"


def test_stated_names_that_the_text_does_not_hold_are_left_out() -> None:
    article = enriched(BODY, entities=(Entity("Zacharias Wimpelbach", "person", 0),))
    assert "Zacharias Wimpelbach" not in {one.name for one in article.entities}
    assert source(article) == "text"


def test_a_stated_name_that_the_recogniser_misses_is_counted_in_the_text() -> None:
    article = enriched(BODY, entities=(Entity("house of blankwater", "organization", 0),))
    assert Entity("house of blankwater", "organization", 1) in article.entities
    assert source(article) == "both"


def test_the_stated_kind_is_believed() -> None:
    article = enriched(BODY, entities=(Entity("Petra Quillfeather", "organization", 0),))
    assert article.entities == (Entity("Petra Quillfeather", "organization", 2),)
    assert source(article) == "structured"


def test_a_second_enrichment_of_the_same_text_changes_nothing() -> None:
    for entities in ((), (Entity("house of blankwater", "organization", 0),)):
        once = enriched(BODY, entities=entities)
        again = enrich_article(once)
        assert (again.entities, source(again)) == (once.entities, source(once))


def test_entities_of_a_removed_block_go_with_it() -> None:
    stated = (Entity("house of blankwater", "organization", 0),)
    once = enriched(f"{BODY}\nMayor Anna Lindqvarn said no.", entities=stated)
    assert "Anna Lindqvarn" in {one.name for one in once.entities}
    again = enrich_article(replace(once, article_body=BODY.replace("house of blankwater", "house")))
    assert {one.name for one in again.entities} == {"Petra Quillfeather"}
