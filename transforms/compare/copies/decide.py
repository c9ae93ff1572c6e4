"""The verdict on each draft, from its revision and its place in a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.cluster import Placement
from transforms.compare.copies.pairs.compare import are_unlike
from transforms.compare.copies.verdict import Outcome, Relation, Verdict


def verdict_on(one: Fingerprint, revises: float | None, placement: Placement | None) -> Verdict:
    """The verdict on an article to write: a revision if `revises` is given (its similarity, 0..1, to the former one);
    else a copy, or the original of copies, if it has a placement; else an original without copies."""
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
    """The verdicts on drafts that become no rows, with `is_unlike` set.

    `is_unlike` means that the draft has no passage in common with the page that stands for its article: two stories
    under one id, which no later step can tell apart, or one page that was rewritten. `texts` are the run's fingerprints
    by page_id, `kept` those of drafts that become rows.
    """
    ended = list(ended)
    stands = {one.article_id: one.page_id for one in kept}
    stands |= {one.article_id: one.page_id for one in ended if one.outcome == Outcome.UNCHANGED}
    for verdict in ended:
        is_same = verdict.outcome == Outcome.SAME_ARTICLE
        unlike = is_same and are_unlike(texts[verdict.page_id], texts[stands[verdict.article_id]])
        yield replace(verdict, is_unlike=unlike) if unlike else verdict
