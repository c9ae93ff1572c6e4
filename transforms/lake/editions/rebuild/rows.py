"""The rows of `articles` that a rebuild finds, and the files that it writes in place of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.article import ARTICLES
from schemas.draft import DRAFTS, part_of
from schemas.page import page_id_of
from schemas.run import FilePart
from transforms.lake.editions.edition import Edition
from transforms.lake.files.layout import edition_shard, table_folder
from transforms.lake.files.parts import PartReader, stored_names
from transforms.lake.writing.decided_rows import GIVEN, with_decisions
from transforms.web.urls import BadUrl, url_key

PIECE_ROWS: Final = 4_000
"""Rows of a file that are in memory at a time, about 100 MB, and one row group: so the bytes of a file depend on its
rows alone."""

_FACTS: Final = ("article_id", "revision", "fetched_at", "run_id", "ingested_at", "withdrawn_at", "url")
_KEYS: Final = ("date_published", "article_id", "revision", "fetched_at")
_ORDER: Final = [(name, "ascending") for name in (*_KEYS, "path", "row")]

Places = Sequence[tuple[str, int]]
"""Where rows are: path and row of each."""

Look = Callable[[pa.Table, Sequence[str]], None]
"""Takes new rows, a piece at a time, with the ids of their pages."""


def article_rows(reader: PartReader, paths: Sequence[str], since_us: int) -> pa.Table:
    """Of each row fetched at `since_us` or later: `path`, `row`, `page_id`, and facts of the article without its text.

    Reads a few columns of all files, and of most only one where `since_us` is recent.
    """
    found = [_rows_in(reader, path, since_us) for path in paths]
    return pa.concat_tables([_NO_ROWS.empty_table(), *(rows for rows in found if rows is not None)])


_WITHDRAWN_AT: Final = ARTICLES.schema.field("withdrawn_at")
_NO_ROWS: Final = pa.schema(
    [
        pa.field("path", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("page_id", pa.string()),
        *(ARTICLES.schema.field(name).with_nullable(True) for name in _FACTS if name != "url"),
    ]
)


def _rows_in(reader: PartReader, path: str, since_us: int) -> pa.Table | None:
    fetched = reader.columns(path, ("fetched_at",)).column("fetched_at").cast(pa.int64())
    rows = np.flatnonzero(np.asarray(pc.greater_equal(fetched, since_us)))
    if not rows.size:
        return None
    facts = reader.columns(path, _FACTS).take(rows)
    if "withdrawn_at" not in facts.column_names:  # a file of an earlier version
        facts = facts.append_column(_WITHDRAWN_AT, pa.nulls(facts.num_rows, _WITHDRAWN_AT.type))
    urls, instants = facts.column("url").to_pylist(), facts.column("fetched_at").cast(pa.int64()).to_pylist()
    ids = [_page_id(url, fetched_at_us) for url, fetched_at_us in zip(urls, instants, strict=True)]
    own: dict[str, Any] = {"path": pa.array([path] * len(ids)), "row": pa.array(rows), "page_id": pa.array(ids)}
    columns = [own[field.name] if field.name in own else facts.column(field.name) for field in _NO_ROWS]
    return pa.table([column.cast(field.type) for column, field in zip(columns, _NO_ROWS, strict=True)], _NO_ROWS)


def _page_id(url: str, fetched_at_us: int) -> str:
    try:
        return page_id_of(url_key(url), fetched_at_us)
    except BadUrl:
        return page_id_of(url, fetched_at_us)


NEW_ROWS: Final = pa.schema(
    [
        pa.field("page_id", pa.string()),
        pa.field("path", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("partition", pa.string()),
        *(ARTICLES.schema.field(name) for name in ("date_published", "article_id", "fetched_at")),
        *(ARTICLES.schema.field(name) for name in GIVEN),
    ]
)
"""One row for each article that a rebuild makes: its page, its draft file and row, and what is decided of it."""


class ArticleFiles:
    """Writes the files of `articles` that take the place of those with rows of rebuilt pages.

    `old` are the rows of these pages (`article_rows`), `new` the rows made of them (`NEW_ROWS`).
    """

    def __init__(self, edition: Edition, old: pa.Table, new: pa.Table) -> None:
        self._edition = edition
        self._new_rows = new
        self._reader = PartReader(edition.storage)
        self._going: dict[str, dict[str, list[int]]] = {}
        """By partition and file the rows that go."""
        for path, row in zip(old.column("path").to_pylist(), old.column("row").to_pylist(), strict=True):
            self._going.setdefault(_partition(path), {}).setdefault(path, []).append(row)

    def replaced(self) -> list[str]:
        """The files that no longer count."""
        return sorted(path for paths in self._going.values() for path in paths)

    def write(self) -> list[FilePart]:
        """The new files: one for each partition that has rows."""
        files = []
        counts = self._edition.counts
        for number, partition in enumerate(self._partitions()):
            kept, gone = self._kept(partition)
            new = self._new(partition)
            counts.update({"replaced.articles": kept.num_rows + gone, "kept.articles": kept.num_rows})
            counts.update({"dropped.articles": gone, "built.articles": new.num_rows})
            if kept.num_rows + new.num_rows:
                pieces = self._pieces(pa.concat_tables([kept, new.select(kept.column_names)]), new)
                shard = edition_shard(number)
                files.append(self._edition.writer.write_sorted(ARTICLES, pieces, shard, partition))
        return files

    def show(self, look: Look) -> None:
        """Call `look` with the new rows, as they will be read; nothing is written."""
        for partition in self._partitions():
            new = self._new(partition)
            for _ in self._pieces(new.select(_PLACED), new, look):
                pass

    def _partitions(self) -> list[str]:
        """The partitions that the rebuild touches."""
        return sorted({*self._going, *pc.unique(self._new_rows.column("partition")).to_pylist()})

    def _kept(self, partition: str) -> tuple[pa.Table, int]:
        """The places of the rows that stay, with their sort keys; and how many rows go."""
        placed, gone = [_PLACES.empty_table()], 0
        for path, going in sorted(self._going.get(partition, {}).items()):
            keys = self._reader.columns(path, _KEYS)
            stays = np.setdiff1d(np.arange(keys.num_rows), going)
            gone += keys.num_rows - stays.size
            where = {"path": pa.array([path] * stays.size, pa.string()), "row": pa.array(stays, pa.int64())}
            kept = keys.take(stays)
            columns = [where[field.name] if field.name in where else kept.column(field.name) for field in _PLACES]
            placed.append(pa.table(columns, _PLACES))
        return pa.concat_tables(placed), gone

    def _new(self, partition: str) -> pa.Table:
        return self._new_rows.filter(pc.equal(self._new_rows.column("partition"), partition))

    def _pieces(self, placed: pa.Table, new: pa.Table, look: Look | None = None) -> Iterator[pa.Table]:
        """All rows in the table's order, a piece at a time."""
        placed = placed.sort_by(_ORDER)
        for first in range(0, placed.num_rows, PIECE_ROWS):
            here = placed.slice(first, PIECE_ROWS)
            places = list(zip(here.column("path").to_pylist(), here.column("row").to_pylist(), strict=True))
            rows = rows_at(self._reader, places)
            is_new = [path.startswith(_DRAFTS) for path, _ in places]
            if any(is_new):
                number = np.flatnonzero(is_new)
                mine = _decisions_of([places[one] for one in number], new)
                made = with_decisions(rows.take(number), mine)
                if look is not None:
                    look(made, mine.column("page_id").to_pylist())
                kept = np.setdiff1d(np.arange(len(places)), number)
                rows = pa.concat_tables([rows.take(kept), made]).take(np.argsort(np.concatenate([kept, number])))
            yield rows


_DRAFTS: Final = f"{table_folder(DRAFTS)}/"
_PLACED: Final = ("path", "row", *_KEYS)
_PLACES: Final = pa.schema([NEW_ROWS.field(name) for name in _PLACED])


def _partition(path: str) -> str:
    return path.split("/")[1].partition("=")[2]


def rows_at(reader: PartReader, places: Places) -> pa.Table:
    """The articles at these places, in files of the table or of drafts, in the order given and in today's schema."""
    by_path: dict[str, list[int]] = {}
    for number, (path, _) in enumerate(places):
        by_path.setdefault(path, []).append(number)
    found, back = [], np.empty(len(places), np.int64)
    at = 0
    for path in sorted(by_path):
        numbers = sorted(by_path[path], key=lambda number: places[number][1])
        found.append(_taken(reader, path, [places[number][1] for number in numbers]))
        back[numbers] = np.arange(at, at + len(numbers))
        at += len(numbers)
    if not found:
        return ARTICLES.stamped_schema.empty_table()
    return pa.concat_tables(found).take(pa.array(back)).combine_chunks()


def _taken(reader: PartReader, path: str, rows: Sequence[int]) -> pa.Table:
    if path.startswith(_DRAFTS):
        return ARTICLES.conformed(part_of(reader.take(path, ["article"], rows), "article"))
    stored = stored_names(reader.footer(path), ARTICLES.schema.names)
    return ARTICLES.conformed(reader.take(path, stored, rows))


def _decisions_of(places: Places, new: pa.Table) -> pa.Table:
    """The rows of `NEW_ROWS` for drafts at these places."""
    known = {
        place: number
        for number, place in enumerate(zip(new.column("path").to_pylist(), new.column("row").to_pylist(), strict=True))
    }
    return new.take([known[place] for place in places])
