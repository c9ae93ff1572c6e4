"""A page to an article: pure, deterministic, and run where it can be killed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement
from trafilatura.utils import load_html

from schemas.article import Article
from schemas.failure import Reason
from schemas.page import Page
from transforms.extract import metadata
from transforms.extract.dates import DatedBy
from transforms.extract.page_facts import PageFacts, page_facts
from transforms.extract.slim_html import slim_html
from transforms.text.charset import decode_body
from transforms.web.urls import registrable_domain, url_key

EXTRACTOR = f"trafilatura {trafilatura.__version__}"

_MIN_CHARS = 25
"""A shorter text is a label or an error message, no article; the feed's own content is tried instead."""


class ExtractError(Exception):
    """The page holds no article, for a reason of the closed list."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both, so that it pickles on its way out of a worker process
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


def extract_article(page: Page, ingested_at_us: int, run_id: str) -> Article:
    """The page's article with its text, metadata and rights; facts and copies are for later stages.

    Raises ExtractError (EMPTY_BODY, NO_ARTICLE). Hostile bytes may take long or much memory: run it in a sandbox.
    """
    text, _ = decode_body(page.body, page.charset)
    if not text.strip():
        raise ExtractError(Reason.EMPTY_BODY, "the page has no text")
    tree = _parsed(slim_html(text))
    if tree is None:
        raise ExtractError(Reason.NO_ARTICLE, "the page is no HTML document")
    facts = page_facts(tree)
    body, source = _body(tree, page)
    if len(body) < _MIN_CHARS:
        raise ExtractError(Reason.NO_ARTICLE, "no article text found on the page or in the feed")
    dated = metadata.published(facts, page)
    return _article(page, facts, _Text(body, source), dated, ingested_at_us, run_id)


class _Text(NamedTuple):
    body: str
    source: str


def _body(tree: HtmlElement, page: Page) -> tuple[str, str]:
    """The text, one block a line, and its source: the page, else the full content that the feed carries."""
    body = _isolated(tree, page.final_url)
    if len(body) < _MIN_CHARS and page.entry_content_html:
        content = _parsed(f"<html><body><article>{page.entry_content_html}</article></body></html>")
        fed = _isolated(content, page.final_url) if content is not None else ""
        if len(fed) > len(body):
            return fed, "feed"
    return body, "page"


def _parsed(text: str) -> HtmlElement | None:
    with _library("lxml"):
        return load_html(text)


def _isolated(tree: HtmlElement, url: str) -> str:
    with _library("trafilatura"):
        document = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=False)
    return (document.text or "").strip() if document is not None else ""


def _article(
    page: Page, facts: PageFacts, text: _Text, dated: DatedBy | None, ingested_at_us: int, run_id: str
) -> Article:
    canonical = metadata.canonical_url(facts, page)
    publisher = metadata.site_name(facts, page)
    return Article(
        article_id=url_key(canonical),
        url=page.url,
        canonical_url=canonical,
        publisher_domain=registrable_domain(canonical),
        publisher_name=publisher,
        feed_url=page.feed_url,
        entry_id=page.entry_id,
        fetched_at_us=page.fetched_at_us,
        ingested_at_us=ingested_at_us,
        run_id=run_id,
        article_body=text.body,
        body_source=text.source,
        extractor=EXTRACTOR,
        content_hash="",
        headline=metadata.headline(facts, page, publisher),
        description=metadata.description(facts, page),
        authors=metadata.authors(facts, page, publisher),
        image_url=metadata.image_url(facts, page),
        article_section=metadata.section(facts),
        keywords=metadata.keywords(facts, page),
        in_language=metadata.language(facts, page),
        date_published_us=dated.us if dated else None,
        date_published_source=dated.source if dated else None,
        date_precision=dated.precision if dated else None,
        date_modified_us=metadata.modified_us(facts, page),
        is_accessible_for_free=metadata.is_free(facts),
        license=metadata.license_of(facts),
        usage_directives=metadata.usage_directives(facts, page),
    )


@contextmanager
def _library(name: str) -> Iterator[None]:
    """A library's call on hostile bytes: whatever it raises there is the page's failure, not the run's.

    Its log of each discarded page is kept to itself: the failure row says it, with the address.
    """
    logger = logging.getLogger("trafilatura")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise ExtractError(Reason.CRASH, f"{name} raised {type(error).__name__}: {error}"[:500]) from error
    finally:
        logger.setLevel(level)
