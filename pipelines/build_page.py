"""One page to one article: the pure steps in their order, as a worker process runs them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas.article import ARTICLES, Article, RemovalReason
from schemas.failure import Reason
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.page import Page
from schemas.site import SitePage
from schemas.story import STORIES, Sketch
from transforms.clean.clean_text import clean_article
from transforms.clean.site_blocks import learn_site, site_page, without_site_blocks
from transforms.dedupe.candidates import postings_of
from transforms.dedupe.compare import compare_all
from transforms.dedupe.fingerprint import fingerprint_of
from transforms.dedupe.overlap import text_of
from transforms.dedupe.revisions import settle
from transforms.enrich.enrich_article import enrich_article
from transforms.extract.block_model import BlockModel
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import Extracted, ExtractError, Plainly, extract_article
from transforms.sandbox import Guarded
from transforms.stories.group import tell_stories
from transforms.stories.sketch import sketch_of


@dataclass(frozen=True, slots=True)
class Built:
    """An article that is complete but for its site's furniture, copies and story, and what these are found by.

    `plainly` says why the simpler extractor found its text, None where it did not. `is_adopted`: its page comes from a
    run that died, and must not fail this one too.
    """

    page_id: str
    article: Article
    fingerprint: Fingerprint
    site_page: SitePage
    sketch: Sketch
    plainly: Plainly | None = None
    is_adopted: bool = False


@dataclass(frozen=True, slots=True)
class BuildPage:
    """Builds pages of one run; pickles, so that the run's workers can call it.

    `model` judges the blocks of pages, None being the package's own. A page that was too much for the first try is
    built a second time `plainly`, by steps of linear time only.
    """

    ingested_at_us: int
    run_id: str
    model: BlockModel | None = field(default=None, kw_only=True)

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Built:
        """Extract, clean, enrich, fingerprint. Raises ExtractError."""
        cleaned = self.cleaned(page, plainly)
        return replace(_finished(page.page_id, cleaned.article), plainly=cleaned.plainly)

    def cleaned(self, page: Page, plainly: Plainly | None = None) -> Extracted:
        """The article with its furniture removed, and the blocks of its page. Raises ExtractError."""
        extracted = self._extracted(page, plainly)
        article = clean_article(extracted.article)
        if not article.article_body and any(block.reason == RemovalReason.COOKIES for block in article.removed):
            extracted = self._extracted(page, plainly, is_notice=True)
            article = clean_article(extracted.article)
        if not article.article_body:
            raise ExtractError(Reason.NO_ARTICLE, "nothing but furniture: cleaning left no text")
        return extracted._replace(article=article)

    def _extracted(self, page: Page, plainly: Plainly | None, *, is_notice: bool = False) -> Extracted:
        return extract_article(
            page, self.ingested_at_us, self.run_id, plainly=plainly, model=self.model, is_notice=is_notice
        )


@dataclass(frozen=True, slots=True)
class ExplainPage:
    """The same build, that tells also what became of the page's blocks; pickles."""

    build: BuildPage

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Extracted:
        """The finished article and the blocks of its page. Raises ExtractError."""
        cleaned = self.build.cleaned(page, plainly)
        return cleaned._replace(article=_finished(page.page_id, cleaned.article).article)


def build_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Built]:
    """The build of a run's pages, with its cheaper second try."""
    build = BuildPage(ingested_at_us, run_id)
    return BuildTwice(build, build)


@dataclass(frozen=True, slots=True)
class BuildCarefully:
    """Builds pages of runs that died, and takes each draft alone through the steps that will meet it with others.

    What a page is going to raise there it raises here, where it is known which page it is.
    """

    build: BuildPage

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Built:
        """The draft. Raises ExtractError, and whatever a bug raises."""
        return rehearsed(replace(self.build(page, plainly), is_adopted=True))


def build_carefully(ingested_at_us: int, run_id: str) -> BuildTwice[Built]:
    """The build of adopted pages: the same drafts as `build_pages` gives, and a BugError for what a bug raises."""
    build = Guarded(BuildCarefully(BuildPage(ingested_at_us, run_id)), (ExtractError,))
    return BuildTwice(build, build)


def rehearsed(built: Built) -> Built:
    """The draft unchanged, once its site, copies and story were told as if it were the only one, and its rows made."""
    ARTICLES.to_arrow([built.article])
    FINGERPRINTS.to_arrow([built.fingerprint])
    STORIES.to_arrow([built.sketch])
    learn_site([built.site_page], None, built.article.ingested_at_us)
    drafts, _ = settle([built.fingerprint], {})
    postings_of([draft.fingerprint for draft in drafts])
    one = text_of(built.fingerprint)
    other = one._replace(article_id=f"{one.article_id} again")
    list(compare_all([one, other], {one.article_id: [other.article_id]}, frozenset()))
    tell_stories([built.sketch, replace(built.sketch, article_id=other.article_id)])
    return built


def explain_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Extracted]:
    """The same with the blocks of each page."""
    explain = ExplainPage(BuildPage(ingested_at_us, run_id))
    return BuildTwice(explain, explain)


def without_furniture(built: Built, furniture: frozenset[int]) -> Built:
    """The same without the blocks of its text that its site prints everywhere, all that follows from the text anew."""
    rest = _finished(built.page_id, without_site_blocks(built.article, furniture))
    fingerprint = replace(rest.fingerprint, page_hash=built.fingerprint.content_hash)
    rest = replace(rest, fingerprint=fingerprint, plainly=built.plainly, is_adopted=built.is_adopted)
    return rehearsed(rest) if rest.is_adopted else rest


def _finished(page_id: str, article: Article) -> Built:
    article = enrich_article(article)
    fingerprint = fingerprint_of(article, page_id)
    article = replace(article, content_hash=fingerprint.content_hash)
    return Built(page_id, article, fingerprint, site_page(page_id, article), sketch_of(article, page_id))
