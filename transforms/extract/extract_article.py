"""A page to an article: pure, deterministic, and run where it can be killed."""

from __future__ import annotations

from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

from schemas.article import Article, Link, PageKind, RemovalReason, Removed
from schemas.draft import LengthSigns
from schemas.failure import Reason
from schemas.page import Page
from transforms.extract.body.alone import isolate_alone, prose_window
from transforms.extract.body.block_model import BlockModels, load_block_models
from transforms.extract.body.by_seed import text_by_seed
from transforms.extract.body.features.block_features import measured
from transforms.extract.body.isolate import Isolated, JudgedBlock, page_blocks
from transforms.extract.body.other_stories import other_stories
from transforms.extract.body.plain_text import plain_lines
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.extract.facts.canonical import base_of
from transforms.extract.facts.metadata import Metadata, read_metadata
from transforms.extract.facts.page_facts import PageFacts, page_facts
from transforms.extract.kind.completeness import length_signs
from transforms.extract.kind.page_kind import page_kind
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.kind.stand_in import awaits_program, behind_shell, behind_wall, is_shell
from transforms.extract.kind.wall import ONLY_TO_READER, wall_sign
from transforms.extract.library import LibraryError
from transforms.extract.lines.links import links_of
from transforms.extract.page.story_tree import StoryTree, into_story_tree
from transforms.extract.page.text_blocks import TextBlock
from transforms.extract.parsing.parse import is_costly, parse_page
from transforms.text.body_blocks import placed_blocks
from transforms.text.charset import decode_body
from transforms.web.chosen.feed_settings import TextFrom
from transforms.web.urls import registrable_domain, url_key

EXTRACTOR = f"trafilatura {trafilatura.__version__}"
PLAIN_EXTRACTOR = "newsbeam plain_text"

_MIN_CHARS = 25
"""A shorter text is a label or an error message, no article; the feed's own content is tried instead."""


class Extracted(NamedTuple):
    """An article with its text, metadata and rights, the page's blocks with what became of each, what the page shows of
    the text's length, and why it was built plainly, if it was."""

    article: Article
    blocks: tuple[JudgedBlock, ...]
    length: LengthSigns
    plainly: Plainly | None = None


def extract_article(
    page: Page,
    *,
    plainly: Plainly | None = None,
    models: BlockModels | None = None,
    is_notice: bool = False,
    keep_links: bool = False,
    text_from: TextFrom | None = None,
) -> Extracted:
    """The page's article; facts and copies are for later stages. `models` judge its blocks, None: the package's own.

    `plainly` says why to leave out what may take long on hostile markup (trafilatura), as is done anyway where there is
    too much of something on the page. The feed's full content stands in for a page without a text, for a shell, and for
    a wall, also for one that is known as such by its text (`is_notice`: nothing but cookie notices). With `text_from`
    the feed it comes first, wherever it has a text; with `text_from` the page it never stands in. All else is read from
    the page. Raises ExtractError (EMPTY_BODY, NO_ARTICLE, WALL). Hostile bytes may take long or much memory: run it in
    a sandbox.
    """
    tree = _page_tree(page)
    facts = page_facts(tree, page.final_url)
    plainly = plainly or (Plainly.TOO_LARGE if is_costly(tree) else None)
    means = _Means(None if plainly else models or load_block_models(), keep_links, text_from)
    story = into_story_tree(tree, other_stories(tree, facts, page.final_url)) if means.judge else StoryTree(tree)
    own = _find_text(page, facts, story, means)
    wall = "no text but notices" if is_notice else wall_sign(own.read)
    found = _own_or_fed(own, wall, means)
    kind = page_kind(found.read)
    said = read_metadata(found.read.facts, found.read.page, text_is_fed=found.is_fed)
    length = length_signs(found.read, found.text.behind, is_fed=found.is_fed)
    return Extracted(_article(found, kind, said), found.text.blocks, length, plainly)


class _Means(NamedTuple):
    """What a text is found by: the models that judge blocks, None for plain means; whether its links are kept; and
    where it is taken from, None: from the page if that has one."""

    judge: BlockModels | None
    keep_links: bool
    text_from: TextFrom | None


class _Found(NamedTuple):
    """A page with the text that was found on it or in its feed, by what it was found, and its links, if kept."""

    read: ReadPage
    text: Isolated
    extractor: str
    links: tuple[Link, ...] | None
    is_fed: bool = False


def _page_tree(page: Page) -> HtmlElement:
    text, _ = decode_body(page.body, page.charset)
    if not text.strip():
        raise ExtractError(Reason.EMPTY_BODY, "the page has no text")
    tree = _parsed(text)
    if tree is None:
        raise ExtractError(Reason.NO_ARTICLE, "the page is no HTML document")
    return tree


def _parsed(markup: str) -> HtmlElement | None:
    try:
        return parse_page(markup)
    except LibraryError as error:
        raise ExtractError(Reason.CRASH, str(error)) from error


def _find_text(page: Page, facts: PageFacts, story: StoryTree, means: _Means) -> _Found:
    """The text in a story tree, by models, with trafilatura where they are not sure; without models, plainly."""
    if means.judge is None:
        lines = plain_lines(story.root, keep_links=means.keep_links)
        text, extractor = Isolated(lines, (), by_model=False), PLAIN_EXTRACTOR
    else:
        blocks = page_blocks(story.root, keep_links=means.keep_links)
        text, extractor = _judged_text(page, facts, story, blocks, means.judge)
    links = links_of(text.lines, base_of(facts, page)) if means.keep_links else None
    return _Found(ReadPage(page, facts, story, text.body), text, extractor, links)


def _judged_text(
    page: Page, facts: PageFacts, story: StoryTree, blocks: list[TextBlock], judge: BlockModels
) -> tuple[Isolated, str]:
    known = measured(blocks, facts, prose_window(blocks))
    alone, by_blocks = isolate_alone(known, judge.alone), f"newsbeam {judge.alone.name}"
    if alone is not None and alone.is_sure:
        return alone.text, by_blocks
    text_alone = alone.text if alone is not None else None
    try:
        text = text_by_seed(known, story.root, page.final_url, judge.seeded, text_alone)
    except LibraryError as error:
        raise ExtractError(Reason.CRASH, str(error)) from error
    if text is text_alone:
        return text, by_blocks
    return text, f"{EXTRACTOR}, {judge.seeded.name}" if text.by_model else EXTRACTOR


def _find_fed_text(page: Page, means: _Means) -> _Found | None:
    """The text of the full content that the feed carries, read as a page of its own; None where it carries none."""
    if not page.entry_content_html or means.text_from is TextFrom.PAGE:
        return None
    tree = _parsed(f"<html><body><article>{page.entry_content_html}</article></body></html>")
    if tree is None:
        return None
    facts = page_facts(tree)
    story = into_story_tree(tree) if means.judge else StoryTree(tree)
    return _find_text(page, facts, story, means)._replace(is_fed=True)


def _own_or_fed(own: _Found, wall: str | None, means: _Means) -> _Found:
    """What was found on the page; where that is a wall, a shell, or hardly a text, or where the user says so, what is
    found in the feed."""
    stands_in = wall in (None, ONLY_TO_READER) and is_shell(own.read)
    is_bare = len(own.text.body) < _MIN_CHARS
    if not (wall or stands_in or is_bare or means.text_from is TextFrom.FEED):
        return own
    fed = _find_fed_text(own.read.page, means)
    is_wanted = wall or is_bare or means.text_from is TextFrom.FEED
    needed = _MIN_CHARS if is_wanted else len(own.text.body) + 1
    if fed is not None and len(fed.text.body) >= needed:
        if stands_in:
            return fed._replace(read=behind_shell(own.read, fed.read))
        if wall:
            return fed._replace(read=behind_wall(own.read, fed.read))
        return fed._replace(read=own.read._replace(body=fed.text.body))
    if wall:
        raise ExtractError(Reason.WALL, f"a wall in place of the article, and no text in the feed: {wall}"[:500])
    if is_bare or (stands_in and awaits_program(own.read.story)):
        raise ExtractError(Reason.NO_ARTICLE, "no article text found on the page or in the feed")
    return own


def _article(found: _Found, kind: PageKind, said: Metadata) -> Article:
    page, text = found.read.page, found.text
    own_source = "page_plain" if found.extractor == PLAIN_EXTRACTOR else "page"
    return Article(
        article_id=url_key(said.canonical_url),
        url=page.url,
        publisher_domain=registrable_domain(said.canonical_url),
        feed_url=page.feed_url,
        entry_id=page.entry_id,
        fetched_at_us=page.fetched_at_us,
        article_body=text.body,
        body_source="feed" if found.is_fed else own_source,
        extractor=found.extractor,
        content_hash="",
        removed=tuple(_removed(block, text) for block in text.removed),
        page_kind=str(kind),
        recovered=text.recovered,
        blocks=placed_blocks(text.body, (line.kind for line in text.lines)),
        links=found.links,
        canonical_url=said.canonical_url,
        publisher_name=said.publisher_name,
        headline=said.headline,
        description=said.description,
        byline=said.byline,
        authors=said.authors,
        author_organizations=said.author_organizations,
        image_url=said.image_url,
        article_section=said.article_section,
        keywords=said.keywords,
        entities=said.entities,
        in_language=said.in_language,
        date_published_us=said.date_published_us,
        date_published_source=said.date_published_source,
        date_precision=said.date_precision,
        published_day=said.published_day,
        date_offset_minutes=said.date_offset_minutes,
        date_modified_us=said.date_modified_us,
        is_accessible_for_free=said.is_accessible_for_free,
        license=said.license,
        usage_directives=said.usage_directives,
        facts_sources=said.facts_sources,
        feed_country=page.feed_country,
        feed_tags=page.feed_tags,
    )


def _removed(block: str, text: Isolated) -> Removed:
    if block in text.picture_sources:
        return Removed(block, str(RemovalReason.PICTURE_SOURCE))
    return Removed(block, str(RemovalReason.PROMOTION if block in text.pointers else RemovalReason.MODEL))
