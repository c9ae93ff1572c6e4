"""`newsbeam.read`: the committed rows of a lake's table, as a dataset that pyarrow, DuckDB and others take."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from newsbeam import given
from newsbeam.errors import LakeError, UsageError
from pipelines import checks
from schemas.run import ManifestError
from schemas.tables import DATA
from transforms.dataset.newest import COLUMNS, revisions_in, row_keys
from transforms.lake.committed import committed
from transforms.lake.dataset import dataset_of
from transforms.lake.files.layout import OWN_FOLDERS
from transforms.lake.files.storage import Storage, StorageError

_TABLES: Final = {table.name: table for table in DATA}


def read(lake: str | os.PathLike[str], latest: bool = False, *, table: str = "articles") -> ds.Dataset:
    """The committed rows of a table, as a `pyarrow.dataset.Dataset`. No row is read before it is asked for.

    >>> import newsbeam
    >>> articles = newsbeam.read("lake", latest=True)
    >>> articles.count_rows()
    11
    >>> articles.head(1, columns=["publisher_name", "in_language"]).to_pylist()
    [{'publisher_name': 'Nordpress', 'in_language': 'en'}]

    DuckDB queries it by its Python name, and reads only the columns and rows that a query needs:

    >>> import duckdb
    >>> duckdb.sql("select count(*) from articles where published_date >= '2026-03-01'").fetchall()
    [(6,)]

    ``articles.to_table(columns=[…], filter=…).to_pandas()`` makes a data frame. All columns of docs/tables.md are
    there, null where an older file lacks one, and the partition (of `articles`: `published_date`) as a date. `table`
    is ``articles``, ``pages``, ``failures`` or ``feed_polls``.

    With `latest`, only the newest revision of each article, by the instant of its fetch, also where that says that the
    article was withdrawn (docs/revisits.md): ``filter=pc.field("withdrawn_at").is_null()`` leaves those out. To find
    the newest, five short columns of all rows are read at once.

    The dataset holds what was committed when it was made: read again after a run. Rows of a run that is under way, or
    has died, are left out, as in the views of ``newsbeam views``. A lake without rows is an empty dataset. A lake at a
    URI (``s3://…``) is read through the storage that ``ingest`` writes with.

    Raises `newsbeam.UsageError` if there is no lake or no such table, `newsbeam.LakeError` if it cannot be read.
    """
    name = given.path("lake", lake)
    given.check("latest", latest, *given.FLAG)
    given.check("table", table, *given.TEXT)
    known = _TABLES.get(table)
    if known is None:
        raise UsageError(f"there is no table {table!r}; there are {', '.join(_TABLES)}")
    if latest and table != "articles":
        raise UsageError(f"latest is for articles, which have revisions; {table} have none")
    storage = _lake_at(name)
    try:
        dataset = dataset_of(storage, known, committed(storage).parts(known))
        return _newest_of(dataset) if latest else dataset
    except (StorageError, ManifestError) as error:
        raise LakeError(str(error)) from error


def _lake_at(name: str) -> Storage:
    """An existing lake. Raises UsageError."""
    try:
        storage = Storage(checks.lake(name), must_exist=True)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error)) from None
    if storage.folder is not None and not os.path.isdir(storage.folder):
        raise UsageError(f"there is no lake at {name}")
    if storage.folder is not None and _holds_else(storage.folder):
        raise UsageError(f"there is no lake at {name}: the folder holds other things")
    return storage


def _holds_else(folder: Path) -> bool:
    """Whether a folder holds something, and nothing of a lake. Raises LakeError."""
    try:
        held = set(os.listdir(folder))
    except OSError as error:
        raise LakeError(f"cannot list {folder}: {error.strerror}") from error
    return bool(held) and held.isdisjoint(OWN_FOLDERS)


def _newest_of(articles: ds.Dataset) -> ds.Dataset:
    """The dataset without the rows of which a newer revision is there. Raises LakeError."""

    def pieces() -> Iterator[pa.Table]:
        return (pa.Table.from_batches([batch]) for batch in articles.to_batches([*COLUMNS]))

    try:
        older = revisions_in(pieces).older
    except (OSError, pa.ArrowInvalid) as error:
        raise LakeError(f"a file cannot be read, newsbeam repair puts it aside: {error}") from error
    return articles.filter(~row_keys(pc.field).isin(older)) if len(older) else articles
