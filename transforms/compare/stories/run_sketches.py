"""The sketches of a run's drafts, read from its draft files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.story import STORIES, Sketch
from transforms.compare.run_drafts import DraftColumns


class StoredSketches:
    """`RunSketches` over draft files."""

    def __init__(self, drafts: DraftColumns) -> None:
        self._drafts = drafts

    def languages(self) -> Mapping[str, str]:
        """See `RunSketches`."""
        return {
            page_id: language
            for table in self._drafts.columns("sketch", ("page_id", "language"))
            for page_id, language in zip(*(column.to_pylist() for column in table.columns), strict=True)
        }

    def sketches(self, page_ids: Sequence[str]) -> list[Sketch]:
        """See `RunSketches`."""
        tables = self._drafts.columns("sketch", STORIES.schema.names, page_ids)
        return [one for table in tables for one in STORIES.from_arrow(table)]
