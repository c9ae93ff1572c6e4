"""One page to one article: the pure steps in their order, as a worker process runs them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas.article import Article, RemovalReason
from schemas.failure import Reason
from schemas.fingerprint import Fingerprint
from schemas.page import Page
from schemas.site import SitePage
from schemas.story import Sketch
from transforms.clean.clean_text import clean_article
from transforms.clean.site_blocks import site_page, without_site_blocks
from transforms.dedupe.fingerprint import fingerprint_of
from transforms.enrich.enrich_article import enrich_article
from transforms.extract.block_model import BlockModel
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import Extracted, ExtractError, extract_article
from transforms.stories.sketch import sketch_of


@dataclass(frozen=True, slots=True)
class Built:
    """An article that is complete but for its site's furniture, copies and story, and what these are found by."""

    page_id: str
    article: Article
    fingerprint: Fingerprint
    site_page: SitePage
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class BuildPage:
    """Builds pages of one run; pickles, so that the run's workers can call it.

    `plainly` builds by steps of linear time only, for the second try at a page that was too much for the first.
    `model` judges the blocks of pages, None being the package's own.
    """

    ingested_at_us: int
    run_id: str
    plainly: bool = field(default=False, kw_only=True)
    model: BlockModel | None = field(default=None, kw_only=True)

    def __call__(self, page: Page) -> Built:
        """Extract, clean, enrich, fingerprint. Raises ExtractError."""
        return _finished(page.page_id, self.cleaned(page).article)

    def cleaned(self, page: Page) -> Extracted:
        """The article with its furniture removed, and the blocks of its page. Raises ExtractError."""
        extracted = self._extracted(page)
        article = clean_article(extracted.article)
        if not article.article_body and any(block.reason == RemovalReason.COOKIES for block in article.removed):
            extracted = self._extracted(page, is_notice=True)
            article = clean_article(extracted.article)
        if not article.article_body:
            raise ExtractError(Reason.NO_ARTICLE, "nothing but furniture: cleaning left no text")
        return extracted._replace(article=article)

    def _extracted(self, page: Page, *, is_notice: bool = False) -> Extracted:
        return extract_article(
            page, self.ingested_at_us, self.run_id, plainly=self.plainly, model=self.model, is_notice=is_notice
        )


@dataclass(frozen=True, slots=True)
class ExplainPage:
    """The same build, that tells also what became of the page's blocks; pickles."""

    build: BuildPage

    def __call__(self, page: Page) -> Extracted:
        """The finished article and the blocks of its page. Raises ExtractError."""
        cleaned = self.build.cleaned(page)
        return cleaned._replace(article=_finished(page.page_id, cleaned.article).article)


def build_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Built]:
    """The build of a run's pages, with its cheaper second try."""
    return BuildTwice(BuildPage(ingested_at_us, run_id), BuildPage(ingested_at_us, run_id, plainly=True))


def explain_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Extracted]:
    """The same with the blocks of each page."""
    first, second = BuildPage(ingested_at_us, run_id), BuildPage(ingested_at_us, run_id, plainly=True)
    return BuildTwice(ExplainPage(first), ExplainPage(second))


def without_furniture(built: Built, furniture: frozenset[int]) -> Built:
    """The same without the blocks of its text that its site prints everywhere, all that follows from the text anew."""
    rest = _finished(built.page_id, without_site_blocks(built.article, furniture))
    return replace(rest, fingerprint=replace(rest.fingerprint, page_hash=built.fingerprint.content_hash))


def _finished(page_id: str, article: Article) -> Built:
    article = enrich_article(article)
    fingerprint = fingerprint_of(article, page_id)
    article = replace(article, content_hash=fingerprint.content_hash)
    return Built(page_id, article, fingerprint, site_page(page_id, article), sketch_of(article, page_id))
