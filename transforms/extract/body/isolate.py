"""The article's text out of its page: trafilatura's text as the seed, every block of the page judged by a model.

This is for pages whose blocks alone do not say enough (`alone.py`).

The seed finds the right part of a page and errs at its edges: it keeps what stands in the article's container without
being the article (headline, related links, sign-up lines, photo credits), and loses paragraphs that a template sets
apart. So each block is scored with the seed's own choice among its features. A block that the seed covers is kept, or
removed; one that it does not cover may be recovered. Where the blocks do not account for the seed's text, the seed
stands as it is. Where the model of the blocks alone expects clearly more of its own text, that stands;
where both expect little, the models do not know the page's kind, and the seed stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.features.block_features import MeasuredBlocks, block_features
from transforms.extract.body.features.block_table import Floats
from transforms.extract.body.known_out.by_form import known_out
from transforms.extract.body.known_out.captions import sources_by_pictures
from transforms.extract.body.known_out.pointers import points_elsewhere
from transforms.extract.body.seed import COVERED, TRUSTED_MAPPED, Seed
from transforms.extract.body.tables import level_tables
from transforms.extract.lines.lines import Line, lines_in, lines_of
from transforms.extract.page.text_blocks import TextBlock, text_blocks, without_echoes

Flags = NDArray[np.bool_]

# Chosen on cross-validated scores; docs/model_card.md says how flat they are, and what that makes of its figures.
_KEEP: Final = 0.5
_RECOVER: Final = 0.5
_RECOVER_OUTSIDE: Final = 0.6
"""Above the first and below the last kept block stand menus and lists of other articles: more proof is asked for."""
_MARGIN: Final = 0.05
"""So much more F1 must be expected of the blocks alone than with a seed: the seed knows what a page's blocks do not."""

_EXPECTED_F1: Final = 0.5
"""Where both models expect less of their texts, the seed is believed."""

_BLOCKS_BEFORE: Final = 30
_BLOCKS_AFTER: Final = 20
_LONG_CHARS: Final = 60
_NEAR_BLOCKS: Final = 8


class BlockFate(StrEnum):
    """What became of a block: the seed covered it (kept, removed) or did not (recovered, left out)."""

    KEPT = "kept"
    REMOVED = "removed"
    RECOVERED = "recovered"
    LEFT_OUT = "left_out"


class JudgedBlock(NamedTuple):
    """A block with the share of it that the seed covers and the model's score, each 0 to 1.

    None: trafilatura was not asked for a seed; not scored.
    """

    text: str
    place: str
    coverage: float | None
    score: float | None
    fate: BlockFate


class Isolated(NamedTuple):
    """The lines of a text, and the blocks of its page with what became of each. `by_model`: not the bare seed.

    `expected_f1` is what the model expects of its text, 0 to 1. `pointers` are the texts of blocks that the model took
    for the article's and that only point to others; `picture_sources` are those of lines that say whence a picture is.
    """

    lines: tuple[Line, ...]
    blocks: tuple[JudgedBlock, ...]
    by_model: bool
    expected_f1: float = 0.0
    pointers: frozenset[str] = frozenset()
    picture_sources: frozenset[str] = frozenset()

    @property
    def body(self) -> str:
        """The text, one block a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def removed(self) -> tuple[str, ...]:
        """What was taken out of the seed's text, and what points to other articles, in page order."""
        return self._texts(BlockFate.REMOVED, self.pointers)

    @property
    def recovered(self) -> tuple[str, ...]:
        """What the seed had lost, in page order."""
        return self._texts(BlockFate.RECOVERED)

    @property
    def behind(self) -> tuple[str, ...]:
        """The blocks that stand on the page behind the last one of the text."""
        kept = (BlockFate.KEPT, BlockFate.RECOVERED)
        last = next((at for at in range(len(self.blocks) - 1, -1, -1) if self.blocks[at].fate in kept), -1)
        return tuple(block.text for block in self.blocks[last + 1 :])

    def _texts(self, fate: BlockFate, others: frozenset[str] = frozenset()) -> tuple[str, ...]:
        if not self.by_model:
            return ()
        return tuple(
            block.text
            for block in self.blocks
            if block.fate is fate or (block.fate is BlockFate.LEFT_OUT and block.text in others)
        )


def page_blocks(tree: HtmlElement, *, keep_links: bool = False) -> list[TextBlock]:
    """The blocks of a page as they are judged, with their links if `keep_links`."""
    return without_echoes(text_blocks(tree, keep_links=keep_links))


def isolate_text(measured: MeasuredBlocks, seed: Seed, model: BlockModel, rival: Isolated | None = None) -> Isolated:
    """The article's text out of the blocks of its page and trafilatura's text of it. Deterministic.

    `rival` is the text of the blocks alone: where its model expects clearly more of it, it stands.
    """
    blocks, covered = measured.blocks, seed.coverage
    if not blocks or (seed.text and seed.mapped < TRUSTED_MAPPED):
        return _as_it_is(blocks, seed)
    scored = scored_window(covered)
    rows, names = block_features(measured, covered, scored)
    scores = np.zeros(len(blocks), dtype=np.float32)
    scores[scored] = model.scores(rows, names)
    level_tables(blocks, scores)
    chosen = once(blocks, scores, _chosen(covered, scores))
    pointing = points_elsewhere(blocks, chosen)
    chosen &= ~pointing
    out = known_out(blocks, chosen)
    chosen &= ~out
    expected = expected_f1(np.array([len(block.text) for block in blocks]), scores * ~out, chosen)
    if rival is not None and rival.expected_f1 >= max(expected + _MARGIN, _EXPECTED_F1):
        return rival
    if seed.text and expected < _EXPECTED_F1:
        return _as_it_is(blocks, seed)
    judged = _judged(blocks, covered, scores, scored, chosen)
    return Isolated(
        lines_of(picked(blocks, chosen)),
        judged,
        by_model=True,
        expected_f1=expected,
        pointers=texts_of(picked(blocks, pointing)),
        picture_sources=sources_by_pictures(blocks),
    )


def expected_f1(size: NDArray[np.int_], scores: Floats, chosen: Flags) -> float:
    """The F1 of the chosen blocks' characters, 0 to 1, if each score is the chance that its block is the article's."""
    expected = size * scores
    return float(2 * (expected * chosen).sum() / max(1.0, (size * chosen).sum() + expected.sum()))


def scored_window(covered: Floats) -> slice:
    """The blocks worth scoring: what the seed covers with what stands around it; all where it covers nothing."""
    inside = np.flatnonzero(covered >= COVERED)
    if not inside.size:
        return slice(0, len(covered))
    return slice(max(0, int(inside[0]) - _BLOCKS_BEFORE), min(len(covered), int(inside[-1]) + 1 + _BLOCKS_AFTER))


def _chosen(covered: Floats, scores: Floats) -> Flags:
    kept = (covered >= COVERED) & (scores >= _KEEP)
    needed = np.full(len(scores), _RECOVER_OUTSIDE)
    inside = np.flatnonzero(kept)
    if inside.size:
        needed[inside[0] : inside[-1] + 1] = _RECOVER
    return kept | ((covered < COVERED) & (scores >= needed))


def once(blocks: Sequence[TextBlock], scores: Floats, chosen: Flags) -> Flags:
    """Of a long text that is chosen twice within a few blocks (a standfirst that repeats the first paragraph, a second
    rendering for small screens) the better one, or the later of equals."""
    chosen = chosen.copy()
    last: dict[str, int] = {}
    for number in np.flatnonzero(chosen).tolist():
        text = blocks[number].text
        if len(text) < _LONG_CHARS:
            continue
        before = last.get(text)
        last[text] = number
        if before is not None and number - before <= _NEAR_BLOCKS:
            is_better = scores[before] > scores[number]
            chosen[number if is_better else before] = False
            last[text] = before if is_better else number
    return chosen


def texts_of(blocks: Sequence[TextBlock]) -> frozenset[str]:
    """The texts of blocks."""
    return frozenset(block.text for block in blocks)


def picked(blocks: Sequence[TextBlock], chosen: Flags) -> list[TextBlock]:
    """The chosen blocks."""
    return [blocks[number] for number in np.flatnonzero(chosen).tolist()]


def _judged(
    blocks: Sequence[TextBlock],
    covered: Floats,
    scores: Floats,
    scored: slice,
    chosen: Flags,
) -> tuple[JudgedBlock, ...]:
    kept_texts = {block.text for block, is_chosen in zip(blocks, chosen, strict=True) if is_chosen}
    judged = []
    rows = zip(blocks, covered.tolist(), scores.tolist(), chosen.tolist(), strict=True)
    for number, (block, share, score, is_chosen) in enumerate(rows):
        if is_chosen:
            fate = BlockFate.KEPT if share >= COVERED else BlockFate.RECOVERED
        else:  # a text that is printed twice and kept once was not taken out
            taken_out = share >= COVERED and block.text not in kept_texts
            fate = BlockFate.REMOVED if taken_out else BlockFate.LEFT_OUT
        is_scored = scored.start <= number < scored.stop
        judged.append(JudgedBlock(block.text, block.place.signature, share, score if is_scored else None, fate))
    return tuple(judged)


def _as_it_is(blocks: Sequence[TextBlock], seed: Seed) -> Isolated:
    covered = seed.coverage >= COVERED
    fates = (BlockFate.KEPT if is_covered else BlockFate.LEFT_OUT for is_covered in covered.tolist())
    judged = (
        JudgedBlock(block.text, block.place.signature, float(share), None, fate)
        for block, share, fate in zip(blocks, seed.coverage, fates, strict=True)
    )
    return Isolated(lines_in(seed.text, picked(blocks, covered)), tuple(judged), by_model=False)
