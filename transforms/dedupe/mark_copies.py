"""Which drafts of a run are copies, revisions or news: the rules of this room, grouped by Beam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from schemas.fingerprint import Fingerprint
from transforms.dedupe.blocks import packed, shard_of, unpacked
from transforms.dedupe.candidates import Postings, candidate_pairs, joined, postings_of, split_by_shard, views
from transforms.dedupe.cluster import Placement, Sighting, member_of, place
from transforms.dedupe.compare import are_unlike, compare_all, containment
from transforms.dedupe.decide import ended_verdicts, verdict_on
from transforms.dedupe.history import History
from transforms.dedupe.key_filter import either, filter_of, opened
from transforms.dedupe.overlap import Text, text_of
from transforms.dedupe.revisions import settle
from transforms.dedupe.verdict import Verdict

BLOCK: Final = 256
"""Fingerprints in one element between steps: an element costs Beam some 30 µs, a fingerprint is some 4 KB."""


class Marked(NamedTuple):
    """A verdict for each draft, and the fingerprints to store for later runs."""

    verdicts: PCollection[Verdict]
    fingerprints: PCollection[Fingerprint]


class _Wanted(NamedTuple):
    """`article_id` is to be compared at these homes."""

    article_id: str
    homes: tuple[int, ...]


class _Shown(NamedTuple):
    """A text that is compared here."""

    text: Text
    is_earlier: bool


class MarkCopies(beam.PTransform[PCollection[Fingerprint], Marked]):
    """One verdict for each fingerprint; fingerprints of the articles to write, revision and cluster decided.

    Bounded input, the drafts of one run. Verdicts depend on the set of fingerprints and on `history` alone: not on
    order, bundles, workers or `shards`. An article of this run may be a copy of another or of an earlier run's, never
    the other way round; copies of each other that come in two runs share a cluster as they would in one, but point to
    the one that came first. What is boilerplate is partly known from what has been seen only: the first three reports
    from a new form without figures may be taken for copies, later ones are not.

    Articles meet by shards, of ids, of the key space, or of the longest text they are likely copies of, each held in
    memory by one worker at a time: some 10 KB an article. Only links between copies are gathered in one place.

    Args:
        history: committed fingerprints; read in the workers, each part once.
        shards: how many parts the work is cut into, at least 1. More for runs of more than 50,000 articles.
    """

    def __init__(self, history: History, shards: int = 4) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"shards is {shards}: there must be at least one, 4 are good for 50,000 articles")
        self._history = history
        self._shards = shards

    def expand(self, fingerprints: PCollection[Fingerprint]) -> Marked:
        """See the class."""
        drafts = fingerprints | "KeyByArticle" >> beam.ParDo(_ShardFn(self._shards)).with_outputs("texts", main="slim")
        settled = (
            drafts.slim
            | "GroupByArticle" >> beam.GroupByKey()
            | "Settle"
            >> beam.ParDo(_SettleFn(self._history, self._shards)).with_outputs(
                "postings", "filters", "ended", main="drafts"
            )
        )
        sights = (
            {"run": settled.postings, "earlier": self._earlier(settled.filters)}
            | "GroupByKeyRange" >> beam.CoGroupByKey()
            | "Pair" >> beam.ParDo(_PairFn(self._shards))
            | "GroupByMember" >> beam.GroupByKey()
            | "Choose" >> beam.ParDo(_ChooseFn(self._shards)).with_outputs("wanted", main="views")
        )
        shown = (
            {"drafts": settled.drafts, "texts": drafts.texts, "wanted": sights.wanted}
            | "GroupByWanted" >> beam.CoGroupByKey()
            | "Show" >> beam.ParDo(_ShowFn(self._history))
        )
        placements = (
            {"views": sights.views, "shown": shown}
            | "GroupByHome" >> beam.CoGroupByKey()
            | "Compare" >> beam.ParDo(_CompareFn())
            | "GroupLinks" >> beam.GroupByKey()
            | "Cluster" >> beam.ParDo(_ClusterFn(self._shards))
        )
        decided = (
            {"drafts": settled.drafts, "ended": settled.ended, "texts": drafts.texts, "placements": placements}
            | "GroupByDraft" >> beam.CoGroupByKey()
            | "Decide" >> beam.ParDo(_DecideFn(self._history)).with_outputs("fingerprints", main="verdicts")
        )
        return Marked(verdicts=decided.verdicts, fingerprints=decided.fingerprints)

    def _earlier(self, filters: PCollection[bytes]) -> PCollection[tuple[int, bytes]]:
        """Index entries of earlier articles; where there are none, no step is spent on looking for them."""
        parts = list(self._history.parts())
        created = filters.pipeline | "Parts" >> beam.Create(parts, reshuffle=False)
        if not parts:
            return created
        key_filter = filters | "OneFilter" >> beam.CombineGlobally(either)
        return (
            created
            | "SpreadParts" >> beam.Reshuffle()
            | "Scan" >> beam.ParDo(_ScanFn(self._history, self._shards), beam.pvalue.AsSingleton(key_filter))
        )


class _ShardFn(beam.DoFn):
    """Texts by the shard of their article, those of a bundle together; the same without their shingles, to settle."""

    def __init__(self, shards: int) -> None:
        self._shards = shards
        self._waiting: dict[int, list[Fingerprint]] = {}

    def process(self, fingerprint: Fingerprint) -> Iterator[Any]:
        shard = shard_of(fingerprint.article_id, self._shards)
        waiting = self._waiting.setdefault(shard, [])
        waiting.append(fingerprint)
        if len(waiting) == BLOCK:
            slim, texts = self._blocks(shard)
            yield slim
            yield TaggedOutput("texts", texts)

    def finish_bundle(self) -> Iterator[Any]:
        for shard in list(self._waiting):
            slim, texts = self._blocks(shard)
            yield GlobalWindows.windowed_value(slim)
            yield TaggedOutput("texts", GlobalWindows.windowed_value(texts))

    def _blocks(self, shard: int) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
        texts = self._waiting.pop(shard)
        return (shard, packed([replace(one, shingles=b"") for one in texts])), (shard, packed(texts))


class _SettleFn(beam.DoFn):
    """One page for each article, and whether it is news; index entries by range of the key space."""

    def __init__(self, history: History, shards: int) -> None:
        self._history = history
        self._shards = shards

    def process(self, shard: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        number, fingerprints = shard[0], list(unpacked(shard[1]))
        article_ids = sorted({one.article_id for one in fingerprints})
        earlier = {one.article_id: one for one in self._history.by_article(article_ids, with_shingles=False)}
        drafts, ended = settle(fingerprints, earlier)
        for start in range(0, len(drafts), BLOCK):
            yield number, packed(drafts[start : start + BLOCK])
        if ended:
            yield TaggedOutput("ended", (number, packed(ended)))
        postings = postings_of([draft.fingerprint for draft in drafts])
        if self._history.parts():
            yield TaggedOutput("filters", filter_of(postings.keys))
        for key_range, entries in split_by_shard(postings, self._shards):
            yield TaggedOutput("postings", (key_range, packed([entries])))


class _ScanFn(beam.DoFn):
    """Index entries of earlier articles that may share a key with one of this run, by range of the key space."""

    def __init__(self, history: History, shards: int) -> None:
        self._history = history
        self._shards = shards

    def process(self, part: str, key_filter: bytes) -> Iterator[tuple[int, bytes]]:
        waiting: dict[int, list[Postings]] = {}
        for found in self._history.scan(part, opened(key_filter)):
            for key_range, entries in split_by_shard(found, self._shards):
                waiting.setdefault(key_range, []).append(entries)
        for key_range, some in waiting.items():
            yield key_range, packed(some)


class _PairFn(beam.DoFn):
    """Candidate pairs of one range of the key space, by the shard of the article that is to see the other."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, key_range: tuple[int, Mapping[str, Iterable[bytes]]]) -> Iterator[tuple[int, bytes]]:
        run = list(unpacked(key_range[1]["run"]))
        if not run:
            return
        pairs = candidate_pairs(joined(run), joined(list(unpacked(key_range[1]["earlier"]))))
        shards = np.array([shard_of(one, self._shards) for one in pairs.article_ids], dtype=np.int64)[pairs.members]
        for shard in np.unique(shards):
            yield int(shard), packed([pairs.where(shards == shard)])


class _ChooseFn(beam.DoFn):
    """What each article of a shard is to see, at the home of its leader; the articles wanted there, by their shard."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, shard: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        views_at: dict[int, dict[str, list[str]]] = {}
        homes_of: dict[str, set[int]] = {}
        for member, (leader, others) in views(unpacked(shard[1])).items():
            home = shard_of(leader, self._shards)
            views_at.setdefault(home, {})[member] = others
            for one in (member, *others):
                homes_of.setdefault(one, set()).add(home)
        for home, here in views_at.items():
            yield home, packed(list(here.items()))
        wanted: dict[int, list[_Wanted]] = {}
        for one, homes in homes_of.items():
            wanted.setdefault(shard_of(one, self._shards), []).append(_Wanted(one, tuple(homes)))
        for there, some in wanted.items():
            yield TaggedOutput("wanted", (there, packed(some)))


class _ShowFn(beam.DoFn):
    """The fingerprints that are wanted, at their homes: this run's where it has one, else the history's."""

    def __init__(self, history: History) -> None:
        self._history = history

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[tuple[int, bytes]]:
        homes_of: dict[str, set[int]] = {}
        for one in unpacked(shard[1]["wanted"]):
            homes_of.setdefault(one.article_id, set()).update(one.homes)
        # A revision's cluster was decided when it was settled.
        cluster_of = {draft.fingerprint.page_id: draft.fingerprint.cluster_id for draft in unpacked(shard[1]["drafts"])}
        here = {
            one.article_id: text_of(one)._replace(cluster_id=cluster_of[one.page_id])
            for one in unpacked(shard[1]["texts"])
            if one.page_id in cluster_of
        }
        missing = sorted(homes_of.keys() - here.keys())
        earlier = {one.article_id: text_of(one) for one in self._history.by_article(missing)} if missing else {}
        shown_at: dict[int, list[_Shown]] = {}
        for article_id, homes in homes_of.items():
            text = here.get(article_id) or earlier.get(article_id)
            if text is not None:
                for home in homes:
                    shown_at.setdefault(home, []).append(_Shown(text, article_id not in here))
        for home, shown in shown_at.items():
            for start in range(0, len(shown), BLOCK):
                yield home, packed(shown[start : start + BLOCK])


class _CompareFn(beam.DoFn):
    """What each article at a home sees, if it sees a copy."""

    def process(self, home: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[tuple[str, bytes]]:
        texts = {}
        earlier = set()
        for one in unpacked(home[1]["shown"]):
            texts[one.text.article_id] = one.text
            if one.is_earlier:
                earlier.add(one.text.article_id)
        wanted = {
            member: [other for other in others if other in texts] for member, others in unpacked(home[1]["views"])
        }
        sightings = []
        for view in compare_all(texts.values(), wanted, frozenset(earlier)):
            linked = {one for link in view.links if link.is_copy for one in (link.shorter, link.longer)}
            if linked or view.is_roundup:
                linked.update(one for one in wanted[view.article_id] if texts[one].cluster_id is not None)
                linked.add(view.article_id)
                sightings.append(Sighting(view, tuple(member_of(texts[one]) for one in sorted(linked))))
        if sightings:
            yield "", packed(sightings)


class _ClusterFn(beam.DoFn):
    """The places of all articles that have copies, by shard."""

    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, links: tuple[str, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        by_shard: dict[int, list[Placement]] = {}
        for placement in place(unpacked(links[1])):
            by_shard.setdefault(shard_of(placement.article_id, self._shards), []).append(placement)
        for shard, placements in by_shard.items():
            yield shard, packed(placements)


class _DecideFn(beam.DoFn):
    """The verdict on each article, and its fingerprint as later runs will see it."""

    def __init__(self, history: History) -> None:
        self._history = history

    def process(self, shard: tuple[int, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        texts = {one.page_id: one for one in unpacked(shard[1]["texts"])}
        placements = {one.article_id: one for one in unpacked(shard[1]["placements"])}
        drafts = list(unpacked(shard[1]["drafts"]))
        yield from ended_verdicts(unpacked(shard[1]["ended"]), texts, [draft.fingerprint for draft in drafts])
        revised = sorted(draft.fingerprint.article_id for draft in drafts if draft.revises)
        former = {one.article_id: one for one in self._history.by_article(revised)} if revised else {}
        for draft in drafts:
            article_id = draft.fingerprint.article_id
            text = texts[draft.fingerprint.page_id]
            similarity = containment(former[article_id], text) if draft.revises else None
            verdict = verdict_on(draft.fingerprint, similarity, placements.get(article_id))
            if draft.revises and are_unlike(former[article_id], text):
                verdict = replace(verdict, is_unlike=True)
            yield verdict
            yield TaggedOutput("fingerprints", replace(text, revision=verdict.revision, cluster_id=verdict.cluster_id))
