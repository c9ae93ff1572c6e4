"""What is still known of revisits where the state's record of them is damaged or lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemas.article import Article
from schemas.revisit import Revisit
from transforms.common.clock import DAY_US
from transforms.compare.copies.verdict import Relation
from transforms.web.urls import BadUrl, url_key

_KEPT_US: Final = 8 * DAY_US
"""The intervals that the documents show, and a day; those of the lost rows are not known."""


def rebuilt_revisit(article: Article, now_us: int) -> Iterator[Revisit]:
    """The row of an article, if it is recent and no revision. It counts as asked for now, so that not all are at once:
    an interval is left out, and the next one is kept."""
    until_us = article.fetched_at_us + _KEPT_US
    if article.relation == Relation.REVISION or until_us <= now_us:
        return
    try:
        key = url_key(article.url)
    except BadUrl:
        return
    fetched_us = article.fetched_at_us
    yield Revisit(article.article_id, key, article.publisher_domain, fetched_us, fetched_us, until_us, now_us)
