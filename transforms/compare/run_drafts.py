"""The drafts of a run as this room asks for them."""

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
        """Some columns of one of a draft's four records, of these drafts or of all; some at a time."""
        ...


class RunDrafts(DraftColumns, Protocol):
    """The drafts of a run by page id: reads and replaces them, and writes what later runs need of them."""

    def __len__(self) -> int: ...

    def take(self, page_ids: Iterable[str]) -> Iterator[Draft]:
        """These drafts, some in memory at a time."""
        ...

    def replace(self, drafts: Iterable[Draft]) -> None:
        """Put drafts that were finished anew in place of the former."""
        ...

    def drop(self, page_ids: Iterable[str]) -> None:
        """Leave drafts out."""
        ...

    def plainly(self) -> Counter[str]:
        """How many of the drafts were built plainly, by why."""
        ...

    def where(self, page_id: str) -> tuple[str, int]:
        """The file and the row where a draft stands."""
        ...

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What earlier runs learned of these sites."""
        ...

    def write(self, table: Table[Row], rows: Iterable[Row]) -> FilePart:
        """Write rows of the state as a part."""
        ...
