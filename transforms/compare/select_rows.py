"""Lists the rows of draft files that become articles, in pieces that workers can write in parallel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from schemas.decision import SELECTION
from transforms.common.batches import batches
from transforms.compare.copies.verdict import Verdict

PART_ROWS: Final = 10_000
"""The most rows of one part: one row group."""

PIECE_ROWS: Final = 4_000
"""Whole parts are put into one piece up to this many rows, about 100 MB. A draft file holds articles of many days, and
is read once for each piece."""


def selections(
    articles: Sequence[Verdict],
    stories: Mapping[str, str],
    names: Mapping[str, str | None],
    where: Callable[[str], tuple[str, int]],
) -> list[pa.Table]:
    """The rows to write, as tables of whole parts, by day. `stories`, `names` (of publishers) and `where` (file and
    row) take a page_id.

    A part's name depends only on the articles of its day, not on their order.
    """
    by_day: dict[str, list[Verdict]] = {}
    for one in sorted(articles, key=lambda one: one.article_id):
        by_day.setdefault(one.partition, []).append(one)
    parts = (
        [(one, f"{shard:05d}") for one in some]
        for day in sorted(by_day)
        for shard, some in enumerate(batches(by_day[day], PART_ROWS))
    )
    return [_table(piece, stories, names, where) for piece in _pieces(parts)]


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
    piece: Sequence[tuple[Verdict, str]],
    stories: Mapping[str, str],
    names: Mapping[str, str | None],
    where: Callable[[str], tuple[str, int]],
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
                "publisher_name": names[verdict.page_id],
            }
        )
    return pa.Table.from_pylist(rows, schema=SELECTION)
