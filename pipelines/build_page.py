"""One page to one article: the pure steps in their order, as a worker process runs them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas.article import ARTICLES, Article
from schemas.failure import Reason
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.page import Page
from schemas.site import SitePage
from schemas.story import STORIES, Sketch
from transforms.clean.clean_text import clean_article
from transforms.clean.site_blocks import learn_site, site_page, without_site_blocks
from transforms.dedupe.candidates import postings_of
from transforms.dedupe.compare import compare
from transforms.dedupe.fingerprint import fingerprint_of
from transforms.dedupe.overlap import text_of
from transforms.dedupe.revisions import settle
from transforms.enrich.enrich_article import enrich_article
from transforms.extract.block_model import BlockModel
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import Extracted, ExtractError, extract_article
from transforms.sandbox import Guarded
from transforms.stories.group import tell_stories
from transforms.stories.sketch import sketch_of


@dataclass(frozen=True, slots=True)
class Built:
    """An article that is complete but for its site's furniture, copies and story, and what these are found by.

    `is_adopted`: its page comes from a run that died, and must not fail this one too.
    """

    page_id: str
    article: Article
    fingerprint: Fingerprint
    site_page: SitePage
    sketch: Sketch
    is_adopted: bool = False


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
        extracted = extract_article(page, self.ingested_at_us, self.run_id, plainly=self.plainly, model=self.model)
        article = clean_article(extracted.article)
        if not article.article_body:
            raise ExtractError(Reason.NO_ARTICLE, "nothing but furniture: cleaning left no text")
        return extracted._replace(article=article)


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


@dataclass(frozen=True, slots=True)
class BuildCarefully:
    """Builds pages of runs that died, and takes each draft alone through the steps that will meet it with others.

    What a page is going to raise there it raises here, where it is known which page it is.
    """

    build: BuildPage

    def __call__(self, page: Page) -> Built:
        """The draft. Raises ExtractError, and whatever a bug raises."""
        return rehearsed(replace(self.build(page), is_adopted=True))


def build_carefully(ingested_at_us: int, run_id: str) -> BuildTwice[Built]:
    """The build of adopted pages: the same drafts as `build_pages` gives, and a BugError for what a bug raises."""
    first, second = BuildPage(ingested_at_us, run_id), BuildPage(ingested_at_us, run_id, plainly=True)
    return BuildTwice(Guarded(BuildCarefully(first), (ExtractError,)), Guarded(BuildCarefully(second), (ExtractError,)))


def rehearsed(built: Built) -> Built:
    """The draft unchanged, once its site, copies and story were told as if it were the only one, and its rows made."""
    ARTICLES.to_arrow([built.article])
    FINGERPRINTS.to_arrow([built.fingerprint])
    STORIES.to_arrow([built.sketch])
    learn_site([built.site_page], None, built.article.ingested_at_us)
    drafts, _ = settle([built.fingerprint], {})
    postings_of([draft.fingerprint for draft in drafts])
    one = text_of(built.fingerprint)
    compare(one, [one._replace(article_id=f"{one.article_id} again")])
    tell_stories([built.sketch, replace(built.sketch, article_id=f"{one.article_id} again")])
    return built


def explain_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Extracted]:
    """The same with the blocks of each page."""
    first, second = BuildPage(ingested_at_us, run_id), BuildPage(ingested_at_us, run_id, plainly=True)
    return BuildTwice(ExplainPage(first), ExplainPage(second))


def without_furniture(built: Built, furniture: frozenset[int]) -> Built:
    """The same without the blocks of its text that its site prints everywhere, all that follows from the text anew."""
    rest = _finished(built.page_id, without_site_blocks(built.article, furniture))
    fingerprint = replace(rest.fingerprint, page_hash=built.fingerprint.content_hash)
    rest = replace(rest, fingerprint=fingerprint, is_adopted=built.is_adopted)
    return rehearsed(rest) if rest.is_adopted else rest


def _finished(page_id: str, article: Article) -> Built:
    article = enrich_article(article)
    fingerprint = fingerprint_of(article, page_id)
    article = replace(article, content_hash=fingerprint.content_hash)
    return Built(page_id, article, fingerprint, site_page(page_id, article), sketch_of(article, page_id))
