"""A lake's tables for DuckDB, with the rows of a span of days and the columns that figures are made of.

The views of `newsbeam views` have the same names, and all rows and columns: a query that asks for the span by itself
(``run_id >= …``) gives the same by either. Reading the files once, and only those that can hold rows of the span, makes
a page of some twenty queries quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipelines.checks import CommandError
from pipelines.figures.span import Span
from schemas.article import ARTICLES
from schemas.columns import INSTANT
from schemas.failure import FAILURES
from schemas.feed import FEED_POLLS
from schemas.run import RunManifest
from schemas.table import Table
from transforms.lake.committed import Committed
from transforms.lake.dataset import dataset_of
from transforms.lake.files.layout import run_of
from transforms.lake.files.manifests import read_manifest

Wanted = Mapping[str, Sequence[str]]
"""The tables of rows that are read, by name, and the columns of each."""

ALL_FIGURES: Final[Wanted] = {
    "articles": (
        "article_id", "publisher_domain", "headline", "in_language", "word_count", "date_published", "date_precision",
        "ingested_at", "relation", "duplicate_of", "story_id", "wire_sources", "countries", "topic", "page_kind",
        "body_source", "removed", "run_id", "withdrawn_at",
    ),
    "failures": ("stage", "reason", "message", "input", "run_id", "host"),
    "feed_polls": ("feed_url", "outcome", "polled_at", "run_id", "new_entries", "next_poll_at"),
}  # fmt: skip
"""What the report page is made of, beside the runs, of which all is read."""
FROM_FEEDS: Final = ("ingest", "stream")
"""The commands whose runs read feeds."""

_TABLES: Final = {table.name: table for table in (ARTICLES, FAILURES, FEED_POLLS)}
_REQUESTS: Final = 16
"""How many manifests are asked of an object store at the same time."""
_READ_AHEAD: Final = 2
"""How many files, and pieces of each, are read before they are asked for: each is in memory as a whole."""
_FEW_VALUES: Final = frozenset(
    {
        "publisher_domain", "in_language", "date_precision", "relation", "topic", "page_kind", "body_source", "run_id",
        "feed_url", "outcome", "stage", "reason", "host",
    }
)  # fmt: skip
"""Columns of texts that come again and again: each text is in memory once a batch."""
_COUNTS = pa.map_(pa.string(), pa.int64())
_RUN_SCHEMA = pa.schema(
    [
        ("run_id", pa.string()),
        ("command", pa.string()),
        ("started_at", INSTANT),
        ("finished_at", INSTANT),
        ("counts", _COUNTS),
        ("reasons", _COUNTS),
        ("tables", _COUNTS),
    ]
)


class Answer(NamedTuple):
    """What a query gives: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class LakeTables:
    """The tables `runs`, `articles`, `failures` and `feed_polls` of a span. Made by `lake_tables`.

    `live` are those runs of the span that read feeds, up to the newest of them: what a rhythm can be judged by. A
    backfill of a year of archives in an hour has none. Without such a run `live` is the span.
    """

    def __init__(self, connection: Any, span: Span, live: Span) -> None:
        self._connection = connection
        self.span = span
        self.live = live

    def query(self, sql: str) -> Answer:
        """What a query over the tables gives. A figure is a plain number, an instant is to be asked for as text."""
        result = self._connection.execute(sql)
        columns = tuple(column[0] for column in result.description)
        return Answer(columns, result.fetchall())


@contextmanager
def lake_tables(held: Committed, wanted: Wanted = ALL_FIGURES) -> Iterator[LakeTables]:
    """The runs and the wanted tables of a lake that has runs.

    Raises CommandError or ManifestError if a file cannot be read.
    """
    import duckdb  # here, because it costs a quarter of a second  # noqa: PLC0415

    span = Span.of(held.runs)
    settings: dict[str, Any] = {"autoinstall_known_extensions": False, "python_enable_replacements": False}
    manifests = _manifests(held, span)
    live = [one.run_id for one in manifests if one.command in FROM_FEEDS]
    with duckdb.connect(config=settings) as connection:
        connection.register("runs", _runs(manifests))
        for name, columns in wanted.items():
            connection.register(name, _rows(held, span, _TABLES[name], columns))
        yield LakeTables(connection, span, Span.of(live) if live else span)


def _manifests(held: Committed, span: Span) -> list[RunManifest]:
    with ThreadPoolExecutor(1 if held.storage.folder is not None else _REQUESTS) as pool:
        return list(pool.map(partial(read_manifest, held.storage), span.runs))


def _runs(manifests: Sequence[RunManifest]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "run_id": [one.run_id for one in manifests],
        "command": [one.command for one in manifests],
        "started_at": [datetime.fromisoformat(one.started_at) for one in manifests],
        "finished_at": [datetime.fromisoformat(one.finished_at) for one in manifests],
    }
    for name in ("counts", "reasons", "tables"):
        columns[name] = [list(getattr(one, name).items()) for one in manifests]
    return pa.Table.from_pydict(columns, _RUN_SCHEMA)


def _rows(held: Committed, span: Span, table: Table[Any], names: Sequence[str]) -> pa.Table:
    """The rows that the span's runs wrote. A file bears the id of the run, or later edition, that wrote it."""
    paths = [path for path in held.parts(table) if (run_of(path) or "") >= span.runs[0]]
    found = dataset_of(held.storage, table, paths)
    schema = _slim(pa.RecordBatch.from_pylist([], pa.schema([table.schema.field(name) for name in names]))).schema
    try:
        batches = found.to_batches(
            columns=list(names),
            filter=ds.field("run_id") >= span.runs[0],
            batch_readahead=_READ_AHEAD,
            fragment_readahead=_READ_AHEAD,
        )
        return pa.Table.from_batches([_slim(batch) for batch in batches], schema)
    except (OSError, pa.ArrowInvalid) as error:
        remedy = f"newsbeam repair --output {held.storage.root} puts it aside"
        raise CommandError(f"a file of {table.name} cannot be read; {remedy}: {error}") from error


def _slim(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in less memory: the reasons of what was removed without the texts, texts that come again once."""
    for at, name in enumerate(batch.schema.names):
        if name == "removed":
            batch = batch.set_column(at, name, _reasons(batch.column(at)))
        elif name in _FEW_VALUES:
            batch = batch.set_column(at, name, batch.column(at).dictionary_encode())
    return batch


def _reasons(removed: pa.ListArray) -> pa.ListArray:
    items = pa.StructArray.from_arrays([pc.list_flatten(removed).field("reason")], ["reason"])
    lengths = pc.fill_null(pc.list_value_length(removed), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, items)
