"""Decisions are put into rows; a publisher's name that the site gives says so."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from schemas.article import ARTICLES
from tests.rows import article
from transforms.lake.writing.decided_rows import GIVEN, with_decisions

OWN = article(publisher_name="Sport", facts_sources=(("in_language", "text"), ("publisher_name", "page")))


def decided(names: list[str | None]) -> list[tuple[str | None, object]]:
    """The name and the sources of rows that state "Sport", and for which these names are decided."""
    rows = pa.concat_tables([ARTICLES.as_given([OWN])] * len(names))
    decisions = rows.select(GIVEN).set_column(
        GIVEN.index("publisher_name"), "publisher_name", pa.array(names, pa.string())
    )
    return [(row.publisher_name, row.facts_sources) for row in ARTICLES.from_arrow(with_decisions(rows, decisions))]


def test_the_name_of_the_site_takes_the_place_of_the_pages_own() -> None:
    own = ("Sport", OWN.facts_sources)
    of_site = ("Lindmere Post", (("in_language", "text"), ("publisher_name", "site")))
    assert decided(["Sport", "Lindmere Post"]) == [own, of_site]
    assert decided(["Sport"]) == [own]


def test_a_row_without_sources_gets_that_one() -> None:
    rows = ARTICLES.as_given([replace(OWN, publisher_name=None, facts_sources=None)])
    decisions = ARTICLES.as_given([OWN]).select(GIVEN)
    (row,) = ARTICLES.from_arrow(with_decisions(rows, decisions))
    assert (row.publisher_name, row.facts_sources) == ("Sport", (("publisher_name", "site"),))
