"""Chooses one page for each article, and decides whether it is new, a revision or unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.verdict import Outcome, Verdict


class Kept(NamedTuple):
    """An article that will be a row: its fingerprint with the revision set, and the former revision's cluster.

    `revises` says that an earlier run wrote a former revision.
    """

    fingerprint: Fingerprint
    revises: bool = False


def by_freshness(draft: Fingerprint) -> tuple[int, int, str]:
    """Sort key of pages of one article, the page to keep first; a total order, since page ids are distinct.

    The latest fetch comes first; of one instant the longest text (a page behind a paywall is shorter); then by page id.
    """
    return -draft.fetched_at_us, -draft.word_count, draft.page_id


def choose_pages(drafts: Iterable[Fingerprint], earlier: Mapping[str, Fingerprint]) -> tuple[list[Kept], list[Verdict]]:
    """The articles to write, in the order of their ids, and the verdicts on all other drafts.

    `earlier` has the latest known revision by article id; shingles are not used. An article with the same words as its
    latest revision is unchanged; words are compared as the page printed them, so furniture that was learned since makes
    no difference. An article with other words is the next revision and stays in its cluster.
    """
    by_article: dict[str, list[Fingerprint]] = {}
    for draft in sorted(drafts, key=by_freshness):
        by_article.setdefault(draft.article_id, []).append(draft)
    chosen, ended = [], []
    for article_id in sorted(by_article):
        kept, *others = by_article[article_id]
        former = earlier.get(article_id)
        if former is None:
            chosen.append(Kept(kept))
        elif _printed(former) == _printed(kept):
            ended.append(_ended(kept, Outcome.UNCHANGED, former.revision, former.cluster_id))
        else:
            cluster_id = former.cluster_id or article_id
            revised = replace(kept, revision=former.revision + 1, cluster_id=cluster_id)
            chosen.append(Kept(revised, revises=True))
        revision = 1 if former is None else former.revision + (_printed(former) != _printed(kept))
        ended += [_ended(other, Outcome.SAME_ARTICLE, revision, None) for other in others]
    return chosen, ended


def _printed(one: Fingerprint) -> str:
    """The hash of the words as the page printed them, the site's furniture included."""
    return one.page_hash or one.content_hash


def _ended(draft: Fingerprint, outcome: Outcome, revision: int, cluster_id: str | None) -> Verdict:
    return Verdict(draft.page_id, draft.article_id, draft.partition, outcome, revision, cluster_id=cluster_id)
