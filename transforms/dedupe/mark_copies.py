"""Which drafts of a run are copies, revisions or news: the rules of this room, grouped by Beam."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, NamedTuple, TypeVar

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.fingerprint import Fingerprint
from transforms.dedupe.candidates import Pairs, Postings, candidate_pairs, joined, postings_of, split_by_shard, views
from transforms.dedupe.cluster import Placement, Sighting, member_of, place
from transforms.dedupe.compare import compare
from transforms.dedupe.history import History
from transforms.dedupe.revisions import Draft, settle
from transforms.dedupe.verdict import Outcome, Relation, Verdict

BLOCK: Final = 256
"""Fingerprints in one element between steps: an element costs Beam some 30 µs, a fingerprint is some 6 KB."""


Item = TypeVar("Item")


class Marked(NamedTuple):
    """A verdict for each draft, and the fingerprints to store for later runs."""

    verdicts: PCollection[Verdict]
    fingerprints: PCollection[Fingerprint]


@dataclass(frozen=True, slots=True)
class _Block(Generic[Item]):
    """Records that travel as one element: pickled in one go, where Beam would take a tuple apart."""

    items: tuple[Item, ...]


class _Wanted(NamedTuple):
    """`members`, all of one shard, want to see `article_id`."""

    article_id: str
    members: tuple[str, ...]


class _Evidence(NamedTuple):
    """A text that `members`, all of one shard, are to be compared with."""

    fingerprint: Fingerprint
    is_earlier: bool
    members: tuple[str, ...]


class MarkCopies(beam.PTransform[PCollection[Fingerprint], Marked]):
    """One verdict for each fingerprint; fingerprints of the articles to write, revision and cluster decided.

    Bounded input, the drafts of one run. Verdicts depend on the set of fingerprints and on `history` alone: not on
    order, bundles, workers or `shards`. An article of this run may be a copy of another or of an earlier run's, never
    the other way round; copies of each other that come in two runs share a cluster as they would in one, but point to
    the one that came first. Whether a shingle is boilerplate is known from what has been seen, so the first dozen
    reports from a new template may be taken for copies; later ones are not.

    Articles meet by shards, of ids or of the key space, each held in memory by one worker at a time: some 10 KB an
    article. Only links between copies are gathered in one place.

    Args:
        history: committed fingerprints; read in the workers, once for each shard.
        shards: how many parts the work is cut into, at least 1. More for runs of more than 100,000 articles.
    """

    def __init__(self, history: History, shards: int = 16) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"shards is {shards}: there must be at least one, 16 are good for 100,000 articles")
        self._history = history
        self._shards = shards

    def expand(self, fingerprints: PCollection[Fingerprint]) -> Marked:
        """See the class."""
        settled = (
            fingerprints
            | "KeyByArticle" >> beam.ParDo(_ShardFn(self._shards))
            | "GroupByArticle" >> beam.GroupByKey()
            | "Settle"
            >> beam.ParDo(_SettleFn(self._history, self._shards)).with_outputs("postings", "ended", main="drafts")
        )
        wanted = (
            settled.postings
            | "GroupByKeyRange" >> beam.GroupByKey()
            | "Pair" >> beam.ParDo(_PairFn(self._history, self._shards))
            | "GroupByMember" >> beam.GroupByKey()
            | "Choose" >> beam.ParDo(_ChooseFn(self._shards))
        )
        evidence = (
            {"drafts": settled.drafts, "wanted": wanted}
            | "GroupByWanted" >> beam.CoGroupByKey()
            | "Show" >> beam.ParDo(_ShowFn(self._history, self._shards))
        )
        placements = (
            {"drafts": settled.drafts, "evidence": evidence}
            | "GroupByView" >> beam.CoGroupByKey()
            | "Compare" >> beam.ParDo(_CompareFn())
            | "GroupLinks" >> beam.GroupByKey()
            | "Cluster" >> beam.ParDo(_ClusterFn(self._shards))
        )
        decided = (
            {"drafts": settled.drafts, "placements": placements}
            | "GroupByDraft" >> beam.CoGroupByKey()
            | "Decide" >> beam.ParDo(_DecideFn()).with_outputs("fingerprints", main="verdicts")
        )
        verdicts = (settled.ended, decided.verdicts) | "Verdicts" >> beam.Flatten()
        return Marked(verdicts=verdicts, fingerprints=decided.fingerprints)


def _shard_of(article_id: str, shards: int) -> int:
    return zlib.crc32(article_id.encode()) % shards


class _ShardFn(beam.DoFn):
    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, fingerprint: Fingerprint) -> Iterator[tuple[int, Fingerprint]]:
        yield _shard_of(fingerprint.article_id, self._shards), fingerprint


class _SettleFn(beam.DoFn):
    """One page for each article, and whether it is news; index entries by range of the key space."""

    def __init__(self, history: History, shards: int) -> None:
        self._history = history
        self._shards = shards

    def process(self, shard: tuple[int, Iterable[Fingerprint]]) -> Iterator[Any]:
        number, fingerprints = shard[0], list(shard[1])
        article_ids = sorted({one.article_id for one in fingerprints})
        earlier = {one.article_id: one for one in self._history.by_article(article_ids)}
        drafts, ended = settle(fingerprints, earlier)
        for start in range(0, len(drafts), BLOCK):
            yield number, _Block(tuple(drafts[start : start + BLOCK]))
        for verdict in ended:
            yield TaggedOutput("ended", verdict)
        for key_range, postings in split_by_shard(postings_of([draft.fingerprint for draft in drafts]), self._shards):
            yield TaggedOutput("postings", (key_range, postings))


class _PairFn(beam.DoFn):
    """Candidate pairs of one range of the key space, by the shard of the article that is to see the other."""

    def __init__(self, history: History, shards: int) -> None:
        self._history = history
        self._shards = shards

    def process(self, key_range: tuple[int, Iterable[Postings]]) -> Iterator[tuple[int, Pairs]]:
        run = joined(list(key_range[1]))
        pairs = candidate_pairs(run, self._history.by_keys(np.unique(run.keys)))
        shard_of = np.array([_shard_of(one, self._shards) for one in pairs.article_ids], dtype=np.int64)[pairs.members]
        for shard in np.unique(shard_of):
            yield int(shard), pairs.where(shard_of == shard)


class _ChooseFn(beam.DoFn):
    """The articles that one shard's members are to see, by the shard where those are."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, shard: tuple[int, Iterable[Pairs]]) -> Iterator[tuple[int, tuple[int, _Block[_Wanted]]]]:
        members_of: dict[str, list[str]] = {}
        for member, heads in views(shard[1]).items():
            for head in heads:
                members_of.setdefault(head, []).append(member)
        wanted: dict[int, list[_Wanted]] = {}
        for head, members in members_of.items():
            wanted.setdefault(_shard_of(head, self._shards), []).append(_Wanted(head, tuple(members)))
        for there, heads_there in wanted.items():
            yield there, (shard[0], _Block(tuple(heads_there)))


class _ShowFn(beam.DoFn):
    """The fingerprints that other shards want to see: this run's where it has one, else the history's."""

    def __init__(self, history: History, shards: int) -> None:
        self._history = history
        self._shards = shards

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[tuple[int, _Block[_Evidence]]]:
        here = {
            draft.fingerprint.article_id: draft.fingerprint for block in shard[1]["drafts"] for draft in block.items
        }
        requests = list(shard[1]["wanted"])
        missing = sorted({one.article_id for _, wanted in requests for one in wanted.items} - here.keys())
        earlier = {one.article_id: one for one in self._history.by_article(missing)} if missing else {}
        for asking, wanted in requests:
            shown = [
                _Evidence(here.get(one.article_id) or earlier[one.article_id], one.article_id not in here, one.members)
                for one in wanted.items
                if one.article_id in here or one.article_id in earlier
            ]
            for start in range(0, len(shown), BLOCK):
                yield asking, _Block(tuple(shown[start : start + BLOCK]))


class _CompareFn(beam.DoFn):
    """What each article of a shard sees, if it sees a copy."""

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[tuple[str, _Block[Sighting]]]:
        drafts = {
            draft.fingerprint.article_id: draft.fingerprint for block in shard[1]["drafts"] for draft in block.items
        }
        shown: dict[str, list[Fingerprint]] = {}
        earlier = set()
        for evidence in (one for block in shard[1]["evidence"] for one in block.items):
            if evidence.is_earlier:
                earlier.add(evidence.fingerprint.article_id)
            for member in evidence.members:
                shown.setdefault(member, []).append(evidence.fingerprint)
        sightings = []
        for member, others in shown.items():
            view = compare(drafts[member], others, frozenset(earlier))
            linked = {one for link in view.links if link.is_copy for one in (link.shorter, link.longer)}
            if linked or view.is_roundup:
                seen = (
                    drafts[member],
                    *(one for one in others if one.article_id in linked or one.cluster_id is not None),
                )
                sightings.append(Sighting(view, tuple(member_of(one) for one in seen)))
        if sightings:
            yield "", _Block(tuple(sightings))


class _ClusterFn(beam.DoFn):
    """The places of all articles that have copies, by shard."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, links: tuple[str, Iterable[_Block[Sighting]]]) -> Iterator[tuple[int, _Block[Placement]]]:
        by_shard: dict[int, list[Placement]] = {}
        for placement in place(sighting for block in links[1] for sighting in block.items):
            by_shard.setdefault(_shard_of(placement.article_id, self._shards), []).append(placement)
        for shard, placements in by_shard.items():
            yield shard, _Block(tuple(placements))


class _DecideFn(beam.DoFn):
    """The verdict on each article, and its fingerprint as later runs will see it."""

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        placements = {one.article_id: one for block in shard[1]["placements"] for one in block.items}
        for draft in (one for block in shard[1]["drafts"] for one in block.items):
            verdict = _verdict(draft, placements.get(draft.fingerprint.article_id))
            yield verdict
            yield TaggedOutput("fingerprints", replace(draft.fingerprint, cluster_id=verdict.cluster_id))


def _verdict(draft: Draft, placement: Placement | None) -> Verdict:
    one = draft.fingerprint
    what: tuple[Relation, str | None, str | None, float | None]
    if draft.revises is not None:
        what = (Relation.REVISION, one.article_id, one.cluster_id, draft.revises)
    elif placement is not None:
        what = (Relation(placement.relation), placement.duplicate_of, placement.cluster_id, placement.similarity)
    else:
        what = (Relation.ORIGINAL, None, one.article_id, None)
    return Verdict(one.page_id, one.article_id, one.partition, Outcome.ARTICLE, one.revision, *what)
