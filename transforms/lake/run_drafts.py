"""Access to all drafts of a run, which reads only the rows and columns asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final, TypeVar

import pyarrow as pa

from schemas.draft import DRAFTS, Draft, drafts_from_arrow, part_of
from schemas.run import FilePart, Run
from schemas.site import SiteMemory
from schemas.table import Table
from transforms.common.batches import batches
from transforms.lake.files.draft_files import supplement
from transforms.lake.files.parts import PartReader, writer_of
from transforms.lake.files.storage import storage_of
from transforms.lake.state import state_of
from transforms.lake.writing.write_tables import ONLY_SHARD

Row = TypeVar("Row")

_ROWS_AT_ONCE: Final = 1_000


class RunDrafts:
    """The drafts of one run by page id, in the order of their file names and rows.

    A draft that was rebuilt without its site's furniture is in another file, and is used in place of the former one.
    """

    def __init__(self, run: Run, files: Iterable[str]) -> None:
        self._run = run
        self._reader = PartReader(storage_of(run))
        self._where: dict[str, tuple[str, int]] = {}
        self._supplements = 0
        for path in sorted(files):
            ids = self._reader.columns(path, ["page_id"]).column("page_id").to_pylist()
            self._where.update((page_id, (path, row)) for row, page_id in enumerate(ids))

    def __len__(self) -> int:
        return len(self._where)

    def columns(self, record: str, names: Sequence[str], page_ids: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The named columns of one record (`article`, `fingerprint`, `site_page` or `sketch`), 1,000 rows at a time.

        Of the drafts with these page ids, or of all drafts.
        """
        columns = [f"{record}.{name}" for name in names]
        for path, rows in self._rows(self._where if page_ids is None else page_ids):
            for some in batches(rows, _ROWS_AT_ONCE):
                yield part_of(self._reader.take(path, columns, some), record).select(list(names))

    def take(self, page_ids: Iterable[str]) -> Iterator[Draft]:
        """The drafts with these page ids, read 100 at a time."""
        for path, rows in self._rows(page_ids):
            for some in batches(rows, DRAFTS.row_group_rows):
                yield from drafts_from_arrow(self._reader.take(path, DRAFTS.schema.names, some))

    def replace(self, drafts: Iterable[Draft]) -> None:
        """Put drafts that were finished again in place of the former ones, a thousand in a file."""
        remaining = iter(drafts)
        while (first := next(remaining, None)) is not None:
            file = supplement(writer_of(self._run), self._supplements)
            self._supplements += 1
            ids = []
            for draft in chain([first], islice(remaining, _ROWS_AT_ONCE - 1)):
                file.add(draft)
                ids.append(draft.page_id)
            path = file.close().path
            self._where.update((page_id, (path, row)) for row, page_id in enumerate(ids))

    def drop(self, page_ids: Iterable[str]) -> None:
        """Remove drafts that failed from this view; their files stay."""
        self.leave_out(page_ids)

    def leave_out(self, page_ids: Iterable[str]) -> None:
        """Remove drafts that a rule of the user's is against; their files stay."""
        for page_id in page_ids:
            del self._where[page_id]

    def plainly(self) -> Counter[str]:
        """How many drafts the simpler extractor made, by the reason."""
        found: Counter[str] = Counter()
        for path, rows in self._rows(self._where):
            found.update(self._reader.take(path, ["plainly"], rows).column("plainly").to_pylist())
        found.pop(None, None)  # type: ignore[call-overload]
        return found

    def sites(self, sites: Sequence[str]) -> Mapping[str, SiteMemory]:
        """What earlier runs learned of these sites."""
        return state_of(self._run).sites(sites)

    def write(self, table: Table[Row], rows: Iterable[Row], shard: str | None = None) -> FilePart:
        """The state part written from these rows, 1,000 in memory at a time."""
        pieces = (table.as_given(some) for some in batches(rows, _ROWS_AT_ONCE))
        return writer_of(self._run).write_pieces(table, pieces, shard or ONLY_SHARD)

    def where(self, page_id: str) -> tuple[str, int]:
        """The file and row of a draft."""
        return self._where[page_id]

    def _rows(self, page_ids: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
        """Each file that holds some of these drafts, with their rows in ascending order."""
        by_file: dict[str, list[int]] = {}
        for page_id in page_ids:
            path, row = self._where[page_id]
            by_file.setdefault(path, []).append(row)
        for path in sorted(by_file):
            yield path, sorted(by_file[path])
