"""The interface through which drafts are compared; `transforms.lake.run_drafts` implements it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import pyarrow as pa

from schemas.draft import Draft
from schemas.run import FilePart
from schemas.site import SiteMemory
from schemas.table import Table

Row = TypeVar("Row")


class DraftColumns(Protocol):
    """Reads columns of a run's drafts."""

    def columns(self, record: str, names: Sequence[str], page_ids: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The named columns of one record (`article`, `fingerprint`, `site_page` or `sketch`), some rows at a time.

        Of the drafts with these page ids, or of all drafts.
        """
        ...


class RunDrafts(DraftColumns, Protocol):
    """Reads and replaces the drafts of a run by page id, and writes the state that later runs need."""

    def __len__(self) -> int: ...

    def take(self, page_ids: Iterable[str]) -> Iterator[Draft]:
        """The drafts with these page ids, some in memory at a time."""
        ...

    def replace(self, drafts: Iterable[Draft]) -> None:
        """Use rebuilt drafts in place of the former ones."""
        ...

    def drop(self, page_ids: Iterable[str]) -> None:
        """Remove drafts that failed from this view."""
        ...

    def leave_out(self, page_ids: Iterable[str]) -> None:
        """Remove drafts that a rule of the user's is against."""
        ...

    def plainly(self) -> Counter[str]:
        """How many drafts the simpler extractor made, by the reason."""
        ...

    def where(self, page_id: str) -> tuple[str, int]:
        """The file and row of a draft."""
        ...

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What earlier runs learned of these sites."""
        ...

    def write(self, table: Table[Row], rows: Iterable[Row], shard: str | None = None) -> FilePart:
        """The state part written from these rows; a `shard` tells it from another of its table and run."""
        ...
