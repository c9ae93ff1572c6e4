"""Sketches of one language as arrays, sorted by date and indexed by term and story: in memory, or in a part's index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.story import Sketch
from transforms.common.arrays import Arrays, HeldArrays, Numbers, by_value, short_hashes

Flags = NDArray[np.bool_]
NEVER_US, ALWAYS_US = np.iinfo(np.int64).min, np.iinfo(np.int64).max

COLUMNS: Final = (
    "article_id", "language", "published", "word_count", "passage_count", "terms", "counts", "passages", "figures",
    "story_id", "fetched_at",
)  # fmt: skip
"""What an index is made of."""

_AT_ONCE: Final = 1 << 20
"""Terms that are counted together: 8 MB of places."""


class SketchIndex:
    """The sketches of a language that have terms, in the order of their dates; the undated come first.

    What `arrays` hold for each row: `published` and `fetched`, `words` and `passage_count`, `article_id`, `story_id`
    (empty: none), and in the rows' order, between two of the `bounds`, the numbers of its terms (`numbers`) with their
    `counts` and `passages`; and its `figures`. For each distinct `term`, in ascending order, which numbers it: the
    passages that hold it (`held`), the `articles`, and between two of the `term_bounds` the rows (`term_rows`). `story`
    are the hashes of all story ids, in ascending order, `story_row` the rows.

    A row without a date was published never, one that does not tell when it was fetched is as good as new.
    """

    def __init__(self, arrays: Arrays, language: str = "") -> None:
        self._arrays = arrays
        self._language = language
        self._looked_at: dict[str, NDArray[Any]] = {}
        self.distinct: NDArray[np.uint32] = self.whole("term")
        self.published_us: Numbers = self.whole("published")
        self.fetched_us: Numbers = self.whole("fetched")

    @property
    def nbytes(self) -> int:
        """The size in memory."""
        return self._arrays.nbytes

    def whole(self, name: str) -> NDArray[Any]:
        """All values of an array."""
        if name not in self._looked_at:
            self._looked_at[name] = self._arrays.whole(_named(self._language, name))
        return self._looked_at[name]

    def at(self, name: str, places: Numbers) -> NDArray[Any]:
        """Values of an array."""
        return self._arrays.at(_named(self._language, name), places)

    def spans(self, name: str, starts: Numbers, ends: Numbers) -> NDArray[Any]:
        """The values between starts and ends, one span after another."""
        return self._arrays.spans(_named(self._language, name), starts, ends)

    def within(self, first_us: int, last_us: int, since_us: int) -> Flags:
        """The rows published between two instants, and fetched at `since_us` or later."""
        is_published: Flags = (self.published_us >= first_us) & (self.published_us <= last_us)
        return is_published & (self.fetched_us >= since_us)

    def frequencies(self, flags: Flags) -> tuple[Numbers, Numbers]:
        """For each distinct term the passages and the articles, among the rows of `flags`, that hold it."""
        size = self.distinct.size
        others = int(flags.size - flags.sum())
        if 2 * others > flags.size:
            return self._counted(np.flatnonzero(flags), size)
        held, articles = self.whole("held").astype(np.int64), self.whole("articles").astype(np.int64)
        if others:
            held_there, articles_there = self._counted(np.flatnonzero(~flags), size)
            return held - held_there, articles - articles_there
        return held, articles

    def _counted(self, rows: Numbers, size: int) -> tuple[Numbers, Numbers]:
        held, articles = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for starts, ends in self._stretches(rows):
            numbers = self.spans("numbers", starts, ends)
            passages = self.spans("passages", starts, ends)
            held += np.bincount(numbers, weights=passages, minlength=size).astype(np.int64)
            articles += np.bincount(numbers, minlength=size)
        return held, articles

    def _stretches(self, rows: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Where the terms of these rows, which ascend, are in `numbers`: some millions at a time, neighbours in one."""
        if not rows.size:
            return
        bounds = self.whole("bounds")
        starts, ends = bounds[rows], bounds[rows + 1]
        piece = (np.cumsum(ends - starts) - 1) // _AT_ONCE
        is_first = np.append(True, (np.diff(rows) > 1) | (np.diff(piece) > 0))
        begins = np.flatnonzero(is_first)
        lasts = np.append(begins[1:], rows.size) - 1
        for some in np.split(np.arange(begins.size), np.flatnonzero(np.diff(piece[begins])) + 1):
            yield starts[begins[some]], ends[lasts[some]]

    def with_terms(self, numbers: Numbers, flags: Flags) -> Numbers:
        """The rows of `flags` that hold one of these terms, in ascending order."""
        bounds = self.whole("term_bounds")
        rows = self.spans("term_rows", bounds[numbers], bounds[numbers + 1])
        found = np.zeros(flags.size, np.bool_)
        found[rows] = True
        return np.flatnonzero(found & flags)

    def terms_of(self, rows: Numbers) -> Iterator[tuple[Numbers, NDArray[np.int32], NDArray[np.uint8], Numbers]]:
        """Rows, some at a time: with their terms' numbers and counts, one row after another, and how many terms each
        has. Those that come together have about as many."""
        sizes = self.sizes(rows)
        by_size = np.argsort(sizes, kind="stable")
        bounds = self.whole("bounds")
        while by_size.size:
            most = max(1, int(np.searchsorted(np.arange(1, by_size.size + 1) * sizes[by_size], _AT_ONCE)))
            some, by_size = rows[np.sort(by_size[:most])], by_size[most:]
            starts, ends = bounds[some], bounds[some + 1]
            yield some, self.spans("numbers", starts, ends), self.spans("counts", starts, ends), ends - starts

    def sizes(self, rows: Numbers) -> Numbers:
        """How many terms each of these rows has."""
        bounds = self.whole("bounds")
        sizes: Numbers = bounds[rows + 1] - bounds[rows]
        return sizes

    def of_stories(self, story_ids: Sequence[str], flags: Flags) -> list[Sketch]:
        """The sketches of these stories, in the rows of `flags`."""
        _, places = self._arrays.find(_named(self._language, "story"), np.unique(short_hashes(story_ids)))
        rows = np.unique(self.at("story_row", places)).astype(np.int64)
        wanted = frozenset(story_ids)
        return [one for one in self.sketches(rows[flags[rows]]) if one.story_id in wanted]

    def sketches(self, rows: Numbers) -> list[Sketch]:
        """The sketches in these rows, without their pages and partitions."""
        order = np.argsort(rows)
        found = list(self._in_order(rows[order])) if rows.size else []
        place = np.empty(rows.size, np.int64)
        place[order] = np.arange(rows.size)
        return [found[one] for one in place.tolist()]

    def _in_order(self, rows: Numbers) -> Iterator[Sketch]:
        bounds, figure_bounds = self.whole("bounds"), self.whole("figure_bounds")
        starts, ends = bounds[rows], bounds[rows + 1]
        terms = self.distinct[self.spans("numbers", starts, ends)]
        counts, passages = self.spans("counts", starts, ends), self.spans("passages", starts, ends)
        figures = self.spans("figures", figure_bounds[rows], figure_bounds[rows + 1])
        cuts, figure_cuts = np.cumsum(ends - starts)[:-1], np.cumsum(figure_bounds[rows + 1] - figure_bounds[rows])[:-1]
        columns = zip(
            self.at("article_id", rows).tolist(),
            self.at("story_id", rows).tolist(),
            self.published_us[rows].tolist(),
            self.fetched_us[rows].tolist(),
            self.at("words", rows).tolist(),
            self.at("passage_count", rows).tolist(),
            np.split(terms, cuts),
            np.split(counts, cuts),
            np.split(passages, cuts),
            np.split(figures, figure_cuts),
            strict=True,
        )
        for article_id, story_id, published, fetched, words, count, *hashes in columns:
            term, often, held, figure = (one.tobytes() for one in hashes)
            yield Sketch(
                page_id="",
                article_id=article_id.decode(),
                partition="",
                language=self._language,
                published_us=None if published == NEVER_US else published,
                word_count=words,
                passage_count=count,
                terms=term,
                counts=often,
                passages=held,
                figures=figure,
                story_id=story_id.decode() or None,
                fetched_at_us=None if fetched == ALWAYS_US else fetched,
            )


def story_index(groups: Callable[[Sequence[str]], Iterator[pa.Table]]) -> dict[str, NDArray[Any]]:
    """The index of a part of stories: the arrays of each language, and the rows of articles by the hash of their id.

    About 1.6 KB for each article in the file, and five times that of memory.
    """
    tables = list(groups(COLUMNS))
    table = pa.concat_tables(tables).combine_chunks() if tables else pa.table({"article_id": pa.array([], pa.string())})
    hashes, rows = by_value(short_hashes(table.column("article_id").to_pylist()))
    made: dict[str, NDArray[Any]] = {"article": hashes, "article_row": rows}
    for language in table.column("language").unique().to_pylist() if table.num_rows else ():
        some = table.filter(pc.equal(table.column("language"), language))
        made.update((_named(language, name), array) for name, array in _arrays_of(some).items())
    return made


def index_in(arrays: Arrays, language: str) -> SketchIndex | None:
    """The sketches of a language in a part's index; None if it has none."""
    return SketchIndex(arrays, language) if _named(language, "term") in arrays else None


def index_of(table: pa.Table, language: str = "") -> SketchIndex:
    """The index of a table of sketches, all of one language, in memory."""
    return SketchIndex(
        HeldArrays({_named(language, name): array for name, array in _arrays_of(table).items()}), language
    )


def _arrays_of(table: pa.Table) -> dict[str, NDArray[Any]]:
    table = table.filter(pc.greater(pc.binary_length(table.column("terms")), 0))
    published = instants(table, "published", NEVER_US)
    table = table.take(pa.array(np.argsort(published, kind="stable")))
    terms, bounds = _flat(table, "terms", "<u4")
    term = distinct(terms)
    numbers = np.searchsorted(term, terms).astype(np.int32)
    counts, passages = _flat(table, "counts", "u1")[0], _flat(table, "passages", "u1")[0]
    figures, figure_bounds = _flat(table, "figures", "<u4")
    articles = np.bincount(numbers, minlength=term.size)
    owners = np.repeat(np.arange(table.num_rows, dtype=np.int32), np.diff(bounds))
    story_ids = table.column("story_id").to_pylist()
    told = np.array([row for row, story_id in enumerate(story_ids) if story_id is not None], dtype=np.int64)
    story, place = by_value(short_hashes(one for one in story_ids if one is not None))
    return {
        "term": term,
        "held": np.bincount(numbers, weights=passages, minlength=term.size).astype(np.int64),
        "articles": articles,
        "term_bounds": np.cumsum(np.append(0, articles)),
        "term_rows": owners[np.argsort(numbers, kind="stable")],
        "published": instants(table, "published", NEVER_US),
        "fetched": instants(table, "fetched_at", ALWAYS_US),
        "words": table.column("word_count").to_numpy().astype(np.int32),
        "passage_count": table.column("passage_count").to_numpy().astype(np.int32),
        "bounds": bounds,
        "numbers": numbers,
        "counts": counts,
        "passages": passages,
        "figure_bounds": figure_bounds,
        "figures": figures,
        "article_id": _texts(table.column("article_id").to_pylist()),
        "story_id": _texts([one or "" for one in story_ids]),
        "story": story,
        "story_row": told[place].astype(np.int32),
    }


def distinct(terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The distinct terms, in ascending order; `np.unique` takes ten times as long."""
    found: NDArray[np.uint32] = np.sort(terms)
    is_first = np.diff(found, prepend=found[:1] + np.uint32(1)) != 0
    return np.asarray(found[is_first])


def instants(table: pa.Table, name: str, missing: int) -> Numbers:
    """A column of instants in microseconds; `missing` where there is none."""
    if name not in table.column_names:
        return np.full(table.num_rows, missing)
    return np.asarray(pc.fill_null(table.column(name).cast(pa.int64()), missing).to_numpy(), dtype=np.int64)


def _flat(table: pa.Table, name: str, kind: str) -> tuple[NDArray[Any], Numbers]:
    """The values of a binary column, one row after another, and where each row begins, without a copy."""
    column = table.column(name).combine_chunks()
    bounds = np.zeros(1, np.int64)
    if not len(column):
        return np.empty(0, kind), bounds
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32, count=len(column) + 1, offset=4 * column.offset).astype(np.int64)
    size = np.dtype(kind).itemsize
    if data is None:
        return np.empty(0, kind), np.zeros(len(column) + 1, np.int64)
    values = np.frombuffer(data, dtype=kind, count=int(ends[-1] - ends[0]) // size, offset=int(ends[0]))
    return values, (ends - ends[0]) // size


def _texts(texts: Sequence[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts], dtype=np.bytes_)


def _named(language: str, name: str) -> str:
    return f"{language}/{name}"
