"""Compares a text with its candidates: a link for each pair, and whether the text is a roundup of them.

Known weak cases: reports from a template without figures, until more than `candidates.COMMON_GROUPS` were seen; an
article that comes in a later run than a roundup whose first item it is; an abridged copy with more paragraphs of its
own than copied ones; more than three words in ten changed. `benchmarks/copies.py` prints the figures.
"""

from __future__ import annotations

import bisect
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.candidates import COMMON_GROUPS, HEADS
from transforms.compare.copies.fingerprint import has_figure, is_listed, items_a_word, shingles_of
from transforms.compare.copies.pairs.boilerplate import (
    ALIKE,
    SKELETON_ASKED,
    SKELETON_MORE,
    SKELETON_TEXTS,
    bits_for,
    common_shingles,
    groups_of,
    may_hold_common,
    row_counts,
    skeleton,
    thinned,
)
from transforms.compare.copies.pairs.copy_rules import THIN, head_of, is_clear, is_copy, similarity_of
from transforms.compare.copies.pairs.overlap import ABSENT, Mask, Numbered, Overlap, Text
from transforms.compare.copies.pairs.roundup import LEAD_SHARE, LEAD_WORDS, Others, is_roundup


class Link(NamedTuple):
    """Two texts that were compared. `similarity` is the share (0..1) of the shorter text that is in the longer."""

    shorter: str
    longer: str
    similarity: float
    is_copy: bool


class View(NamedTuple):
    """The links of one text to those compared with it. `is_crowded`: more texts may be like it than were compared."""

    article_id: str
    links: tuple[Link, ...]
    is_roundup: bool
    is_crowded: bool


def by_length(text: Text) -> tuple[int, str]:
    """Sort key: longest first, then by id; a total order over distinct articles."""
    return -text.word_count, text.article_id


def compare_all(texts: Iterable[Text], views: Mapping[str, Iterable[str]], earlier: frozenset[str]) -> Iterator[View]:
    """A view for each article of `views`, which names the articles to compare it with; `texts` holds all of them.

    A view links its text with longer texts, and with all texts of `earlier` runs. So each pair within a run is judged
    once, in the view of its shorter text. An earlier text gets no view in this run, so a longer new text judges the
    pair. The order of the texts does not matter.
    """
    numbered = Numbered(texts)
    sample_of = functools.cache(lambda article_id, bits: thinned(numbered.shingles_of(article_id), bits))

    @functools.cache
    def groups_of_others(others: tuple[str, ...]) -> NDArray[np.int64]:
        bits = bits_for(sum(numbered.numbers_of(other).size for other in others))
        return groups_of([sample_of(other, bits) for other in others])

    ranked = sorted(numbered.texts.values(), key=by_length)
    rank = {text.article_id: place for place, text in enumerate(ranked)}
    for article_id in sorted(views):
        others = [ranked[place] for place in sorted(rank[other] for other in views[article_id])]
        yield _view(numbered, numbered.texts[article_id], others, earlier, groups_of_others)


def containment(one: Fingerprint, other: Fingerprint) -> float:
    """The share (0..1) of the shorter text's shingles that the longer text has; 0 if the shorter has no shingles."""
    shorter, longer = sorted((shingles_of(one.shingles), shingles_of(other.shingles)), key=len)
    return float(np.isin(shorter, longer).mean()) if shorter.size else 0.0


UNLIKE: Final = 0.05
"""Two texts that share less have no passage in common, at most a line that their site prints below each article."""


def are_unlike(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts have no passage in common: two different stories, or one story that was rewritten."""
    return one.content_hash != other.content_hash and containment(one, other) < UNLIKE


def _view(
    numbered: Numbered,
    text: Text,
    others: Sequence[Text],
    earlier: frozenset[str],
    groups_of_others: Callable[[tuple[str, ...]], NDArray[np.int64]],
) -> View:
    ids = tuple(other.article_id for other in others)
    seen = numbered.coverage(text.article_id, ids)
    weighs = np.ones(seen.shape[1], dtype=np.bool_)
    rest = seen
    counts = row_counts(seen)
    sizes = np.array([len(other.shingles) // 4 for other in others], dtype=np.int64)
    # Texts alike to this one are one group with it, so only the others can make a crowd.
    is_alike = counts >= ALIKE * np.minimum(sizes, seen.shape[1])
    is_partly = ~is_alike & (counts >= THIN * seen.shape[1])
    fixed = skeleton(seen[is_partly])
    if fixed.any() and _are_of_form(numbered, ids, is_partly, fixed, groups_of_others(ids)):
        weighs = ~fixed
    elif len(others) > COMMON_GROUPS and may_hold_common(seen[~is_alike]):
        weighs[common_shingles(seen, groups_of_others(ids))] = False
    if not weighs.all():
        rest = seen[:, weighs]
        counts = row_counts(rest)

    def has_lead_of(row: int) -> bool:
        lead = numbered.numbers_of(ids[row])[: round(LEAD_WORDS * items_a_word(shingles_of(others[row].shingles)))]
        return similarity_of(numbered.places(text.article_id, lead) != ABSENT) >= LEAD_SHARE

    known = Others(lambda: groups_of_others(ids), sizes, has_lead_of, items_a_word(shingles_of(text.shingles)))
    roundup = is_roundup(rest, known)
    links = []
    longer = bisect.bisect_left(others, by_length(text), key=by_length)
    for place, (other, covered, count) in enumerate(zip(others, seen, counts.tolist(), strict=True)):
        if place < longer:
            similarity = count / max(rest.shape[1], 1)
            copies = is_clear(similarity, rest.shape[1], int(sizes[place]))
            if other.content_hash == text.content_hash:
                similarity, copies = 1.0, True
            elif copies is None:
                copies = is_copy(_overlap(numbered, text, other, covered, weighs))
            links.append(Link(text.article_id, other.article_id, similarity, copies))
        elif other.article_id in earlier:
            links.append(_link_of_earlier(numbered, other, text, weighs))
    return View(text.article_id, tuple(links), roundup, len(others) >= HEADS)


def _are_of_form(
    numbered: Numbered, ids: Sequence[str], is_partly: Mask, fixed: Mask, groups: NDArray[np.int64]
) -> bool:
    """Whether the texts that share a skeleton with a text are unrelated, and share no more with one another."""
    _, firsts = np.unique(groups[is_partly], return_index=True)
    if firsts.size < SKELETON_TEXTS:
        return False
    some = [ids[row] for row in np.flatnonzero(is_partly)[firsts[:SKELETON_ASKED]].tolist()]
    between = [
        count
        for place, one in enumerate(some[:-1])
        for count in row_counts(numbered.coverage(one, some[place + 1 :])).tolist()
    ]
    return bool(max(between) <= SKELETON_MORE * np.count_nonzero(fixed))


def _overlap(numbered: Numbered, shorter: Text, longer: Text, covered: Mask, weighs: Mask) -> Overlap:
    def longer_head() -> Mask:
        place = numbered.places(shorter.article_id, head_of(numbered.numbers_of(longer.article_id)))
        return np.asarray((place != ABSENT) & weighs[place])

    own = shingles_of(shorter.shingles)
    size = len(longer.shingles) // 4
    return Overlap(covered, weighs, has_figure(own), longer_head, size, items_a_word(own), _lists_of(shorter))


def _lists_of(text: Text) -> Mask | None:
    return None if text.listed is None else is_listed(text.listed, len(text.shingles) // 4)


def _link_of_earlier(numbered: Numbered, shorter: Text, longer: Text, longer_weighs: Mask) -> Link:
    """The link of a shorter text of an earlier run, whose shingles are looked up in the new, longer text."""
    if shorter.content_hash == longer.content_hash:
        return Link(shorter.article_id, longer.article_id, 1.0, True)
    place = numbered.places(longer.article_id, numbered.numbers_of(shorter.article_id))
    covered = place != ABSENT
    weighs = ~covered | longer_weighs[place]

    def longer_head() -> Mask:
        head = head_of(numbered.numbers_of(longer.article_id))
        return np.asarray((numbered.places(shorter.article_id, head) != ABSENT) & head_of(longer_weighs))

    own = shingles_of(shorter.shingles)
    size = len(longer.shingles) // 4
    overlap = Overlap(covered, weighs, has_figure(own), longer_head, size, items_a_word(own), _lists_of(shorter))
    return Link(shorter.article_id, longer.article_id, similarity_of(covered[weighs]), is_copy(overlap))
