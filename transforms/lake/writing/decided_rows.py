"""Puts what was decided of articles into their rows, from Arrow data to Arrow data."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from schemas.article import ARTICLES
from schemas.decision import DECIDED

GIVEN: Final = (*DECIDED, "run_id", "ingested_at")
"""The columns of `articles` that are set here."""

_BY_SITE: Final = "site"
"""What told a publisher's name that other pages of the site state."""


def with_decisions(articles: pa.Table, decided: pa.Table) -> pa.Table:
    """The articles with the columns `GIVEN`, which `decided` has for each of them, in the same order. Where the name of
    the publisher is another than the page's own, `facts_sources` says so."""
    given = {name: decided.column(name) for name in GIVEN}
    given["facts_sources"] = _sources(articles, given["publisher_name"])
    columns = [(given.get(column.name, articles.column(column.name))).cast(column.type) for column in ARTICLES.schema]
    return pa.Table.from_arrays(columns, schema=ARTICLES.stamped_schema)


def _sources(articles: pa.Table, names: pa.ChunkedArray) -> pa.ChunkedArray:
    own, told = articles.column("publisher_name").to_pylist(), names.to_pylist()
    sources = articles.column("facts_sources")
    if own == told:
        return sources
    changed = [
        before if mine == name else sorted((dict(before or ()) | {"publisher_name": _BY_SITE}).items())
        for before, mine, name in zip(sources.to_pylist(), own, told, strict=True)
    ]
    return pa.chunked_array([pa.array(changed, sources.type)])
