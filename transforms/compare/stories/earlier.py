"""The sketches of earlier articles, indexed by term, so that a few new articles need to look at a few of them only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.story import STORIES, Sketch

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER_US, ALWAYS_US = np.iinfo(np.int64).min, np.iinfo(np.int64).max


class SketchIndex(NamedTuple):
    """Sketches that have terms. The terms of row `n` are `distinct[numbers[bounds[n]:bounds[n + 1]]]`.

    `rows` holds all other columns. `counts` and `passages` have one number for each of `numbers`; `held` and `articles`
    one for each distinct term: its passages and articles, over all rows. A row without a date was published never, one
    that does not tell when it was fetched is as good as new.
    """

    rows: pa.Table
    distinct: NDArray[np.uint32]
    numbers: NDArray[np.int32]
    bounds: Numbers
    counts: NDArray[np.uint8]
    passages: NDArray[np.uint8]
    held: Numbers
    articles: Numbers
    passage_count: Numbers
    published_us: Numbers
    fetched_us: Numbers

    @property
    def nbytes(self) -> int:
        """The size in memory."""
        return int(sum(column.nbytes for column in self))

    def within(self, first_us: int, last_us: int, since_us: int) -> Flags:
        """The rows published between two instants, and fetched at `since_us` or later."""
        is_published: Flags = (self.published_us >= first_us) & (self.published_us <= last_us)
        return is_published & (self.fetched_us >= since_us)

    def entries(self, rows: Numbers) -> Numbers:
        """The places of all terms of these rows in `numbers`, row by row."""
        sizes = self.bounds[rows + 1] - self.bounds[rows]
        starts = np.cumsum(sizes) - sizes
        within: Numbers = np.arange(int(sizes.sum())) + np.repeat(self.bounds[rows] - starts, sizes)
        return within

    def sketches(self, rows: Numbers) -> list[Sketch]:
        """The sketches in these rows."""
        terms = [self.distinct[self.numbers[self.bounds[row] : self.bounds[row + 1]]].tobytes() for row in rows]
        return STORIES.from_arrow(self.rows.take(rows).append_column("terms", pa.array(terms, type=pa.binary())))


def index_of(table: pa.Table) -> SketchIndex:
    """The index of a table of sketches."""
    table = table.filter(pc.greater(pc.binary_length(table.column("terms")), 0))
    terms, bounds = _flat(table, "terms", "<u4")
    found = distinct(terms)
    numbers = np.searchsorted(found, terms)
    counts, _ = _flat(table, "counts", "u1")
    passages, _ = _flat(table, "passages", "u1")
    return SketchIndex(
        rows=table.drop_columns(["terms"]),
        distinct=found,
        numbers=numbers.astype(np.int32),
        bounds=bounds,
        counts=counts,
        passages=passages,
        held=np.bincount(numbers, weights=passages, minlength=found.size).astype(np.int64),
        articles=np.bincount(numbers, minlength=found.size),
        passage_count=table.column("passage_count").to_numpy().astype(np.int64),
        published_us=instants(table, "published", NEVER_US),
        fetched_us=instants(table, "fetched_at", ALWAYS_US),
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of an index: those whose flag is set."""

    index: SketchIndex
    flags: Flags

    def frequencies(self) -> tuple[Numbers, Numbers]:
        """For each distinct term of the index the passages and the articles, among these rows, that hold it."""
        index, others = self.index, np.flatnonzero(~self.flags)
        if not others.size:
            return index.held, index.articles
        places = index.entries(others)
        numbers, size = index.numbers[places], index.distinct.size
        held = np.bincount(numbers, weights=index.passages[places], minlength=size).astype(np.int64)
        return index.held - held, index.articles - np.bincount(numbers, minlength=size)


class Earlier(NamedTuple):
    """The sketches that new articles are compared with."""

    pieces: tuple[Piece, ...] = ()

    @property
    def passage_count(self) -> int:
        """The passages of all texts."""
        return sum(int(piece.index.passage_count[piece.flags].sum()) for piece in self.pieces)


NONE_EARLIER: Final = Earlier()


def earlier_of(sketches: Iterable[Sketch]) -> Earlier:
    """Sketches that are in memory."""
    given = list(sketches)
    index = index_of(STORIES.as_given(given))
    return Earlier((Piece(index, np.ones(index.rows.num_rows, dtype=np.bool_)),) if given else ())


def with_stories(sketches: Sequence[Sketch], earlier: Earlier) -> list[Sketch]:
    """Some of the earlier sketches and all others of their stories, by article id."""
    stories = sorted({one.story_id for one in sketches if one.story_id is not None})
    found = [one for one in sketches if one.story_id is None]
    value_set = pa.array(stories, type=pa.string())
    for piece in earlier.pieces if stories else ():
        belongs = pc.is_in(piece.index.rows.column("story_id"), value_set=value_set)
        found += piece.index.sketches(np.flatnonzero(np.asarray(belongs.to_numpy(), dtype=np.bool_) & piece.flags))
    return sorted(found, key=lambda one: one.article_id)


def distinct(terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The distinct terms, in ascending order; `np.unique` takes ten times as long."""
    found: NDArray[np.uint32] = np.sort(terms)
    is_first = np.diff(found, prepend=found[:1] + np.uint32(1)) != 0
    return np.asarray(found[is_first])


def _flat(table: pa.Table, name: str, kind: str) -> tuple[NDArray[Any], Numbers]:
    """The values of a binary column, one row after another, and where each row begins, without a copy."""
    column = table.column(name).combine_chunks()
    bounds = np.zeros(1, np.int64)
    if not len(column):
        return np.empty(0, kind), bounds
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32, count=len(column) + 1, offset=4 * column.offset).astype(np.int64)
    size = np.dtype(kind).itemsize
    values = np.frombuffer(data, dtype=kind, count=int(ends[-1] - ends[0]) // size, offset=int(ends[0]))
    return values, (ends - ends[0]) // size


def instants(table: pa.Table, name: str, missing: int) -> Numbers:
    """A column of instants in microseconds; `missing` where there is none."""
    if name not in table.column_names:
        return np.full(table.num_rows, missing)
    return np.asarray(pc.fill_null(table.column(name).cast(pa.int64()), missing).to_numpy(), dtype=np.int64)
