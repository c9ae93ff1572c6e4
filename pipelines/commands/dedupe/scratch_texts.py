"""Fingerprints of texts in a scratch file, of which only what is asked for is in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from transforms.compare.copies.candidates import Postings, joined
from transforms.compare.copies.stored.stored_history import postings_in

_HEAVY: Final = ("keys", "shingles")


class ScratchTexts:
    """`RunTexts` over fingerprints that were added in the order of their page ids, which are numbers of rows.

    The file has no name, lies in `folder` and goes with the process. Use it as a context manager.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by `__exit__`
        self._writer = pa.ipc.new_file(self._file, FINGERPRINTS.stamped_schema)
        self._rows: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        self._dropped = np.empty(0, np.int64)
        self._reader: pa.ipc.RecordBatchFileReader | None = None

    def __enter__(self) -> ScratchTexts:
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is None:
            self._writer.close()
        self._file.close()

    def add(self, texts: pa.Table) -> None:
        """Add fingerprints; those without words stay out of everything."""
        self._rows.append(np.array(texts.column("page_id").to_pylist(), dtype=np.int64))
        self._writer.write_batch(texts.combine_chunks().to_batches()[0])

    def end(self) -> None:
        """Begin to read."""
        self._writer.close()
        self._file.flush()
        self._reader = pa.ipc.open_file(pa.memory_map(f"/proc/self/fd/{self._file.fileno()}"))
        self._starts = np.cumsum([len(rows) for rows in self._rows[:-1]])
        self._all = np.concatenate(self._rows)
        self._rows.clear()

    def drop(self, rows: NDArray[np.int64]) -> None:
        """Leave rows out from now on."""
        self._dropped = np.union1d(self._dropped, rows)

    def slim(self) -> list[Fingerprint]:
        """See `RunTexts`."""
        return [one for table in self._tables() for one in _without_words(table)]

    def postings(self, page_ids: Sequence[str]) -> Postings:
        """See `RunTexts`."""
        return joined([postings_in(table) for table in self._tables(page_ids)])

    def whole(self, page_ids: Iterable[str]) -> list[Fingerprint]:
        """See `RunTexts`."""
        return [one for table in self._tables(page_ids) for one in FINGERPRINTS.from_arrow(table)]

    def _tables(self, page_ids: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The fingerprints of these rows, batch by batch; of all that are not dropped."""
        assert self._reader is not None
        if page_ids is None:
            wanted = self._all[~np.isin(self._all, self._dropped)]
        else:
            wanted = np.sort(np.fromiter(map(int, page_ids), dtype=np.int64))
        places = np.searchsorted(self._all, wanted)
        batches = np.searchsorted(self._starts, places, side="right") - 1
        for number in np.unique(batches).tolist():
            here = places[batches == number] - self._starts[number]
            yield pa.Table.from_batches([self._reader.get_batch(number)]).take(pa.array(here))


def _without_words(table: pa.Table) -> list[Fingerprint]:
    slim = table.drop_columns([*_HEAVY, "listed"])
    for name in _HEAVY:
        slim = slim.append_column(name, pa.array([b""] * table.num_rows, type=pa.binary()))
    return FINGERPRINTS.from_arrow(slim)
