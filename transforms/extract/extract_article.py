"""A page to an article: pure, deterministic, and run where it can be killed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

from schemas.article import Article, RemovalReason, Removed
from schemas.failure import Reason
from schemas.page import Page
from transforms.extract import metadata
from transforms.extract.block_model import BlockModel, load_block_model
from transforms.extract.dates import DatedBy
from transforms.extract.isolate import Isolated, JudgedBlock, isolate_text, page_blocks
from transforms.extract.page_facts import PageFacts, page_facts
from transforms.extract.page_kind import PageKind, page_kind
from transforms.extract.parse import is_costly, parse_page
from transforms.extract.plain_text import plain_text
from transforms.extract.seed import find_seed
from transforms.text.charset import decode_body
from transforms.web.urls import registrable_domain, url_key

EXTRACTOR = f"trafilatura {trafilatura.__version__}"
PLAIN_EXTRACTOR = "newsbeam plain_text"

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


class Extracted(NamedTuple):
    """An article with its text, metadata and rights, and the page's blocks with what became of each."""

    article: Article
    blocks: tuple[JudgedBlock, ...]


def extract_article(
    page: Page, ingested_at_us: int, run_id: str, *, plainly: bool = False, model: BlockModel | None = None
) -> Extracted:
    """The page's article; facts and copies are for later stages. `model` judges its blocks, None: the package's own.

    `plainly` leaves out what may take long on hostile markup (trafilatura), as is done anyway where there is
    too much of something on the page. Raises ExtractError (EMPTY_BODY, NO_ARTICLE). Hostile bytes may take long or
    much memory: run it in a sandbox.
    """
    text, _ = decode_body(page.body, page.charset)
    if not text.strip():
        raise ExtractError(Reason.EMPTY_BODY, "the page has no text")
    with _library("lxml"):
        tree = parse_page(text)
    if tree is None:
        raise ExtractError(Reason.NO_ARTICLE, "the page is no HTML document")
    facts = page_facts(tree)
    plainly = plainly or is_costly(tree)
    found = _plain(tree) if plainly else _found(tree, facts, page, model or load_block_model())
    if len(found.isolated.body) < _MIN_CHARS:
        raise ExtractError(Reason.NO_ARTICLE, "no article text found on the page or in the feed")
    dated = metadata.published(facts, page)
    kind = page_kind(facts, tree, found.isolated.body, page)
    article = _article(page, facts, found, dated, kind, ingested_at_us, run_id)
    return Extracted(article, found.isolated.blocks)


class _Text(NamedTuple):
    isolated: Isolated
    source: str
    extractor: str


def _plain(tree: HtmlElement) -> _Text:
    return _Text(Isolated(plain_text(tree), (), by_model=False), "page_plain", PLAIN_EXTRACTOR)


def _found(tree: HtmlElement, facts: PageFacts, page: Page, model: BlockModel) -> _Text:
    """The text that stands on the page, else in the full content that the feed carries."""
    on_page = _isolated(tree, facts, page, model, "page")
    if len(on_page.isolated.body) >= _MIN_CHARS or not page.entry_content_html:
        return on_page
    with _library("lxml"):
        content = parse_page(f"<html><body><article>{page.entry_content_html}</article></body></html>")
    return on_page if content is None else _isolated(content, page_facts(content), page, model, "feed")


def _isolated(tree: HtmlElement, facts: PageFacts, page: Page, model: BlockModel, source: str) -> _Text:
    blocks = page_blocks(tree)
    with _library("trafilatura"):
        seed = find_seed(tree, page.final_url, blocks)
    isolated = isolate_text(blocks, seed, facts, model)
    return _Text(isolated, source, f"{EXTRACTOR}, {model.name}" if isolated.by_model else EXTRACTOR)


def _article(
    page: Page,
    facts: PageFacts,
    text: _Text,
    dated: DatedBy | None,
    kind: PageKind,
    ingested_at_us: int,
    run_id: str,
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
        article_body=text.isolated.body,
        body_source=text.source,
        extractor=text.extractor,
        content_hash="",
        headline=metadata.headline(facts, page, publisher),
        description=metadata.description(facts, page),
        authors=metadata.authors(facts, page, publisher),
        image_url=metadata.image_url(facts, page),
        article_section=metadata.section(facts, page),
        keywords=metadata.keywords(facts, page),
        in_language=metadata.language(facts, page),
        date_published_us=dated.us if dated else None,
        date_published_source=dated.source if dated else None,
        date_precision=dated.precision if dated else None,
        date_modified_us=metadata.modified_us(facts, page, dated),
        is_accessible_for_free=metadata.is_free(facts),
        license=metadata.license_of(facts),
        usage_directives=metadata.usage_directives(facts, page),
        removed=tuple(Removed(block, str(RemovalReason.MODEL)) for block in text.isolated.removed),
        page_kind=str(kind),
        recovered=text.isolated.recovered,
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
