"""The sketches and stories of earlier runs, read from Parquet parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.common.arrays import Arrays, SizedValue, short_hashes
from transforms.compare.stories.earlier import NONE_EARLIER, Earlier, Piece
from transforms.compare.stories.sketch_index import ALWAYS_US, COLUMNS, SketchIndex, index_in, index_of, instants

_TOLD = ("article_id", "story_id", "fetched_at")


class SketchReader(Protocol):
    """Reads columns of the rows of a part that pass a filter. Can be pickled."""

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """The columns `names` of the part at `path`; `where` is a pyarrow filter."""
        ...

    def kept(self, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """What `make` gives of a part, or gave before; parts never change."""
        ...

    def index(self, path: str) -> Arrays | None:
        """The index of a part, as `story_index` made it; None if it has none."""
        ...

    def take(self, path: str, names: Sequence[str], rows: Sequence[int]) -> pa.Table:
        """The named columns of the given rows of a part; rows must ascend."""
        ...


class StoryHistory:
    """Committed sketches, `story_id` set. Can be pickled; keeps only what its reader keeps.

    Sketches of articles fetched before `since_us` are ignored.
    """

    def __init__(self, reader: SketchReader | None = None, parts: Sequence[str] = (), since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us

    def recent(self, language: str, first_us: int, last_us: int) -> Earlier:
        """The sketches with terms of a language, published between two instants.

        What is asked of those in a merged part is read from its index; others are in memory, about 1.6 KB each.
        """
        if self._reader is None:
            return NONE_EARLIER
        pieces, reader = [], self._reader
        for path in self._parts:
            index = self._index(reader, path, language, first_us, last_us)
            if index is not None and (rows := index.within(first_us, last_us, self._since_us)).any():
                pieces.append(Piece(index, rows))
        return Earlier(tuple(pieces))

    def _index(self, reader: SketchReader, path: str, language: str, first_us: int, last_us: int) -> SketchIndex | None:
        stored = reader.index(path)
        if stored is not None:
            return index_in(stored, language)
        days = reader.kept(path, f"published {language}", partial(_published, reader, path, language))
        if not ((days >= first_us) & (days <= last_us)).any():
            return None
        return reader.kept(path, f"sketches {language}", partial(_index, reader, path, language))

    def stories(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """The story_id of each of these articles that is known, by article id."""
        ids = sorted(set(article_ids))
        wanted, hashes = pa.array(ids, type=pa.string()), np.unique(short_hashes(ids))
        found: dict[str, str] = {}
        if self._reader is None or not len(wanted):
            return found
        for path in self._parts:
            index = self._reader.index(path)
            if index is None:
                told = self._reader.kept(path, "stories", partial(self._reader.columns, path, _TOLD))
            else:
                places = np.sort(index.at("article_row", index.find("article", hashes)[1]))
                if not places.size:
                    continue
                told = self._reader.take(path, _TOLD, places.tolist())
            rows = told.filter(pc.is_in(told.column("article_id"), value_set=wanted))
            recent = rows.filter(pa.array(instants(rows, "fetched_at", ALWAYS_US) >= self._since_us))
            pairs = zip(*(recent.column(name).to_pylist() for name in ("article_id", "story_id")), strict=True)
            found.update((article_id, story) for article_id, story in pairs if story is not None)
        return found


def _published(reader: SketchReader, path: str, language: str) -> NDArray[np.int64]:
    """The instants at which the articles of a language were published, in no order."""
    column = reader.columns(path, ["language", "published"], [("language", "==", language)]).column("published")
    return np.asarray(column.drop_null().cast(pa.int64()).to_numpy(), dtype=np.int64)


def _index(reader: SketchReader, path: str, language: str) -> SketchIndex:
    return index_of(reader.columns(path, COLUMNS, [("language", "==", language)]), language)
