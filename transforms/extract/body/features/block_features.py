"""The features of each text block of a page: numbers about its position, its words and the blocks like it.

What tells an article from the rest of its page is mostly not in a block's own words. Templates repeat: blocks with the
same tag and class, or with the same holder, are nearly always kept or dropped together. Most columns are therefore
statistics of the groups that a block belongs to, weighted by characters. A block's own share is left out of its group's
statistic where it would only repeat the block's own value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_groups import add_distance, add_groups, groups_of, numbered
from transforms.extract.body.features.block_table import Floats, Measures, Numbers, Table
from transforms.extract.body.features.block_words import HEADINGS, OWN_NAMES
from transforms.extract.body.features.own_features import OwnFeatures, own_features
from transforms.extract.body.features.page_age import PAGE_AGE_NAMES, page_age
from transforms.extract.body.features.surroundings import add_surroundings
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import TextBlock

_STEPS = {"prev2": -2, "prev1": -1, "next1": 1, "next2": 2}
_WINDOWS = (2, 6)


class MeasuredBlocks(NamedTuple):
    """All blocks of a page with what is told of them whatever a seed covers; `own` only of those of a window. `age` has
    the values of `PAGE_AGE_NAMES`."""

    blocks: Sequence[TextBlock]
    facts: PageFacts
    page: Measures
    groups: Numbers
    own: OwnFeatures
    age: Floats


def measured(blocks: Sequence[TextBlock], facts: PageFacts, window: slice) -> MeasuredBlocks:
    """The blocks of a page, measured for the features of those of the window first; those of others cost more.

    `facts` tell how the page itself titles and describes its article.
    """
    page = Measures.of(blocks)
    own, age = own_features(blocks, window, facts), page_age(blocks, page, facts)
    return MeasuredBlocks(blocks, facts, page, groups_of(page), own, age)


def block_features(known: MeasuredBlocks, coverage: Floats, window: slice) -> tuple[Floats, tuple[str, ...]]:
    """A float32 table with a row for each block of the window and a column for each feature; and the columns' names.

    A block is judged by those like it, of the whole page. `coverage` is the share of each block that the seed kept,
    0 to 1.
    """
    table, page = Table(window), known.page.covered(coverage)
    own = known.own.of(window, known.blocks, known.facts)
    table.add_judged(("told_twice",), own.told_twice()[None])
    table.add_judged(OWN_NAMES, own.columns)
    _add_position(table, page)
    add_groups(table, page, known.groups)
    add_distance(table, page)
    _add_neighbours(table, page)
    add_surroundings(table, own.columns, page, known.groups)
    _add_page(table, page)
    table.add_judged(PAGE_AGE_NAMES, np.broadcast_to(known.age[:, None], (len(PAGE_AGE_NAMES), own.columns.shape[1])))
    return table.rows(), tuple(table.names)


def _add_position(table: Table, page: Measures) -> None:
    count, size, kept = len(page.size), page.size, page.kept
    numbers = np.arange(count, dtype=np.float32)
    covered = np.flatnonzero(page.coverage >= 0.5)
    first, last = (covered[0], covered[-1]) if covered.size else (0, count - 1)
    before = np.cumsum(size) - size
    total = float(size.sum()) or 1.0
    kept_before = np.cumsum(kept) - kept
    kept_total = float(kept.sum()) or 1.0
    table.add(
        {
            "size": np.log1p(size),
            "coverage": page.coverage,
            "number": numbers,
            "number_share": numbers / max(1, count),
            "chars_share": before / total,
            "after_first": np.clip(numbers - first, -50, 50),
            "before_last": np.clip(last - numbers, -50, 50),
            "kept_before": kept_before / kept_total,
            "kept_after": 1.0 - (kept_before + kept) / kept_total,
            "kept_before_chars": np.log1p(kept_before),
            "kept_after_chars": np.log1p(np.maximum(0.0, kept_total - kept_before - kept)),
        }
    )


def _add_neighbours(table: Table, page: Measures) -> None:
    count, size = len(page.size), page.size
    links = (page.link_chars / page.length).astype(np.float32)
    heads = np.array([HEADINGS.get(place.tag, 0.0) for place in page.places], dtype=np.float32)
    holders = np.array([place.number for place in page.holders])
    signs = np.array(numbered(place.signature for place in page.places))
    shown = _padded(np.stack((page.coverage, np.log1p(size), links, page.stops, heads)))
    alike = _padded(np.stack((holders, signs)))
    for name, step in _STEPS.items():
        near = slice(_FARTHEST + step, _FARTHEST + step + count)
        coverage, log_size, link, stop, heading = shown[:, near]
        same_holder, same_class = alike[:, near] == alike[:, _FARTHEST:-_FARTHEST]
        table.add(
            {
                f"{name}_coverage": coverage,
                f"{name}_size": log_size,
                f"{name}_links": link,
                f"{name}_stops": stop,
                f"{name}_heading": heading,
                f"{name}_same_holder": same_holder,
                f"{name}_same_class": same_class,
            }
        )
    measured = np.stack((size, page.kept, size * page.stops * (links < 0.3), size * links))
    for width in _WINDOWS:
        around, kept, prose, linked = _sums(measured, width) - measured
        chars = np.maximum(around, 1.0)
        table.add(
            {
                f"around{width}_coverage": kept / chars,
                f"around{width}_prose": prose / chars,
                f"around{width}_links": linked / chars,
                f"around{width}_size": np.log1p(around),
            }
        )
    _add_next_kept(table, page)


def _add_next_kept(table: Table, page: Measures) -> None:
    count = len(page.size)
    numbers = np.arange(count)
    covered = page.coverage >= 0.5
    previous = np.maximum.accumulate(np.where(covered, numbers, -99))
    following = np.minimum.accumulate(np.where(covered, numbers, count + 99)[::-1])[::-1]
    table.add(
        {
            "since_kept": np.minimum(numbers - np.concatenate(([-99], previous[:-1])), 40),
            "until_kept": np.minimum(np.concatenate((following[1:], [count + 99])) - numbers, 40),
        }
    )


_FARTHEST = max(_STEPS.values())


def _padded(features: NDArray[Any]) -> NDArray[Any]:
    """The features (features × blocks) with a value of -1 for blocks before the first and behind the last one."""
    padded = np.full((len(features), features.shape[1] + 2 * _FARTHEST), -1, dtype=features.dtype)
    padded[:, _FARTHEST:-_FARTHEST] = features
    return padded


def _sums(values: Floats, width: int) -> NDArray[np.float64]:
    """The sum of each block's values and those of `width` blocks before and behind it (features × blocks)."""
    count = values.shape[1]
    total = np.zeros((len(values), count + 1))
    np.cumsum(values, axis=1, dtype=np.float64, out=total[:, 1:])
    numbers = np.arange(count)
    sums: NDArray[np.float64] = (
        total[:, np.minimum(numbers + width + 1, count)] - total[:, np.maximum(numbers - width, 0)]
    )
    return sums


def _add_page(table: Table, page: Measures) -> None:
    ones = np.ones(len(page.size), dtype=np.float32)
    kept = float(page.kept.sum())
    table.add(
        {
            "page_blocks": ones * np.log1p(len(page.size)),
            "page_kept": ones * np.log1p(kept),
            "page_kept_share": ones * kept / (float(page.size.sum()) or 1.0),
            "page_kept_blocks": ones * np.log1p(float((page.coverage >= 0.5).sum())),
        }
    )
