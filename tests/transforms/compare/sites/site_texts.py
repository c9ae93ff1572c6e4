"""Articles of made-up sites: stories no two of which share a sentence, and furniture around them."""

from __future__ import annotations

import random

from schemas.article import Article
from schemas.site import SiteMemory, SitePage
from tests.rows import article
from transforms.compare.sites.site_blocks import Learned, learn_site, site_page

_WORDS = (
    "harbour council bridge river engineer pillar spring winter mayor vote repair ferry school teacher hospital budget "
    "street market farmer orchard storm tunnel library museum concert festival bakery station railway signal timber "
    "mountain valley glacier lantern copper granite meadow sparrow heron beacon causeway quarry workshop"
).split()


def paragraph(seed: object, words: int = 24) -> str:
    """A paragraph of its own for each seed: a sentence of that many words."""
    rng = random.Random(str(seed))
    return " ".join(rng.choices(_WORDS, k=words)).capitalize() + f" {seed}."


def story(seed: object, paragraphs: int = 6) -> list[str]:
    """The paragraphs of a story."""
    return [paragraph(f"{seed} {number}") for number in range(paragraphs)]


def told(name: str, lines: list[str], site: str = "example.org") -> Article:
    """An article of these lines."""
    return article(article_id=name, article_body="\n".join(lines), publisher_domain=site)


def learn(articles: list[Article], before: SiteMemory | None = None) -> Learned:
    """What a site learns from articles of one run; each article's name is its page's."""
    return learn_site(pages_of(articles), before, 0)


def pages_of(articles: list[Article]) -> list[SitePage]:
    """The pages of articles, named alike."""
    return [site_page(one.article_id, one) for one in articles]
