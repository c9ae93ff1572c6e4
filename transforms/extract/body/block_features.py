"""The features of each text block of a page: numbers about its position, its words and the blocks like it.

What tells an article from the rest of its page is mostly not in a block's own words. Templates repeat: blocks with the
same tag and class, or with the same holder, are nearly always kept or dropped together. Most columns are therefore
statistics of the groups that a block belongs to, weighted by characters. A block's own share is left out of its group's
statistic where it would only repeat the block's own value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.block_words import heading_level, own_features
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import Place, TextBlock
from transforms.text.scripts import HAN, HANGUL, KANA, THAI_AND_LAO, letters
from transforms.text.sentences import STOPS

Floats = NDArray[np.float32]

_DENSE = re.compile(f"[{letters(KANA, HAN, HANGUL, THAI_AND_LAO)}]")
_WINDOWS = (2, 6)


def block_features(
    blocks: Sequence[TextBlock], coverage: Floats, facts: PageFacts, window: slice
) -> tuple[Floats, tuple[str, ...]]:
    """A float32 table with a row for each block of the window and a column for each feature; and the columns' names.

    `blocks` are all blocks of the page, because a block is judged by those like it. `coverage` is the share of each
    block that the seed kept, 0 to 1. `facts` tell how the page itself titles and describes its article.
    """
    table = _Table(window)
    size = np.array([_size(block.text) for block in blocks], dtype=np.float32)
    table.rows(*own_features(blocks, window, facts))
    _add_position(table, size, coverage)
    _add_groups(table, blocks, size, coverage)
    _add_distance(table, blocks, size, coverage)
    _add_neighbours(table, blocks, size, coverage)
    _add_page(table, size, coverage)
    return np.column_stack(table.columns).astype(np.float32), tuple(table.names)


class _Table:
    """Named columns of features.

    `add` takes a column with values for all blocks; `rows` takes several columns with values for the window's blocks.
    """

    def __init__(self, window: slice) -> None:
        self.window = window
        self.names: list[str] = []
        self.columns: list[NDArray[Any]] = []

    def add(self, name: str, column: NDArray[Any]) -> None:
        self.names.append(name)
        self.columns.append(column[self.window])

    def rows(self, rows: Sequence[Sequence[float]], names: Sequence[str]) -> None:
        self.names += names
        self.columns.append(np.array(rows, dtype=np.float32).reshape(len(rows), len(names)))


def _size(text: str) -> int:
    """Characters, one of a script without spaces counting as three: about what it says in letters."""
    return len(text) if text.isascii() else len(text) + 2 * len(_DENSE.findall(text))


def _add_position(table: _Table, size: Floats, coverage: Floats) -> None:
    count = len(size)
    numbers = np.arange(count, dtype=np.float32)
    covered = np.flatnonzero(coverage >= 0.5)
    first, last = (covered[0], covered[-1]) if covered.size else (0, count - 1)
    before = np.cumsum(size) - size
    total = float(size.sum()) or 1.0
    kept = size * coverage
    kept_before = np.cumsum(kept) - kept
    kept_total = float(kept.sum()) or 1.0
    table.add("size", np.log1p(size))
    table.add("coverage", coverage)
    table.add("number", numbers)
    table.add("number_share", numbers / max(1, count))
    table.add("chars_share", before / total)
    table.add("after_first", np.clip(numbers - first, -50, 50))
    table.add("before_last", np.clip(last - numbers, -50, 50))
    table.add("kept_before", kept_before / kept_total)
    table.add("kept_after", 1.0 - (kept_before + kept) / kept_total)
    table.add("kept_before_chars", np.log1p(kept_before))
    table.add("kept_after_chars", np.log1p(np.maximum(0.0, kept_total - kept_before - kept)))


def _group(keys: Sequence[Hashable]) -> NDArray[np.intp]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def _held(place: Place | None, levels: int) -> int:
    for _ in range(levels):
        if place is None:
            return 0
        place = place.holder
    return place.number if place is not None else 0


_GROUPS: tuple[tuple[str, Callable[[Place], Hashable]], ...] = (
    ("place", lambda place: place.number),
    ("holder", lambda place: _held(place, 1)),
    ("holder2", lambda place: _held(place, 2)),
    ("holder3", lambda place: _held(place, 3)),
    ("signature", lambda place: (place.signature, place.holder.signature if place.holder else "")),
    ("class", lambda place: place.signature),
    ("holder_class", lambda place: place.holder.signature if place.holder else ""),
)


_SPANS = ("holder", "holder2")


def _add_groups(table: _Table, blocks: Sequence[TextBlock], size: Floats, coverage: Floats) -> None:
    links = np.array([block.link_chars for block in blocks], dtype=np.float32)
    stops = np.array([block.text[-1] in STOPS for block in blocks], dtype=np.float32) * size
    kept = size * coverage
    kept_total = float(kept.sum()) or 1.0
    for name, key in _GROUPS:
        groups = _group([key(block.place) for block in blocks])
        number = np.bincount(groups)[groups].astype(np.float32)
        chars = np.bincount(groups, size)[groups]
        others = np.maximum(chars - size, 0.0)
        held = np.bincount(groups, kept)[groups]
        table.add(f"{name}_count", number)
        table.add(f"{name}_chars", np.log1p(chars))
        table.add(f"{name}_kept_others", np.where(others > 0, (held - kept) / np.maximum(others, 1.0), -1.0))
        table.add(f"{name}_kept_of_page", held / kept_total)
        table.add(f"{name}_links", np.bincount(groups, links)[groups] / np.maximum(chars, 1.0))
        table.add(f"{name}_stops", np.bincount(groups, stops)[groups] / np.maximum(chars, 1.0))
        table.add(f"{name}_own", size / np.maximum(chars, 1.0))
        if name in _SPANS:
            order = np.arange(len(blocks))
            start, end = np.full(groups.max() + 1, len(blocks)), np.zeros(groups.max() + 1)
            np.minimum.at(start, groups, order)
            np.maximum.at(end, groups, order)
            table.add(f"{name}_from_start", order - start[groups])
            table.add(f"{name}_to_end", end[groups] - order)


def _add_distance(table: _Table, blocks: Sequence[TextBlock], size: Floats, coverage: Floats) -> None:
    """Add each block's distance in the tree from the place with most kept text, and from that with most prose."""
    prose = np.array([block.text[-1] in STOPS and block.link_chars * 3 < len(block.text) for block in blocks]) * size
    for name, weight in (("kept", size * coverage), ("prose", prose)):
        by_holder: Counter[int] = Counter()
        places: dict[int, Place] = {}
        for block, one in zip(blocks, weight.tolist(), strict=True):
            holder = block.place.holder or block.place
            by_holder[holder.number] += one
            places[holder.number] = holder
        best = max(by_holder, key=lambda number: (by_holder[number], -number))
        anchor = {place.number: up for up, place in enumerate(places[best].path())}
        known: dict[int, tuple[float, float]] = {}
        rows = [_apart(block.place, anchor, known) for block in blocks[table.window]]
        table.rows(rows, (f"{name}_anchor_up", f"{name}_anchor_down"))
        table.add(f"{name}_anchor_share", np.full(len(blocks), by_holder[best] / (float(weight.sum()) or 1.0)))


def _apart(place: Place, anchor: dict[int, int], known: dict[int, tuple[float, float]]) -> tuple[float, float]:
    found = known.get(place.number)
    if found is None:
        up = anchor.get(place.number)
        if up is not None:
            found = (float(up), 0.0)
        elif place.holder is None:
            found = (99.0, 0.0)
        else:
            above = _apart(place.holder, anchor, known)
            found = (above[0], above[1] + 1.0)
        known[place.number] = found
    return found


def _add_neighbours(table: _Table, blocks: Sequence[TextBlock], size: Floats, coverage: Floats) -> None:
    count = len(blocks)
    links = np.array([block.link_chars / len(block.text) for block in blocks], dtype=np.float32)
    stops = np.array([block.text[-1] in STOPS for block in blocks], dtype=np.float32)
    heads = np.array([heading_level(block) for block in blocks], dtype=np.float32)
    log_size = np.log1p(size)
    holders = np.array([_held(block.place, 1) for block in blocks])
    signs = _group([block.place.signature for block in blocks])
    for step in (-2, -1, 1, 2):
        name = f"{'next' if step > 0 else 'prev'}{abs(step)}"
        table.add(f"{name}_coverage", _shifted(coverage, step, -1.0))
        table.add(f"{name}_size", _shifted(log_size, step, -1.0))
        table.add(f"{name}_links", _shifted(links, step, -1.0))
        table.add(f"{name}_stops", _shifted(stops, step, -1.0))
        table.add(f"{name}_heading", _shifted(heads, step, -1.0))
        table.add(f"{name}_same_holder", _shifted(holders, step, -1) == holders)
        table.add(f"{name}_same_class", _shifted(signs, step, -1) == signs)
    kept, prose = size * coverage, size * stops * (links < 0.3)
    for width in _WINDOWS:
        around = _sums(size, width) - size
        table.add(f"around{width}_coverage", (_sums(kept, width) - kept) / np.maximum(around, 1.0))
        table.add(f"around{width}_prose", (_sums(prose, width) - prose) / np.maximum(around, 1.0))
        table.add(f"around{width}_links", (_sums(size * links, width) - size * links) / np.maximum(around, 1.0))
        table.add(f"around{width}_size", np.log1p(around))
    numbers = np.arange(count)
    covered = coverage >= 0.5
    previous = np.maximum.accumulate(np.where(covered, numbers, -99))
    following = np.minimum.accumulate(np.where(covered, numbers, count + 99)[::-1])[::-1]
    table.add("since_kept", np.minimum(numbers - _shifted(previous, -1, -99), 40))
    table.add("until_kept", np.minimum(_shifted(following, 1, count + 99) - numbers, 40))


def _shifted(values: NDArray[Any], step: int, fill: float) -> NDArray[Any]:
    out = np.full_like(values, fill)
    if step > 0:
        out[:-step] = values[step:]
    else:
        out[-step:] = values[:step]
    return out


def _sums(values: NDArray[Any], width: int) -> NDArray[Any]:
    total = np.concatenate((np.zeros(1), np.cumsum(values, dtype=np.float64)))
    numbers = np.arange(len(values))
    return total[np.minimum(numbers + width + 1, len(values))] - total[np.maximum(numbers - width, 0)]


def _add_page(table: _Table, size: Floats, coverage: Floats) -> None:
    ones = np.ones(len(size), dtype=np.float32)
    kept = float((size * coverage).sum())
    table.add("page_blocks", ones * np.log1p(len(size)))
    table.add("page_kept", ones * np.log1p(kept))
    table.add("page_kept_share", ones * kept / (float(size.sum()) or 1.0))
    table.add("page_kept_blocks", ones * np.log1p(float((coverage >= 0.5).sum())))
