"""Builds the draft of one page: the pure steps in their order, as a worker process runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.article import Article, RemovalReason
from schemas.draft import Draft, LengthSigns, drafts_to_arrow
from schemas.failure import Reason
from schemas.page import Page
from transforms.clean.clean_text import clean_article
from transforms.compare.copies.candidates import postings_of
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.pairs.compare import compare_all
from transforms.compare.copies.pairs.overlap import text_of
from transforms.compare.copies.revisions import choose_pages
from transforms.compare.sites.site_blocks import learn_site, site_page, without_site_blocks
from transforms.compare.stories.across.trace import traced
from transforms.compare.stories.group import group_stories
from transforms.compare.stories.sketch import sketch_of
from transforms.enrich.enrich_article import enrich_article
from transforms.enrich.entities.by_spacy.models import OWN
from transforms.extract.body.block_model import BlockModels
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import Extracted, extract_article
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.extract.kind.completeness import is_complete
from transforms.pages.revisit.revisit_end import Looked
from transforms.sandbox import BugError, Guarded
from transforms.text.shingles import hash_normalised, normalise
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices


@dataclass(frozen=True, slots=True)
class BuildPage:
    """Builds drafts of pages. Can be pickled, so that workers can call it.

    `models` judge the blocks of pages; None: the package's own. The links of texts are kept if `keep_links`. Sketches
    have what stories `across_languages` are found by, if so. Names are told `entities_by` our own rules or spaCy.
    `feeds` say from where texts are taken. A page that was too much for the first try is built again `plainly`, by
    steps of linear time only.
    """

    models: BlockModels | None = None
    keep_links: bool = False
    across_languages: bool = False
    entities_by: str = OWN
    feeds: FeedChoices = NO_CHOICES

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Draft:
        """The draft of a page: extracted, cleaned, enriched and fingerprinted. Raises ExtractError."""
        cleaned = self.cleaned(page, plainly)
        draft = replace(self.finished(page, cleaned), plainly=cleaned.plainly)
        return replace(draft, sketch=traced(draft)) if self.across_languages else draft

    def cleaned(self, page: Page, plainly: Plainly | None = None) -> Extracted:
        """The article without its furniture, and the blocks of its page. Raises ExtractError."""
        extracted = self._extracted(page, plainly)
        article = clean_article(extracted.article)
        if not article.article_body and any(block.reason == RemovalReason.COOKIES for block in article.removed):
            extracted = self._extracted(page, plainly, is_notice=True)
            article = clean_article(extracted.article)
        if not article.article_body:
            raise ExtractError(Reason.NO_ARTICLE, "nothing but furniture: cleaning left no text")
        return extracted._replace(article=article)

    def finished(self, page: Page, cleaned: Extracted) -> Draft:
        """The draft of a cleaned article, without what stories across languages are found by."""
        return _finished(page.page_id, cleaned.article, cleaned.length, self.entities_by)

    def _extracted(self, page: Page, plainly: Plainly | None, *, is_notice: bool = False) -> Extracted:
        return extract_article(
            page,
            plainly=plainly,
            models=self.models,
            is_notice=is_notice,
            keep_links=self.keep_links,
            text_from=self.feeds.of(page.feed_url).text if self.feeds.choose_texts else None,
        )


@dataclass(frozen=True, slots=True)
class ExplainPage:
    """Builds an article together with the fate of each block of its page. Can be pickled."""

    build: BuildPage

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Extracted:
        """The finished article and the blocks of its page. Raises ExtractError."""
        cleaned = self.build.cleaned(page, plainly)
        return cleaned._replace(article=self.build.finished(page, cleaned).article)


def build(page: Page, plainly: Plainly | None = None, **options: Any) -> Draft:
    """The draft of a page by the package's own models; `options` are those of `BuildPage`. Raises ExtractError."""
    return BuildPage(**options)(page, plainly)


def look_at(page: Page, **options: Any) -> Looked:
    """What a page that is asked for again holds: its article without facts, copies and story. `options` are those of
    `BuildPage`. Raises ExtractError, and BugError for an exception of a bug."""
    cleaned: Extracted = Guarded(BuildPage(**options).cleaned, (ExtractError,))(page)
    article = cleaned.article
    return Looked(article.article_id, hash_normalised(normalise(article.article_body)), article.page_kind)


def build_pages() -> BuildTwice[Draft]:
    """The build of pages, with its cheaper second try."""
    return BuildTwice(build, build)


@dataclass(frozen=True, slots=True)
class BuildCarefully:
    """Builds pages of runs that died, and runs each draft alone through the steps that later compare all drafts.

    If a bug on the page makes these steps raise, it shows here, where the page is known.
    """

    build: BuildPage

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Draft:
        """The draft. Raises ExtractError, and any exception of a bug."""
        return rehearsed(replace(self.build(page, plainly), is_adopted=True))


def build_carefully(page: Page, plainly: Plainly | None = None, **options: Any) -> Draft:
    """`build` for adopted pages: the same drafts; an exception of a bug becomes a BugError."""
    draft: Draft = Guarded(BuildCarefully(BuildPage(**options)), (ExtractError,))(page, plainly)
    return draft


def rehearsed(draft: Draft) -> Draft:
    """The draft, unchanged, after a trial of the later steps on it alone: rows, site, copies and story."""
    drafts_to_arrow([draft])
    learn_site([draft.site_page], None, draft.article.fetched_at_us)
    chosen, _ = choose_pages([draft.fingerprint], {})
    postings_of([one.fingerprint for one in chosen])
    one = text_of(draft.fingerprint)
    other = one._replace(article_id=f"{one.article_id} again")
    list(compare_all([one, other], {one.article_id: [other.article_id]}, frozenset()))
    group_stories([draft.sketch, replace(draft.sketch, article_id=other.article_id)])
    return draft


rehearse = Guarded(rehearsed)
"""`rehearsed`, for drafts of a run that died; an exception of a bug becomes a BugError."""


def explain_pages(keep_links: bool = False, entities_by: str = OWN) -> BuildTwice[Extracted]:
    """The build of articles with the fate of each block of their pages."""
    explain = ExplainPage(BuildPage(keep_links=keep_links, entities_by=entities_by))
    return BuildTwice(explain, explain)


def without_furniture(draft: Draft, furniture: frozenset[int], entities_by: str = OWN) -> Draft:
    """The draft without the blocks that its site repeats on other pages, given as hashes in `furniture`. Language,
    facts, fingerprint and sketch are recomputed from the remaining text."""
    rest = _finished(draft.page_id, without_site_blocks(draft.article, furniture), draft.length, entities_by)
    if draft.sketch.vector is not None:
        rest = replace(rest, sketch=traced(rest, draft))
    fingerprint = replace(rest.fingerprint, page_hash=draft.fingerprint.content_hash)
    rest = replace(rest, fingerprint=fingerprint, plainly=draft.plainly, is_adopted=draft.is_adopted)
    return rehearsed(rest) if rest.is_adopted else rest


def finish_drafts(drafts: Sequence[tuple[Draft, frozenset[int]]], entities_by: str = OWN) -> list[Draft | BugError]:
    """The drafts without the furniture given with each, in order. If a bug raises on an adopted draft, a BugError takes
    the draft's place; on any other draft the exception is raised."""
    return [_without_furniture(draft, furniture, entities_by) for draft, furniture in drafts]


def _without_furniture(draft: Draft, furniture: frozenset[int], entities_by: str) -> Draft | BugError:
    if not draft.is_adopted:
        return without_furniture(draft, furniture, entities_by)
    try:
        finished: Draft = Guarded(without_furniture)(draft, furniture, entities_by)
    except BugError as bug:
        return bug
    return finished


def _finished(page_id: str, article: Article, length: LengthSigns, entities_by: str) -> Draft:
    article = enrich_article(article, entities_by)
    article = replace(article, is_complete=is_complete(article, length))
    normalised = normalise(article.article_body)
    fingerprint = fingerprint_of(article, page_id, normalised)
    article = replace(article, content_hash=fingerprint.content_hash)
    sketch = sketch_of(article, page_id, normalised)
    return Draft(page_id, article, fingerprint, site_page(page_id, article), sketch, length=length)
