"""One page to one article: the pure steps in their order, as a worker process runs them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.article import Article
from schemas.failure import Reason
from schemas.fingerprint import Fingerprint
from schemas.page import Page
from transforms.clean.clean_text import clean_article
from transforms.dedupe.fingerprint import fingerprint_of
from transforms.enrich.enrich_article import enrich_article
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import ExtractError, extract_article


@dataclass(frozen=True, slots=True)
class Built:
    """An article that is complete but for its copies, and the fingerprint to find them by."""

    page_id: str
    article: Article
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class BuildPage:
    """Builds pages of one run; pickles, so that the run's workers can call it.

    `plainly` builds by steps of linear time only, for the second try at a page that was too much for the first.
    """

    ingested_at_us: int
    run_id: str
    plainly: bool = False

    def __call__(self, page: Page) -> Built:
        """Extract, clean, enrich, fingerprint. Raises ExtractError."""
        extracted = extract_article(page, self.ingested_at_us, self.run_id, plainly=self.plainly)
        article = clean_article(extracted)
        if not article.article_body:
            raise ExtractError(Reason.NO_ARTICLE, "nothing but furniture: cleaning left no text")
        article = enrich_article(article)
        fingerprint = fingerprint_of(article, page.page_id)
        return Built(page.page_id, replace(article, content_hash=fingerprint.content_hash), fingerprint)


def build_pages(ingested_at_us: int, run_id: str) -> BuildTwice[Built]:
    """The build of a run's pages, with its cheaper second try."""
    return BuildTwice(BuildPage(ingested_at_us, run_id), BuildPage(ingested_at_us, run_id, plainly=True))
