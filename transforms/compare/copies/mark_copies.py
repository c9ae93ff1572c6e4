"""Decides which drafts of a run are copies, revisions or originals."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final, Protocol

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.candidates import (
    Pairs,
    Postings,
    Sight,
    candidate_pairs,
    joined,
    postings_of,
    split_by_range,
    views,
    without,
)
from transforms.compare.copies.cluster import Sighting, member_of, place
from transforms.compare.copies.decide import ended_verdicts, verdict_on
from transforms.compare.copies.pairs.compare import are_unlike, compare_all, containment
from transforms.compare.copies.pairs.overlap import text_of
from transforms.compare.copies.revisions import Kept, choose_pages
from transforms.compare.copies.stored.history import History
from transforms.compare.copies.stored.key_filter import Wanted
from transforms.compare.copies.verdict import Outcome, Verdict

KEYS_AT_ONCE: Final = 2_000_000
"""Index entries that are searched for pairs at a time; about 100 MB of arrays."""

TEXTS_AT_ONCE: Final = 4_000
"""Texts that are compared with one another at a time; about 40 MB."""


class RunTexts(Protocol):
    """The fingerprints of a run's drafts; each call reads only what it is asked for."""

    def slim(self) -> list[Fingerprint]:
        """All fingerprints; `keys`, `shingles` and `listed` may be empty."""
        ...

    def postings(self, page_ids: Sequence[str]) -> Postings:
        """The index entries of these drafts, which must be of distinct articles."""
        ...

    def whole(self, page_ids: Iterable[str]) -> list[Fingerprint]:
        """The complete fingerprints of these drafts."""
        ...


class ListedTexts:
    """Fingerprints held in memory, for tests and benchmarks."""

    def __init__(self, fingerprints: Iterable[Fingerprint]) -> None:
        self._by_page = {one.page_id: one for one in fingerprints}

    def slim(self) -> list[Fingerprint]:
        """See `RunTexts`."""
        return [replace(one, keys=b"", shingles=b"", listed=None) for one in self._by_page.values()]

    def postings(self, page_ids: Sequence[str]) -> Postings:
        """See `RunTexts`."""
        return postings_of([self._by_page[page_id] for page_id in page_ids])

    def whole(self, page_ids: Iterable[str]) -> list[Fingerprint]:
        """See `RunTexts`."""
        return [self._by_page[page_id] for page_id in page_ids]


def mark_copies(texts: RunTexts, history: History) -> list[Verdict]:
    """One verdict for each draft, in no particular order.

    Verdicts depend only on the set of texts and on `history`. An article of this run may be a copy of an article of
    this or an earlier run; an earlier article never becomes a copy of a new one. Copies of each other that come in two
    runs share a cluster as they would in one run, but name the earlier one as original. Boilerplate is partly known
    only from texts seen before: the first three reports from a new form without figures may be taken for copies, later
    ones are not.

    In memory are about 500 bytes for each draft, the index entries of one range of the key space, and the texts of one
    batch of comparisons. Parts of the history are searched in threads.
    """
    slim = texts.slim()
    ids = sorted({one.article_id for one in slim})
    kept, ended = choose_pages(slim, {one.article_id: one for one in history.by_article(ids, with_shingles=False)})
    seen = views(_pairs(texts.postings([one.fingerprint.page_id for one in kept]), history))
    placements = {one.article_id: one for one in place(_sightings(kept, seen, texts, history))}
    former = _revised(kept, texts, history)
    verdicts = list(_ended(ended, kept, texts))
    for one in kept:
        similarity, is_unlike = former.get(one.fingerprint.article_id, (None, False))
        verdict = verdict_on(one.fingerprint, similarity, placements.get(one.fingerprint.article_id))
        verdicts.append(replace(verdict, is_unlike=True) if is_unlike else verdict)
    return verdicts


def stored_fingerprints(verdicts: Iterable[Verdict], texts: RunTexts, at_once: int = 1_000) -> Iterator[Fingerprint]:
    """The fingerprints that later runs need: those of the articles to write, with their revision and cluster."""
    decided = [verdict for verdict in verdicts if verdict.outcome == Outcome.ARTICLE]
    for start in range(0, len(decided), at_once):
        some = {verdict.page_id: verdict for verdict in decided[start : start + at_once]}
        for text in texts.whole(some):
            verdict = some[text.page_id]
            yield replace(text, revision=verdict.revision, cluster_id=verdict.cluster_id)


def _pairs(run: Postings, history: History) -> Iterator[Pairs]:
    """Candidate pairs, one `Pairs` for each range of the key space."""
    earlier = _scanned(run, history)
    ranges = 1 + (run.keys.size + sum(found.keys.size for found in earlier)) // KEYS_AT_ONCE
    if ranges == 1:
        yield candidate_pairs(run, joined(earlier))
        return
    ids = frozenset(run.article_ids)
    earlier_by_range: dict[int, list[Postings]] = {}
    for found in earlier:
        for number, entries in split_by_range(without(found, ids), ranges):
            earlier_by_range.setdefault(number, []).append(entries)
    del earlier
    for number, entries in split_by_range(run, ranges):
        yield candidate_pairs(entries, joined(earlier_by_range.pop(number, [])))


def _scanned(run: Postings, history: History) -> list[Postings]:
    """Index entries of earlier articles that may share a key with an article of the run."""
    parts = history.parts()
    if not parts or not run.keys.size:
        return []
    wanted = Wanted(run.keys)
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as threads:
        found = threads.map(lambda part: [one for one in history.sharing(part, wanted) if one.keys.size], parts)
        return [one for some in found for one in some]


def _sightings(
    kept: Sequence[Kept], seen: Mapping[str, Sight], texts: RunTexts, history: History
) -> Iterator[Sighting]:
    """The views that hold a copy or a roundup. Articles with the same leader are compared in one batch if possible."""
    mine = {one.fingerprint.article_id: one.fingerprint for one in kept}
    for batch in _batches(seen):
        ids = {one for member in batch for one in (member, *seen[member].others)}
        here = {
            one.article_id: text_of(one)._replace(cluster_id=mine[one.article_id].cluster_id)
            for one in texts.whole([mine[one].page_id for one in sorted(ids & mine.keys())])
        }
        missing = sorted(ids - here.keys())
        earlier = {one.article_id: text_of(one) for one in history.by_article(missing)} if missing else {}
        known = here | earlier
        wanted = {member: [other for other in seen[member].others if other in known] for member in batch}
        for view in compare_all(known.values(), wanted, frozenset(earlier)):
            linked = {one for link in view.links if link.is_copy for one in (link.shorter, link.longer)}
            if linked or view.is_roundup:
                linked.update(one for one in wanted[view.article_id] if known[one].cluster_id is not None)
                linked.add(view.article_id)
                yield Sighting(view, tuple(member_of(known[one]) for one in sorted(linked)))


def _batches(seen: Mapping[str, Sight]) -> Iterator[list[str]]:
    """The articles of `seen`, sorted by leader, in batches whose texts number about `TEXTS_AT_ONCE`."""
    batch: list[str] = []
    texts: set[str] = set()
    for member in sorted(seen, key=lambda one: (seen[one].leader, one)):
        if len(texts) >= TEXTS_AT_ONCE:
            yield batch
            batch, texts = [], set()
        batch.append(member)
        texts.update((member, *seen[member].others))
    if batch:
        yield batch


def _revised(kept: Sequence[Kept], texts: RunTexts, history: History) -> dict[str, tuple[float, bool]]:
    """For each new revision, by article id: its similarity (0..1) to the former one, and whether the two are unlike."""
    revised = {one.fingerprint.article_id: one.fingerprint.page_id for one in kept if one.revises}
    if not revised:
        return {}
    former = {one.article_id: one for one in history.by_article(sorted(revised))}
    return {
        text.article_id: (containment(former[text.article_id], text), are_unlike(former[text.article_id], text))
        for text in texts.whole(revised.values())
    }


def _ended(ended: Sequence[Verdict], kept: Sequence[Kept], texts: RunTexts) -> Iterator[Verdict]:
    twins = {one.article_id for one in ended if one.outcome == Outcome.SAME_ARTICLE}
    if not twins:
        return iter(ended)
    rivals = [one.fingerprint.page_id for one in kept if one.fingerprint.article_id in twins]
    rivals += [one.page_id for one in ended if one.article_id in twins]
    by_page = {one.page_id: one for one in texts.whole(rivals)}
    return ended_verdicts(ended, by_page, [one.fingerprint for one in kept])
