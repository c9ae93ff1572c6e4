"""Pages for the tests of metadata, and what is read from them."""

from __future__ import annotations

import json
from typing import Any

from trafilatura.utils import load_html

from tests.rows import page
from transforms.extract.dates.dates import DatedBy
from transforms.extract.dates.published import published
from transforms.extract.facts.metadata import Metadata, read_metadata
from transforms.extract.facts.page_facts import PageFacts, page_facts

PROSE = (
    "The harbour of Lindmere will close for three weeks in April, the port authority said, because the northern quay "
    "has to be raised by half a metre before the spring floods arrive."
)
STORY = f"<p>{PROSE}</p>" * 6


def facts_of(head: str = "", body: str = "", attributes: str = "") -> PageFacts:
    """The facts of a page with this head and body."""
    return page_facts(load_html(f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>"))


def metadata_of(head: str = "", body: str = "", attributes: str = "", **values: Any) -> Metadata:
    """The metadata of a page with this head and body; `values` are those of its Page."""
    return read_metadata(facts_of(head, body, attributes), page(**values))


def authors_of(head: str = "", body: str = "", **values: Any) -> tuple[str, ...]:
    """The authors of such a page."""
    return metadata_of(head, body, **values).authors


def headline_of(head: str = "", body: str = "", **values: Any) -> str | None:
    """The headline of such a page."""
    return metadata_of(head, body, **values).headline


def publisher_of(head: str = "", body: str = "", **values: Any) -> str | None:
    """The publisher's name of such a page."""
    return metadata_of(head, body, **values).publisher_name


def published_of(head: str = "", body: str = "", attributes: str = "", **values: Any) -> DatedBy | None:
    """The publication of such a page."""
    return published(facts_of(head, body, attributes), page(**values))


def story(byline: str = "", title: str = "Quay closes", below: str = "") -> str:
    """A body: headline, byline, story, and what stands below it."""
    return f"<main><h1>{title}</h1><div>{byline}</div>{STORY}{below}</main>"


def json_ld(**values: Any) -> str:
    """A script of structured data about a news article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **values})}</script>'
