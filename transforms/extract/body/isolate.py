"""The article's text out of its page: trafilatura's text as the seed, every block of the page judged by a model.

This is for pages whose blocks alone do not say enough (`alone.py`): one in five.

The seed finds the right part of a page and errs at its edges: it keeps what stands in the article's container without
being the article (headline, related links, sign-up lines, photo credits), and loses paragraphs that a template sets
apart. So each block is scored with the seed's own choice among its features. A block that the seed covers is kept, or
removed; one that it does not cover may be recovered. Where the blocks do not account for the seed's text, or little of
it would survive, the model does not know the page's kind, and the seed stands as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.features.block_features import MeasuredBlocks, block_features
from transforms.extract.body.features.block_table import Floats
from transforms.extract.body.pointers import points_elsewhere
from transforms.extract.body.seed import COVERED, TRUSTED_MAPPED, Seed
from transforms.extract.page.text_blocks import Place, TextBlock, text_blocks, without_echoes

Flags = NDArray[np.bool_]

# Chosen on cross-validated scores; docs/model_card.md says how flat they are, and what that makes of its figures.
_KEEP: Final = 0.5
_RECOVER: Final = 0.5
_RECOVER_OUTSIDE: Final = 0.6
"""Above the first and below the last kept block stand menus and lists of other articles: more proof is asked for."""
_SURVIVING: Final = 0.5

_BLOCKS_BEFORE: Final = 30
_BLOCKS_AFTER: Final = 20
_LONG_CHARS: Final = 60
_NEAR_BLOCKS: Final = 8
_DATA_CELLS: Final = 6
_DATA_CELL_CHARS: Final = 60
_LISTS: Final = frozenset(("ul", "ol", "dl", "li", "dt", "dd"))
_CELLS: Final = frozenset(("td", "th"))


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
    """A text, one block a line, and the blocks of its page with what became of each.

    `by_model`: not the bare seed. `pointers` are the texts of blocks that the model took for the article's, and that
    only point to others.
    """

    body: str
    blocks: tuple[JudgedBlock, ...]
    by_model: bool
    pointers: frozenset[str] = frozenset()

    @property
    def removed(self) -> tuple[str, ...]:
        """What was taken out of the seed's text, and what points to other articles, in page order."""
        return self._texts(BlockFate.REMOVED, self.pointers)

    @property
    def recovered(self) -> tuple[str, ...]:
        """What the seed had lost, in page order."""
        return self._texts(BlockFate.RECOVERED)

    def _texts(self, fate: BlockFate, others: frozenset[str] = frozenset()) -> tuple[str, ...]:
        if not self.by_model:
            return ()
        return tuple(
            block.text
            for block in self.blocks
            if block.fate is fate or (block.fate is BlockFate.LEFT_OUT and block.text in others)
        )


def page_blocks(tree: HtmlElement) -> list[TextBlock]:
    """The blocks of a page as they are judged."""
    return without_echoes(text_blocks(tree))


def isolate_text(measured: MeasuredBlocks, seed: Seed, model: BlockModel) -> Isolated:
    """The article's text out of the blocks of its page and trafilatura's text of it. Deterministic."""
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
    size = np.array([len(block.text) for block in blocks])
    was_covered = covered >= COVERED
    if seed.text and (size * (chosen & was_covered)).sum() < _SURVIVING * (size * was_covered).sum():
        return _as_it_is(blocks, seed)
    judged = _judged(blocks, covered, scores, scored, chosen)
    return Isolated(rendered(blocks, chosen), judged, by_model=True, pointers=texts_of(blocks, pointing))


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


def level_tables(blocks: Sequence[TextBlock], scores: Floats) -> None:
    """Give all cells of a table of data one score, weighted by length: a table is told whole or not at all."""
    tables: defaultdict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        cell = _cell(_around_lists(block.place))
        table = next((place for place in cell.path() if place.tag == "table"), None) if cell else None
        if table is not None:
            tables[table.number].append(number)
    for cells in tables.values():
        size = np.array([len(blocks[number].text) for number in cells])
        if len(cells) >= _DATA_CELLS and size.mean() < _DATA_CELL_CHARS:
            scores[cells] = (scores[cells] * size).sum() / size.sum()


def _around_lists(place: Place) -> Place:
    """The place that holds the list that an item is in; any other place itself."""
    while place.tag in _LISTS and place.holder is not None:
        place = place.holder
    return place


def _cell(place: Place) -> Place | None:
    if place.tag in _CELLS:
        return place
    return place.holder if place.holder is not None and place.holder.tag in _CELLS else None


def texts_of(blocks: Sequence[TextBlock], which: Flags) -> frozenset[str]:
    """The texts of some of the blocks."""
    return frozenset(blocks[number].text for number in np.flatnonzero(which).tolist())


def rendered(blocks: Sequence[TextBlock], chosen: Flags) -> str:
    """The chosen blocks a line each: list items with a dash, the cells of a table's row in one line with bars."""
    kept = [block for block, is_chosen in zip(blocks, chosen, strict=True) if is_chosen]
    lines: list[str] = []
    for row, group in groupby(kept, _row_of):
        cells = list(group)
        if row is not None and _is_row_of_data(cells):
            lines.append(" | ".join(block.text for block in cells))
        else:
            lines += [f"- {block.text}" if block.place.tag == "li" else block.text for block in cells]
    return "\n".join(lines)


def _is_row_of_data(blocks: Sequence[TextBlock]) -> bool:
    """Whether a row is told in one line: each of its cells is one text, or they are labels. Of a page that is laid out
    by a table, one cell holds the paragraphs."""
    if len({block.place.number for block in blocks}) < len(blocks):
        return False
    cells = {cell.number for block in blocks if (cell := _cell(block.place)) is not None}
    return len(cells) == len(blocks) or all(len(block.text) < _DATA_CELL_CHARS for block in blocks)


def _row_of(block: TextBlock) -> int | None:
    cell = _cell(block.place)
    return cell.holder.number if cell is not None and cell.holder is not None else None


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
    fates = (BlockFate.KEPT if share >= COVERED else BlockFate.LEFT_OUT for share in seed.coverage)
    judged = (
        JudgedBlock(block.text, block.place.signature, float(share), None, fate)
        for block, share, fate in zip(blocks, seed.coverage, fates, strict=True)
    )
    return Isolated(seed.text, tuple(judged), by_model=False)
