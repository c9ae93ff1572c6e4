"""Draft files: the drafts of each page file, kept until their run commits, or the run that adopts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.draft import DRAFTS, Draft, Failed, drafts_from_arrow, drafts_to_arrow
from schemas.failure import Failure
from schemas.page import PAGES, Page
from schemas.run import FilePart, Run
from transforms.common.this_code import this_code
from transforms.lake.files.layout import run_of, shard_of, table_folder
from transforms.lake.files.parts import PartReader, PartWriter, write_options, writer_of
from transforms.lake.files.storage import Storage, storage_of

_CODE: Final = "newsbeam.code"
_FAILURES: Final = "newsbeam.failures"


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """The draft files of one run: one for each page file."""

    run: Run

    def stored(self, path: str) -> Iterator[Page]:
        """The rows of a page file, without the bytes that it does not hold; one row group is in memory at a time."""
        return self._reader.rows(PAGES, path)

    def former(self, pages: str) -> tuple[Iterator[Draft], list[Failed]] | None:
        """The drafts and failures that a run that died left of a page file; None if it left none or ran other code."""
        shard = _shard_of(pages)
        left = [path for path in self.run.state.adopted_drafts if shard_of(path) == shard]
        if not left:
            return None
        stated = self._reader.metadata(left[-1])
        if stated.get(_CODE) != this_code():
            return None
        return self._drafts(left[-1]), _failures_in(stated)

    def write(self, pages: str) -> DraftFileWriter:
        """A writer for the draft file of a page file."""
        return DraftFileWriter(self._writer, _shard_of(pages))

    def _drafts(self, path: str) -> Iterator[Draft]:
        for group in self._reader.groups(path, DRAFTS.schema.names):
            yield from drafts_from_arrow(group)

    @property
    def _reader(self) -> PartReader:
        return PartReader(storage_of(self.run))

    @property
    def _writer(self) -> PartWriter:
        return writer_of(self.run)


class DraftFileWriter:
    """Collects the drafts and failures of one page file, drafts encoded; `close` writes the file to the lake."""

    def __init__(self, writer: PartWriter, shard: str) -> None:
        self._writer = writer
        self._shard = shard
        self._sink = pa.BufferOutputStream()
        options = write_options(DRAFTS, DRAFTS.row_group_rows)
        self._file = pq.ParquetWriter(self._sink, DRAFTS.stamped_schema, **options)
        self._waiting: list[Draft] = []
        self._failures: list[Failed] = []
        self._rows = 0

    def add(self, draft: Draft) -> None:
        """Append a draft; the first becomes row 0 of the file."""
        self._waiting.append(draft)
        self._rows += 1
        if len(self._waiting) == DRAFTS.row_group_rows:
            self._flush()

    def fail(self, failed: Failed) -> None:
        """Append a page that gave no draft."""
        self._failures.append(failed)

    def close(self) -> FilePart:
        """Write the file to the lake."""
        self._flush()
        failures = json.dumps([(asdict(failure), is_bug) for failure, is_bug in self._failures])
        self._file.add_key_value_metadata({_CODE: this_code(), _FAILURES: failures})
        self._file.close()
        return self._writer.put(DRAFTS, self._sink.getvalue().to_pybytes(), self._rows, self._shard)

    def _flush(self) -> None:
        if self._waiting:
            self._file.write_table(drafts_to_arrow(self._waiting))
            self._waiting = []


def failures_in(reader: PartReader, drafts: str) -> list[Failed]:
    """The pages that gave no draft when a draft file was written."""
    return _failures_in(reader.metadata(drafts))


def _failures_in(stated: Mapping[str, str]) -> list[Failed]:
    return [Failed(Failure(**values), is_bug) for values, is_bug in json.loads(stated[_FAILURES])]


def supplement(writer: PartWriter, number: int) -> DraftFileWriter:
    """A writer for the run's file number `number` of drafts that were rebuilt without their site's furniture."""
    return DraftFileWriter(writer, f"{number:05d}")


def withdrawn_drafts(run: Run, shard: str) -> DraftFileWriter:
    """A writer for the drafts of articles that a shard of a run found withdrawn."""
    return DraftFileWriter(writer_of(run), f"0-{shard}")


def delete_drafts(storage: Storage, keep: frozenset[str] = frozenset()) -> None:
    """Delete all draft files except those of the runs in `keep`."""
    for path in storage.list(table_folder(DRAFTS)):
        run_id = run_of(path)
        if run_id is not None and run_id not in keep:
            storage.delete(path)


def _shard_of(pages: str) -> str:
    """The shard name of a page file's drafts: the page file's run, day and shard, whichever run extracts it."""
    day = pages.split("/")[1].partition("=")[2]
    run = "".join(filter(str.isdigit, run_of(pages) or ""))
    return f"{run}-{day}-{shard_of(pages)}"
