"""A page to an article: pure, deterministic, and run where it can be killed."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

from schemas.article import Article, RemovalReason, Removed
from schemas.failure import Reason, ReasonedError
from schemas.page import Page
from transforms.extract.body.block_model import BlockModel, load_block_model
from transforms.extract.body.isolate import Isolated, JudgedBlock, isolate_text, page_blocks
from transforms.extract.body.other_stories import drop_other_stories
from transforms.extract.body.plain_text import plain_text
from transforms.extract.body.seed import find_seed
from transforms.extract.dates.dates import DatedBy
from transforms.extract.facts import metadata
from transforms.extract.facts.page_facts import PageFacts, page_facts
from transforms.extract.kind.page_kind import PageKind, page_kind
from transforms.extract.kind.stand_in import awaits_program, behind_shell, behind_wall, is_shell
from transforms.extract.kind.wall import ONLY_TO_READER, wall_sign
from transforms.extract.page.library import LibraryError
from transforms.extract.page.parse import is_costly, parse_page
from transforms.text.charset import decode_body
from transforms.web.urls import registrable_domain, url_key

EXTRACTOR = f"trafilatura {trafilatura.__version__}"
PLAIN_EXTRACTOR = "newsbeam plain_text"

_MIN_CHARS = 25
"""A shorter text is a label or an error message, no article; the feed's own content is tried instead."""


class ExtractError(ReasonedError):
    """The page holds no article, for a reason of the closed list."""


class Plainly(StrEnum):
    """Why a page is built by our own `plain_text`, without trafilatura and the model."""

    TOO_LARGE = "too_large"
    LIBRARY_ERROR = "library_error"
    SECOND_TRY = "second_try"


class Extracted(NamedTuple):
    """An article with its text, metadata and rights, the page's blocks with what became of each, and why it was built
    plainly, if it was."""

    article: Article
    blocks: tuple[JudgedBlock, ...]
    plainly: Plainly | None = None


def extract_article(
    page: Page,
    *,
    plainly: Plainly | None = None,
    model: BlockModel | None = None,
    is_notice: bool = False,
) -> Extracted:
    """The page's article; facts and copies are for later stages. `model` judges its blocks, None: the package's own.

    `plainly` says why to leave out what may take long on hostile markup (trafilatura), as is done anyway where there
    is too much of something on the page. The feed's full content stands in for a page without a text, for a shell, and
    for a wall, also for one that is known as such by its text (`is_notice`: nothing but cookie notices). Raises
    ExtractError (EMPTY_BODY, NO_ARTICLE, WALL). Hostile bytes may take long or much memory: run it in a sandbox.
    """
    text, _ = decode_body(page.body, page.charset)
    if not text.strip():
        raise ExtractError(Reason.EMPTY_BODY, "the page has no text")
    tree = _parsed(text)
    if tree is None:
        raise ExtractError(Reason.NO_ARTICLE, "the page is no HTML document")
    facts = page_facts(tree, page.final_url)
    if plainly is None and is_costly(tree):
        plainly = Plainly.TOO_LARGE
    if plainly is None:
        drop_other_stories(tree, facts, page.final_url)
    model = model or load_block_model()
    found = _text(tree, facts, page, model, plainly, "page")
    wall = "no text but notices" if is_notice else wall_sign(facts, tree, found.isolated.body, page)
    stands_in = wall in (None, ONLY_TO_READER) and is_shell(facts, found.isolated.body, page)
    is_bare = len(found.isolated.body) < _MIN_CHARS
    if (wall or stands_in or is_bare) and (content := _content(page)) is not None:
        told = page_facts(content)
        fed = _text(content, told, page, model, plainly, "feed")
        if wall or is_bare or len(fed.isolated.body) > len(found.isolated.body):
            found = fed
            if wall or stands_in:
                facts, page = (behind_shell if stands_in else behind_wall)(facts, told, page)
                tree = content
    has_text = len(found.isolated.body) >= _MIN_CHARS
    if wall and not (has_text and found.source == "feed"):
        raise ExtractError(Reason.WALL, f"a wall in place of the article, and no text in the feed: {wall}"[:500])
    if not has_text or (stands_in and found.source != "feed" and awaits_program(tree)):
        raise ExtractError(Reason.NO_ARTICLE, "no article text found on the page or in the feed")
    dated = metadata.published(facts, page)
    kind = page_kind(facts, tree, found.isolated.body, page)
    article = _article(page, facts, found, dated, kind)
    return Extracted(article, found.isolated.blocks, plainly)


def _parsed(markup: str) -> HtmlElement | None:
    try:
        return parse_page(markup)
    except LibraryError as error:
        raise ExtractError(Reason.CRASH, str(error)) from error


class _Text(NamedTuple):
    isolated: Isolated
    source: str
    extractor: str


def _text(
    tree: HtmlElement, facts: PageFacts, page: Page, model: BlockModel, plainly: Plainly | None, source: str
) -> _Text:
    if plainly is not None:
        body = plain_text(tree)
        return _Text(Isolated(body, (), by_model=False), "page_plain" if source == "page" else source, PLAIN_EXTRACTOR)
    return _isolated(tree, facts, page, model, source)


def _content(page: Page) -> HtmlElement | None:
    """The full content that the feed carries, as a page of its own; None where it has none."""
    if not page.entry_content_html:
        return None
    return _parsed(f"<html><body><article>{page.entry_content_html}</article></body></html>")


def _isolated(tree: HtmlElement, facts: PageFacts, page: Page, model: BlockModel, source: str) -> _Text:
    blocks = page_blocks(tree)
    try:
        seed = find_seed(tree, page.final_url, blocks)
    except LibraryError as error:
        raise ExtractError(Reason.CRASH, str(error)) from error
    isolated = isolate_text(blocks, seed, facts, model)
    return _Text(isolated, source, f"{EXTRACTOR}, {model.name}" if isolated.by_model else EXTRACTOR)


def _article(
    page: Page,
    facts: PageFacts,
    text: _Text,
    dated: DatedBy | None,
    kind: PageKind,
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
        article_body=text.isolated.body,
        body_source=text.source,
        extractor=text.extractor,
        content_hash="",
        headline=metadata.headline(facts, page, publisher, text_is_fed=text.source == "feed"),
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
