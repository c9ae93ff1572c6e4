"""The article's text by trafilatura's seed: that of its fast mode, where this or what comes of it can be relied on."""

from __future__ import annotations

from typing import Final

from lxml.html import HtmlElement

from transforms.extract.body.block_model import BlockModel
from transforms.extract.body.features.block_features import MeasuredBlocks
from transforms.extract.body.isolate import Isolated, isolate_text
from transforms.extract.body.seed import fast_seed, is_trusted, slow_seed

_EXPECTED_F1: Final = 0.85
_LEAST_SHARE: Final = 0.75
"""A text of which its model expects so much is relied on, unless it is shorter than this share of another one of which
as much is expected. Chosen on cross-validated pages, on which no set is worse (docs/decisions/0025-seed.md)."""


def text_by_seed(
    known: MeasuredBlocks, tree: HtmlElement, url: str, model: BlockModel, alone: Isolated | None
) -> Isolated:
    """The article's text out of a page's blocks and trafilatura's text of its tree, which stays as it is.

    `alone` is the text of the blocks alone, if they gave one. trafilatura's default mode compares with other extractors
    for a third of the time of a page: it is asked where the fast mode's text is not trusted and the model does not
    confirm what comes of it. Raises LibraryError for whatever trafilatura raises.
    """
    seed = fast_seed(tree, url, known.blocks)
    text = isolate_text(known, seed, model, alone)
    if is_trusted(seed, known.blocks) or _is_confirmed(text, alone):
        return text
    return isolate_text(known, slow_seed(tree, url, known.blocks), model, alone)


def _is_confirmed(text: Isolated, alone: Isolated | None) -> bool:
    if not text.by_model or text.expected_f1 < _EXPECTED_F1:
        return False
    if alone is None or alone.expected_f1 < _EXPECTED_F1:
        return True
    return len(text.body) >= _LEAST_SHARE * len(alone.body)
