"""The sketches and stories of earlier runs, read from Parquet parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.story import Sketch
from transforms.common.arrays import Arrays, HeldArrays, SizedValue, short_hashes
from transforms.compare.stories.earlier import Earlier, Piece
from transforms.compare.stories.sketch_index import ALWAYS_US, NEVER_US, index_in, instants, story_index

_TOLD = ("article_id", "story_id", "fetched_at")
_TRACED = ("article_id", "language", "published", "story_id", "fetched_at", "vector", "marks")


class SketchReader(Protocol):
    """Reads parts of stories. Can be pickled."""

    def index(self, path: str) -> Arrays | None:
        """The index of a part, as `story_index` made it; None if it has none."""
        ...

    def groups(self, path: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """Those of the named columns that a part has, row group by row group."""
        ...

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """The named columns of the given rows of a part; rows must ascend."""
        ...

    def kept(self, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """What `make` gives of a part, or gave before; parts never change."""
        ...


class StoryHistory:
    """Committed sketches, `story_id` set. Can be pickled; keeps only what its reader keeps.

    Of a merged part its index is read. The parts of single runs, and those of earlier releases, have none: it is made
    in memory, 1.6 KB for each article, and kept if the reader keeps things. Sketches of articles fetched before
    `since_us` are ignored.
    """

    def __init__(self, reader: SketchReader | None = None, parts: Sequence[str] = (), since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us

    def recent(self, language: str, first_us: int, last_us: int) -> Earlier:
        """The sketches with terms of a language, published between two instants."""
        pieces = []
        for _, arrays in self._indexes():
            index = index_in(arrays, language)
            if index is not None and (rows := index.within(first_us, last_us, self._since_us)).any():
                pieces.append(Piece(index, rows))
        return Earlier(tuple(pieces))

    def traced(self, first_us: int, last_us: int) -> list[Sketch]:
        """The sketches with vectors published between two instants, in all languages; without terms. Reads the vectors
        of all parts, since no index has them: 0.5 KB for each article."""
        found: list[Sketch] = []
        for path in self._parts if self._reader is not None else ():
            for table in self._reader.groups(path, _TRACED) if self._reader is not None else ():
                found += _traced(table, first_us, last_us, self._since_us)
        return found

    def stories(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """The story_id of each of these articles that is known, by article id."""
        wanted = frozenset(article_ids)
        hashes = np.unique(short_hashes(wanted))
        found: dict[str, str] = {}
        for path, index in self._indexes() if wanted else ():
            rows = np.sort(index.at("article_row", index.find("article", hashes)[1]))
            if self._reader is None or not rows.size:
                continue
            told = self._reader.take(path, _TOLD, rows.tolist())
            recent = instants(told, "fetched_at", ALWAYS_US) >= self._since_us
            pairs = zip(told.column("article_id").to_pylist(), told.column("story_id").to_pylist(), strict=True)
            found.update(
                (article_id, story)
                for (article_id, story), is_recent in zip(pairs, recent.tolist(), strict=True)
                if is_recent and article_id in wanted and story is not None
            )
        return found

    def _indexes(self) -> Iterator[tuple[str, Arrays]]:
        """Each part with its index."""
        if self._reader is None:
            return
        for path in self._parts:
            stored = self._reader.index(path)
            yield path, _made(self._reader, path) if stored is None else stored


def _made(reader: SketchReader, path: str) -> Arrays:
    return reader.kept(path, "sketches", lambda: HeldArrays(story_index(partial(reader.groups, path))))


def _traced(table: pa.Table, first_us: int, last_us: int, since_us: int) -> list[Sketch]:
    if "vector" not in table.column_names:  # a part of an earlier release
        return []
    published = instants(table, "published", NEVER_US)
    is_near = (published >= first_us) & (published <= last_us) & (instants(table, "fetched_at", ALWAYS_US) >= since_us)
    some = table.filter(pc.and_(pa.array(is_near), pc.is_valid(table.column("vector"))))
    columns = [some.column(name).to_pylist() for name in ("article_id", "language", "story_id", "vector", "marks")]
    return [
        Sketch(
            page_id="",
            article_id=article_id,
            partition="",
            language=language,
            published_us=when,
            word_count=0,
            passage_count=0,
            terms=b"",
            counts=b"",
            passages=b"",
            figures=b"",
            story_id=story_id,
            vector=vector,
            marks=marks,
        )
        for when, article_id, language, story_id, vector, marks in zip(
            instants(some, "published", NEVER_US).tolist(), *columns, strict=True
        )
    ]
