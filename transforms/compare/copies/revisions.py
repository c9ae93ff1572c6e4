"""One article, several pages or several fetches: which page stands for it, and is it news?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.verdict import Outcome, Verdict


class Kept(NamedTuple):
    """An article that will be a row: its fingerprint with the revision set, and the cluster if it is kept.

    `revises` says that there is a former revision, in an earlier run.
    """

    fingerprint: Fingerprint
    revises: bool = False


def by_freshness(draft: Fingerprint) -> tuple[int, int, str]:
    """Sort key of pages that gave the same article, the one to keep first; total, page ids being distinct.

    The latest fetch; among equals the longest text (a page behind a paywall is the shorter); then the page's id.
    """
    return -draft.fetched_at_us, -draft.word_count, draft.page_id


def choose_pages(drafts: Iterable[Fingerprint], earlier: Mapping[str, Fingerprint]) -> tuple[list[Kept], list[Verdict]]:
    """The articles to write, in the order of their ids, and the verdicts on all other drafts.

    Shingles are not looked at. `earlier` is the latest known revision by article id. An article whose words are those
    of its latest revision is unchanged, also where the site's furniture, known by now, was not known then; one with
    other words is the next revision and stays in its cluster.
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
    """The hash of the words as the page printed them."""
    return one.page_hash or one.content_hash


def _ended(draft: Fingerprint, outcome: Outcome, revision: int, cluster_id: str | None) -> Verdict:
    return Verdict(draft.page_id, draft.article_id, draft.partition, outcome, revision, cluster_id=cluster_id)
