"""`newsbeam.read`: the committed rows of a lake's table, as a dataset that pyarrow, DuckDB and others take."""

from __future__ import annotations

import argparse
import os
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

    With `latest`, only the newest revision of each article, by the instant of its fetch. To find them, three short
    columns of all rows are read at once.

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
        return _without_superseded(dataset) if latest else dataset
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


def _without_superseded(articles: ds.Dataset) -> ds.Dataset:
    """The dataset without the rows of which a newer revision is there. A run writes one row of an article at most."""
    try:
        rows = articles.to_table(["article_id", "run_id", "fetched_at"])
    except (OSError, pa.ArrowInvalid) as error:
        raise LakeError(f"a file cannot be read, newsbeam repair puts it aside: {error}") from error
    counts = rows.group_by("article_id").aggregate([([], "count_all")])
    revised = counts.filter(pc.field("count_all") > 1).column("article_id")
    keys, newest = set(), {}
    of_revised = rows.filter(pc.is_in(rows.column("article_id"), revised.combine_chunks()))
    for row in of_revised.sort_by("fetched_at").to_pylist():
        newest[row["article_id"]] = key = f"{row['article_id']} {row['run_id']}"
        keys.add(key)
    superseded = keys.difference(newest.values())
    if not superseded:
        return articles
    key_column = pc.binary_join_element_wise(pc.field("article_id"), pc.field("run_id"), " ")
    return articles.filter(~key_column.isin(sorted(superseded)))
