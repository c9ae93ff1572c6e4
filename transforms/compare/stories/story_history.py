"""The sketches and stories of earlier runs, read from Parquet parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import pyarrow as pa

from schemas.story import STORIES, Sketch


class SketchReader(Protocol):
    """Reads columns of the rows of a part that pass a filter. Can be pickled."""

    def columns(self, path: str, names: Sequence[str], where: Any = None) -> pa.Table:
        """The columns `names` of the part at `path`; `where` is a pyarrow filter."""
        ...


class StoryHistory:
    """Committed sketches, `story_id` set. Can be pickled; reads at each call and keeps nothing.

    Sketches of articles fetched before `since_us` are ignored.
    """

    def __init__(self, reader: SketchReader | None = None, parts: Sequence[str] = (), since_us: int = 0) -> None:
        self._reader = reader
        self._parts = tuple(parts)
        self._since_us = since_us

    def recent(self, language: str, first_us: int, last_us: int) -> list[Sketch]:
        """Sketches of a language, published between two instants; about 1 KB of memory each."""
        first, last = (datetime.fromtimestamp(one / 1_000_000, UTC) for one in (first_us, last_us))
        return list(self._rows([("language", "==", language), ("published", ">=", first), ("published", "<=", last)]))

    def stories(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """The story_id of each of these articles that is known, by article id."""
        wanted = set(article_ids)
        if not wanted:
            return {}
        rows = self._rows([("article_id", "in", wanted)])
        return {one.article_id: one.story_id for one in rows if one.story_id is not None}

    def _rows(self, where: list[tuple[str, str, Any]]) -> Iterable[Sketch]:
        if self._reader is None:
            return
        for path in self._parts:
            for one in STORIES.from_arrow(self._reader.columns(path, STORIES.schema.names, where)):
                if one.fetched_at_us is None or one.fetched_at_us >= self._since_us:
                    yield one
