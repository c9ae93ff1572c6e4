"""Chooses the new articles of a run whose pages are to be asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from schemas.article import PageKind
from schemas.revisit import Revisit
from transforms.compare.copies.verdict import Relation, Verdict
from transforms.compare.run_drafts import DraftColumns
from transforms.web.urls import BadUrl, url_key

AWAITED_SHARD: Final = "00001"
"""The shard of the part with the run's new articles; what it learned of others is in another."""

_COLUMNS: Final = ("article_id", "url", "publisher_domain", "fetched_at", "page_kind")
_NO_ARTICLES: Final = frozenset({PageKind.NOT_FOUND, PageKind.SECTION_FRONT})


def awaited_revisits(
    articles: Iterable[Verdict], drafts: DraftColumns, revisit_us: int, now_us: int
) -> Iterator[Revisit]:
    """The rows by which these articles are asked for again for `revisit_us` after their fetch.

    None for a revision, since the article has a row already; for what is older than that, as the pages of an archive
    that this run has taken over are; and for pages that are no articles.
    """
    new = sorted(one.page_id for one in articles if one.relation != Relation.REVISION)
    for table in drafts.columns("article", _COLUMNS, new):
        instants = table.column("fetched_at").cast(pa.int64()).to_pylist()
        ids, urls, domains, kinds = (table.column(name).to_pylist() for name in (*_COLUMNS[:3], _COLUMNS[4]))
        for article_id, url, domain, fetched_us, kind in zip(ids, urls, domains, instants, kinds, strict=True):
            until_us = fetched_us + revisit_us
            if kind not in _NO_ARTICLES and until_us > now_us and (key := _key(url)) is not None:
                yield Revisit(article_id, key, domain, fetched_us, fetched_us, until_us)


def _key(url: str) -> str | None:
    try:
        return url_key(url)
    except BadUrl:
        return None
