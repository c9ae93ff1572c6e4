"""Pages whose gold data are passages: those that must be in the text (`with`) and those that must not (`without`).

A passage counts as there if it stands in a text without regard to case and white space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transforms.extract.body.seed import COVERED, Seed
from transforms.extract.page.text_blocks import TextBlock

Row = Mapping[str, Any]


def has_passages(rows: Mapping[str, Row]) -> bool:
    """Whether the gold data of a set are passages, no whole texts."""
    return any("with" in row for row in rows.values())


def passage_scores(rows: Mapping[str, Row], texts: Mapping[str, str]) -> tuple[float, float, float]:
    """F1, precision and recall over all passages: the share of `with` that is there, and its share of all that is."""
    right = wrong = missed = 0
    for page_id, row in rows.items():
        text = _squeezed(texts.get(page_id, ""))
        found = sum(passage in text for passage in _passages(row, "with"))
        right += found
        missed += len(_passages(row, "with")) - found
        wrong += sum(passage in text for passage in _passages(row, "without"))
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def passage_labels(blocks: Sequence[TextBlock], row: Row, seed: Seed) -> list[float]:
    """1 for each block that holds a passage of the text, 0 for each that holds another; NaN for all others.

    Of several blocks with the same passage of the text, those that the seed covers count. A block with passages of both
    kinds tells nothing.
    """
    texts = [_squeezed(block.text) for block in blocks]
    without = {n for passage in _passages(row, "without") for n, text in enumerate(texts) if passage in text}
    within: set[int] = set()
    for passage in _passages(row, "with"):
        holders = [number for number, text in enumerate(texts) if passage in text]
        within.update(holders if len(holders) == 1 else [n for n in holders if seed.coverage[n] >= COVERED])
    labels = [float("nan")] * len(texts)
    for number in without ^ within:
        labels[number] = float(number in within)
    return labels


def _passages(row: Row, which: str) -> list[str]:
    return [squeezed for passage in row.get(which) or () if (squeezed := _squeezed(passage))]


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split())
