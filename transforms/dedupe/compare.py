"""What one text sees of the texts like it: links to those it was compared with, and whether it is a roundup of them.

Known to be weak: reports from a template that has no figures, until more than `candidates.COMMON_GROUPS` were seen;
roundups of articles so short that they stand there whole; an abridged copy with more paragraphs of its own than copied
ones; words changed in more than one place out of six. `benchmarks/copies.py` prints the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.dedupe.boilerplate import common_shingles, groups_of
from transforms.dedupe.candidates import COMMON_GROUPS, HEADS
from transforms.dedupe.fingerprint import shingles_of
from transforms.dedupe.overlap import ABSENT, Mask, Numbered
from transforms.dedupe.roundup import is_roundup, may_be_roundup
from transforms.dedupe.rules import Overlap, head_of, is_copy, similarity_of


class Link(NamedTuple):
    """Two texts that were compared: `similarity` is the share of the shorter that stands in the longer, 0..1."""

    shorter: str
    longer: str
    similarity: float
    is_copy: bool


class View(NamedTuple):
    """What one text sees of the texts like it. `is_crowded`: there may be more of them than it was shown."""

    article_id: str
    links: tuple[Link, ...]
    is_roundup: bool
    is_crowded: bool


def by_length(text: Fingerprint) -> tuple[int, str]:
    """Sort key, longest first; total over distinct articles."""
    return -text.word_count, text.article_id


def compare(text: Fingerprint, others: Sequence[Fingerprint], earlier: frozenset[str] = frozenset()) -> View:
    """The links of a text with the longer ones among `others`, and with those that are from an earlier run.

    Each pair of one run is thus judged once, by its shorter text. An earlier text has no view of its own any more,
    so a longer new one judges for it. The order of `others` does not matter.
    """
    views = {text.article_id: [other.article_id for other in others]}
    return next(compare_all([text, *others], views, earlier))


def compare_all(
    texts: Iterable[Fingerprint], views: Mapping[str, Iterable[str]], earlier: frozenset[str]
) -> Iterator[View]:
    """`compare` for many texts: each article of `views` with those it is to see. `texts` holds them all."""
    numbered = Numbered(texts)
    known_groups: dict[tuple[str, ...], NDArray[np.int64]] = {}
    for article_id in sorted(views):
        others = sorted(views[article_id], key=lambda other: by_length(numbered.fingerprints[other]))
        yield _view(numbered, article_id, others, earlier, known_groups)


def containment(one: Fingerprint, other: Fingerprint) -> float:
    """The share of the shorter text's shingles that the longer one has, 0..1. Texts without shingles share nothing."""
    shorter, longer = sorted((shingles_of(one), shingles_of(other)), key=len)
    return float(np.isin(shorter, longer).mean()) if shorter.size else 0.0


def _view(
    numbered: Numbered,
    article_id: str,
    others: Sequence[str],
    earlier: frozenset[str],
    known_groups: dict[tuple[str, ...], NDArray[np.int64]],
) -> View:
    text = numbered.fingerprints[article_id]
    seen = numbered.coverage(article_id, others)
    sizes = np.array([numbered.numbers_of(other).size for other in others], dtype=np.int64)

    def groups() -> NDArray[np.int64]:
        key = tuple(others)
        if key not in known_groups:
            known_groups[key] = groups_of([shingles_of(numbered.fingerprints[other]) for other in others])
        return known_groups[key]

    weighs = np.ones(seen.shape[1], dtype=np.bool_)
    rest = seen
    if len(others) > COMMON_GROUPS and seen.sum(axis=0, dtype=np.int64).max(initial=0) > COMMON_GROUPS:
        weighs = ~common_shingles(seen, groups())
        rest = seen[:, weighs]
    counts = np.count_nonzero(rest, axis=1)
    roundup = may_be_roundup(counts, rest.shape[1], sizes) and is_roundup(rest, groups(), sizes)
    shown = [numbered.fingerprints[other] for other in others]
    links = [
        _link(numbered, text, other, covered, weighs)
        if by_length(other) < by_length(text)
        # An earlier text has no view of its own: here its shingles are looked for in the new, longer one.
        else _link_of_earlier(numbered, other, text, weighs)
        for other, covered in zip(shown, seen, strict=True)
        if by_length(other) < by_length(text) or other.article_id in earlier
    ]
    return View(article_id, tuple(links), roundup, len(others) >= HEADS)


def _link(numbered: Numbered, shorter: Fingerprint, longer: Fingerprint, covered: Mask, weighs: Mask) -> Link:
    def longer_head() -> Mask:
        head = head_of(numbered.numbers_of(longer.article_id))
        place = numbered.places(shorter.article_id, head)
        return (place != ABSENT) & weighs[place]

    return _judged(shorter, longer, Overlap(covered, weighs, numbered.figures_of(shorter.article_id), longer_head))


def _link_of_earlier(numbered: Numbered, shorter: Fingerprint, longer: Fingerprint, longer_weighs: Mask) -> Link:
    place = numbered.places(longer.article_id, numbered.numbers_of(shorter.article_id))
    covered = place != ABSENT
    weighs = ~covered | longer_weighs[place]

    def longer_head() -> Mask:
        head = head_of(numbered.numbers_of(longer.article_id))
        return (numbered.places(shorter.article_id, head) != ABSENT) & head_of(longer_weighs)

    return _judged(shorter, longer, Overlap(covered, weighs, numbered.figures_of(shorter.article_id), longer_head))


def _judged(shorter: Fingerprint, longer: Fingerprint, overlap: Overlap) -> Link:
    if shorter.content_hash == longer.content_hash:
        return Link(shorter.article_id, longer.article_id, 1.0, True)
    similarity = similarity_of(overlap.covered[overlap.weighs])
    return Link(shorter.article_id, longer.article_id, similarity, is_copy(overlap))
