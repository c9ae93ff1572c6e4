"""The article's text out of its page by the blocks alone, where the model is sure of them: without trafilatura."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.features.block_features import MeasuredBlocks, block_features
from transforms.extract.body.features.block_table import Floats
from transforms.extract.body.features.block_words import reads_as_prose
from transforms.extract.body.isolate import (
    BlockFate,
    Flags,
    Isolated,
    JudgedBlock,
    expected_f1,
    once,
    picked,
    texts_of,
)
from transforms.extract.body.known_out.by_form import known_out
from transforms.extract.body.known_out.captions import sources_by_pictures
from transforms.extract.body.known_out.pointers import points_elsewhere
from transforms.extract.body.tables import level_tables, tells_rows_in_part
from transforms.extract.lines.lines import lines_of
from transforms.extract.page.text_blocks import TextBlock

_KEEP: Final = 0.5
_SURE_F1: Final = 0.94
_SURE_CHARS: Final = 300
"""A text of which the model expects less, or a shorter one, is left to trafilatura (figures: docs/model_card.md)."""

_NEARLY: Final = 0.2
_SUBHEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS_BEFORE: Final = 20
_BLOCKS_AFTER: Final = 10


class Alone(NamedTuple):
    """The text of the blocks alone; where it is not sure, trafilatura is asked."""

    text: Isolated
    is_sure: bool


def isolate_alone(measured: MeasuredBlocks, model: BlockModel) -> Alone | None:
    """The article's text out of the blocks of its page, measured for their `prose_window`; None where nothing reads as
    prose or the model chooses nothing. Deterministic."""
    blocks, window = measured.blocks, measured.own.window
    if window.start == window.stop:
        return None
    rows, names = block_features(measured, nothing_covered(blocks), window)
    scores = np.zeros(len(blocks), dtype=np.float32)
    scores[window] = model.scores(rows, names)
    level_tables(blocks, scores)
    chosen = once(blocks, scores, scores >= _KEEP)
    pointing = points_elsewhere(blocks, chosen)
    chosen &= ~pointing
    out = known_out(blocks, chosen)
    chosen &= ~out
    if not chosen.any():
        return None
    size = np.array([len(block.text) for block in blocks])
    expected = expected_f1(size, scores * ~out, chosen)
    is_sure = expected >= _SURE_F1 and (size * chosen).sum() >= _SURE_CHARS
    is_sure = is_sure and not (_reaches_edge(chosen, window) or tells_rows_in_part(blocks, chosen))
    is_sure = is_sure and not lacks_heading(blocks, scores, chosen)
    judged = _judged(blocks, scores, window, chosen)
    lines = lines_of(picked(blocks, chosen))
    text = Isolated(
        lines,
        judged,
        by_model=True,
        expected_f1=expected,
        pointers=texts_of(picked(blocks, pointing)),
        picture_sources=sources_by_pictures(blocks),
    )
    return Alone(text, bool(is_sure))


def prose_window(blocks: Sequence[TextBlock]) -> slice:
    """The blocks worth scoring: what stands around the page's prose; none where nothing reads as prose."""
    prose = [number for number, block in enumerate(blocks) if reads_as_prose(block)]
    if not prose:
        return slice(0, 0)
    return slice(max(0, prose[0] - _BLOCKS_BEFORE), min(len(blocks), prose[-1] + 1 + _BLOCKS_AFTER))


def _reaches_edge(chosen: Flags, window: slice) -> bool:
    """Whether the text begins or ends where the window does, and the page does not: then it may go on outside."""
    above, below = window.start > 0, window.stop < len(chosen)
    return bool((above and chosen[window.start]) or (below and chosen[window.stop - 1]))


def lacks_heading(blocks: Sequence[TextBlock], scores: Floats, chosen: Flags) -> bool:
    """Whether a heading within the text is nearly chosen, and the block below it is: it may be that part's own."""
    first = int(chosen.argmax())
    is_above_part = chosen[first + 1 :] & ~chosen[first:-1] & (scores[first:-1] >= _NEARLY)
    return any(blocks[first + offset].place.tag in _SUBHEADINGS for offset in np.flatnonzero(is_above_part).tolist())


def nothing_covered(blocks: Sequence[TextBlock]) -> Floats:
    """The coverage of blocks by a seed that is not there."""
    return np.zeros(len(blocks), dtype=np.float32)


def _judged(blocks: Sequence[TextBlock], scores: Floats, window: slice, chosen: Flags) -> tuple[JudgedBlock, ...]:
    """Each block with its fate. Removed is what stands in the text, or in an element with a part of it, and is not
    chosen."""
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    texts = {blocks[number].text for number in numbers}
    places = {blocks[number].place.number for number in numbers}
    holders = {holder.number for number in numbers if (holder := blocks[number].place.holder) is not None}
    judged = []
    for number, block in enumerate(blocks):
        holder = block.place.holder
        is_inside = numbers[0] < number < numbers[-1] or block.place.number in places
        if chosen[number]:
            fate = BlockFate.KEPT
        elif block.text not in texts and (is_inside or (holder is not None and holder.number in holders)):
            fate = BlockFate.REMOVED
        else:
            fate = BlockFate.LEFT_OUT
        score = float(scores[number]) if window.start <= number < window.stop else None
        judged.append(JudgedBlock(block.text, block.place.signature, None, score, fate))
    return tuple(judged)
