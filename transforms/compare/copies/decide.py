"""From an article's place among copies to the verdict on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.cluster import Placement
from transforms.compare.copies.compare import are_unlike
from transforms.compare.copies.verdict import Outcome, Relation, Verdict


def verdict_on(one: Fingerprint, revises: float | None, placement: Placement | None) -> Verdict:
    """The verdict on an article to write: a revision, in common with its former as `revises` says (0..1); else a copy
    or the original of copies, where it has a place; else the original of itself."""
    what: tuple[Relation, str | None, str | None, float | None]
    if revises is not None:
        what = (Relation.REVISION, one.article_id, one.cluster_id, revises)
    elif placement is not None:
        what = (Relation(placement.relation), placement.duplicate_of, placement.cluster_id, placement.similarity)
    else:
        what = (Relation.ORIGINAL, None, one.article_id, None)
    return Verdict(one.page_id, one.article_id, one.partition, Outcome.ARTICLE, one.revision, *what)


def ended_verdicts(
    ended: Iterable[Verdict], texts: Mapping[str, Fingerprint], kept: Iterable[Fingerprint]
) -> Iterator[Verdict]:
    """The verdicts on drafts that are no rows; a page that another of its article stands for is compared with that one.

    `texts` are the run's by page_id, `kept` those that become rows. Two stories under one id are told apart by nothing
    later, so that it is said here; the same page written anew says it, too.
    """
    ended = list(ended)
    stands = {one.article_id: one.page_id for one in kept}
    stands |= {one.article_id: one.page_id for one in ended if one.outcome == Outcome.UNCHANGED}
    for verdict in ended:
        is_same = verdict.outcome == Outcome.SAME_ARTICLE
        unlike = is_same and are_unlike(texts[verdict.page_id], texts[stands[verdict.article_id]])
        yield replace(verdict, is_unlike=unlike) if unlike else verdict
