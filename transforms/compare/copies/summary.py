"""Sums up a run's copies: the share of each relation, the largest clusters, who copied whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from transforms.compare.copies.verdict import Relation

COPIES: Final = (Relation.EXACT, Relation.NEAR, Relation.ABRIDGED)
"""The relations of a copy to another article; a revision is the same article again, and no copy."""


class Marked(NamedTuple):
    """The columns of one article of a run that the summary uses."""

    article_id: str
    publisher_domain: str
    headline: str | None
    cluster_id: str | None
    relation: str | None
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of copies: its first article's headline, its number of articles in the run and of their publishers."""

    cluster_id: str
    headline: str
    articles: int
    publishers: int


@dataclass(frozen=True, slots=True)
class CopiesSummary:
    """A run's copies. `shares` is the share (0..1) of the run's articles by relation. `copied` lists publisher of the
    copy, publisher of the original and number of copies, most first. `clusters` has the largest first."""

    articles: int
    shares: Mapping[str, float]
    clusters: Sequence[Cluster]
    copied: Sequence[tuple[str, str, int]]


def summarise(articles: Iterable[Marked], publishers: Mapping[str, str], most: int = 10) -> CopiesSummary:
    """The summary of a run's articles; `publishers` has the publishers of originals that earlier runs wrote, by id.

    An original in neither has been forgotten; its publisher is "?". Holds at most `most` clusters and `copied` rows.
    """
    articles = list(articles)
    publisher_of = {**publishers, **{one.article_id: one.publisher_domain for one in articles}}
    relations = Counter(one.relation for one in articles if one.relation is not None)
    copied = Counter(
        (one.publisher_domain, publisher_of.get(one.duplicate_of or "", "?"))
        for one in articles
        if one.relation in COPIES
    )
    members: dict[str, list[Marked]] = {}
    for one in articles:
        if one.cluster_id is not None:
            members.setdefault(one.cluster_id, []).append(one)
    clusters = [_cluster(name, some) for name, some in members.items() if any(one.relation in COPIES for one in some)]
    return CopiesSummary(
        articles=len(articles),
        shares={relation: count / len(articles) for relation, count in relations.most_common()},
        clusters=sorted(clusters, key=lambda one: (-one.articles, one.cluster_id))[:most],
        copied=[(copy, original, count) for (copy, original), count in sorted(copied.items(), key=_most_first)[:most]],
    )


def _cluster(cluster_id: str, members: Sequence[Marked]) -> Cluster:
    first = min(members, key=lambda one: (one.article_id != cluster_id, one.relation in COPIES, one.article_id))
    publishers = {one.publisher_domain for one in members}
    return Cluster(cluster_id, first.headline or "(no headline)", len(members), len(publishers))


def _most_first(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]
