"""Texts made for these tests: invented words in invented order, and fingerprints of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from schemas.article import Article
from schemas.fingerprint import Fingerprint
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.pairs.compare import View, compare_all
from transforms.compare.copies.pairs.overlap import Text

DAY_US = 86_400_000_000
NOON_US = 20_000 * DAY_US + DAY_US // 2

_SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "zo")


def story(seed: int, words: int = 400) -> str:
    """A text of its own: no two seeds share a run of four words."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(words))


def part(text: str, start: int, stop: int) -> str:
    """Some of the words of a text."""
    return " ".join(text.split()[start:stop])


def fingerprint(
    article_id: str,
    body: str,
    *,
    page_id: str | None = None,
    published_us: int | None = NOON_US,
    fetched_at_us: int = NOON_US,
) -> Fingerprint:
    """The fingerprint of an article with this body."""
    url = f"https://news.example/{article_id}"
    article = Article(
        article_id=article_id,
        url=url,
        canonical_url=url,
        publisher_domain="news.example",
        publisher_name=None,
        feed_url="https://news.example/feed",
        entry_id=article_id,
        fetched_at_us=fetched_at_us,
        ingested_at_us=fetched_at_us,
        run_id="run",
        article_body=body,
        body_source="html",
        extractor="test",
        content_hash="",
        date_published_us=published_us,
    )
    return fingerprint_of(article, page_id or f"page of {article_id}")


def view_of(text: Text, others: Sequence[Text], earlier: frozenset[str] = frozenset()) -> View:
    """What one text sees of others."""
    views = {text.article_id: [other.article_id for other in others]}
    return next(compare_all([text, *others], views, earlier))
