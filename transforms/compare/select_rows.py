"""Which rows of which draft files become articles, in pieces that are written side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from schemas.decision import SELECTION
from transforms.compare.copies.verdict import Verdict
from transforms.text.batches import batches

PART_ROWS: Final = 10_000
"""Rows of one part of a partition at most: one row group."""

PIECE_ROWS: Final = 4_000
"""Rows that are written together, some 100 MB: whole parts until there are so many. A draft file holds articles of many
days, and is read once a piece."""


def selections(
    articles: Sequence[Verdict], stories: Mapping[str, str], where: Callable[[str], tuple[str, int]]
) -> list[pa.Table]:
    """The rows to write, whole parts together, by day; `stories` and `where` (file, row) are asked by page_id.

    A part's name depends on the day's articles alone, and not on the order in which they come.
    """
    by_day: dict[str, list[Verdict]] = {}
    for one in sorted(articles, key=lambda one: one.article_id):
        by_day.setdefault(one.partition, []).append(one)
    parts = (
        [(one, f"{shard:05d}") for one in some]
        for day in sorted(by_day)
        for shard, some in enumerate(batches(by_day[day], PART_ROWS))
    )
    return [_table(piece, stories, where) for piece in _pieces(parts)]


def _pieces(parts: Iterable[list[tuple[Verdict, str]]]) -> Iterator[list[tuple[Verdict, str]]]:
    piece: list[tuple[Verdict, str]] = []
    for part in parts:
        if piece and len(piece) + len(part) > PIECE_ROWS:
            yield piece
            piece = []
        piece += part
    if piece:
        yield piece


def _table(
    piece: Sequence[tuple[Verdict, str]], stories: Mapping[str, str], where: Callable[[str], tuple[str, int]]
) -> pa.Table:
    rows = []
    for verdict, shard in piece:
        file, row = where(verdict.page_id)
        rows.append(
            {
                "file": file,
                "row": row,
                "partition": verdict.partition,
                "shard": shard,
                "revision": verdict.revision,
                "cluster_id": verdict.cluster_id,
                "relation": None if verdict.relation is None else str(verdict.relation),
                "duplicate_of": verdict.duplicate_of,
                "similarity": verdict.similarity,
                "story_id": stories[verdict.page_id],
            }
        )
    return pa.Table.from_pylist(rows, schema=SELECTION)
