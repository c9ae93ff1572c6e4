"""Small whole rows for tests: each takes only the values that the test is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.article import Article
from schemas.draft import Draft
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.sites.site_blocks import site_page
from transforms.compare.stories.sketch import sketch_of

NOON_US = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z


def article(**values: Any) -> Article:
    """An article with the given values."""
    plain = Article(
        article_id="a" * 32,
        url="https://example.org/a",
        canonical_url="https://example.org/a",
        publisher_domain="example.org",
        publisher_name=None,
        feed_url="https://example.org/feed",
        entry_id="1",
        fetched_at_us=NOON_US,
        ingested_at_us=NOON_US,
        run_id="run",
        article_body="A body.",
        body_source="page",
        extractor="test",
        content_hash="c" * 32,
    )
    return replace(plain, **values)


def entry(**values: Any) -> FeedEntry:
    """A feed entry with the given values."""
    url = values.pop("url", "https://example.org/a")
    return replace(
        FeedEntry(feed_url="https://example.org/feed", entry_id=url, url=url, url_key=values.pop("url_key", "0" * 32)),
        **values,
    )


def page(**values: Any) -> Page:
    """A fetched page with the given values."""
    plain = Page(
        url="https://example.org/a",
        url_key="0" * 32,
        final_url="https://example.org/a",
        status=200,
        content_type="text/html",
        charset=None,
        headers=(),
        body=b"<html></html>",
        fetched_at_us=NOON_US,
        run_id="run",
        feed_url="https://example.org/feed",
        feed_title=None,
        entry_id="1",
        entry_title=None,
        entry_summary=None,
        entry_content_html=None,
        entry_authors=(),
        entry_keywords=(),
        entry_language=None,
        entry_image_url=None,
        entry_published_us=None,
        entry_updated_us=None,
        elapsed_ms=1,
    )
    return replace(plain, **values)


def draft(page_id: str = "page", **values: Any) -> Draft:
    """The draft of an article with the given values, as a page with this id would give it."""
    made = article(**{"ingested_at_us": 0, "run_id": ""} | values)
    return Draft(page_id, made, fingerprint_of(made, page_id), site_page(page_id, made), sketch_of(made, page_id))
