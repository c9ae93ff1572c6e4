"""The sketches and stories of earlier runs, read from Parquet parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.story import STORIES
from transforms.common.sized import SizedValue
from transforms.compare.stories.earlier import ALWAYS_US, NONE_EARLIER, Earlier, Piece, SketchIndex, index_of, instants

_TOLD = ("article_id", "story_id", "fetched_at")


class SketchReader(Protocol):
    """Reads columns of the rows of a part that pass a filter. Can be pickled."""

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """The columns `names` of the part at `path`; `where` is a pyarrow filter."""
        ...

    def kept(self, path: str, kind: str, make: Callable[[], SizedValue]) -> SizedValue:
        """What `make` gives of a part, or gave before; parts never change."""
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
        """The sketches with terms of a language, published between two instants; about 1 KB of memory each."""
        if self._reader is None:
            return NONE_EARLIER
        pieces, reader = [], self._reader
        for path in self._parts:
            days = reader.kept(path, f"published {language}", partial(_published, reader, path, language))
            if ((days >= first_us) & (days <= last_us)).any():
                index = reader.kept(path, f"sketches {language}", partial(_index, reader, path, language))
                rows = index.within(first_us, last_us, self._since_us)
                if rows.any():
                    pieces.append(Piece(index, rows))
        return Earlier(tuple(pieces))

    def stories(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """The story_id of each of these articles that is known, by article id."""
        wanted = pa.array(sorted(set(article_ids)), type=pa.string())
        found: dict[str, str] = {}
        if self._reader is None or not len(wanted):
            return found
        for path in self._parts:
            told = self._reader.kept(path, "stories", partial(self._reader.columns, path, _TOLD))
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
    return index_of(reader.columns(path, STORIES.schema.names, [("language", "==", language)]))
