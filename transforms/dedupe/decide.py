"""From an article's place among copies to the verdict on it."""

from __future__ import annotations

from schemas.fingerprint import Fingerprint
from transforms.dedupe.cluster import Placement
from transforms.dedupe.verdict import Outcome, Relation, Verdict


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
