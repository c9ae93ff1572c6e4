"""The files of a dataset: what they hold depends on the rows alone."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.article import ARTICLES, Block, Entity
from tests.rows import NOON_US, article
from transforms.dataset.columns import COLUMNS, DEFAULT, dataset_rows, schema_of
from transforms.dataset.shards import Shards

DAY = date(2026, 3, 2)


class Kept(io.BytesIO):
    """A file whose bytes outlive it."""


def written(form: str, table: pa.Table, at_once: int, max_bytes: int = 1 << 30) -> list[bytes]:
    files: list[Kept] = []

    def begin(number: int) -> Kept:
        assert number == len(files)
        files.append(Kept())
        return files[-1]

    shards = Shards(form, table.schema, begin, max_bytes)
    for start in range(0, table.num_rows, at_once):
        shards.write(table.slice(start, at_once))
    shards.finish()
    assert sum(shards.rows) == table.num_rows
    return [file.getvalue() for file in files]


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_files_do_not_depend_on_the_pieces_and_are_cut_by_size(form: str) -> None:
    table = pa.table({"text": [f"{n * 7919:040b}" * 9 for n in range(3_500)]})
    whole = written(form, table, 3_500, 20_000)
    assert whole == written(form, table, 7, 20_000)
    assert len(whole) > 1
    read = [row for data in whole for row in rows_of(form, data)]
    assert read == table.to_pylist()
    assert len(written(form, table, 3_500)) == 1
    assert written(form, table.slice(0, 0), 1) == []


def rows_of(form: str, data: bytes) -> list[dict[str, object]]:
    if form == "parquet":
        return list(pq.read_table(io.BytesIO(data)).to_pylist())
    return [json.loads(line) for line in gzip.decompress(data).splitlines()]


def test_rows_have_the_columns_of_the_table_its_day_and_pairs_in_place_of_a_map() -> None:
    made = article(
        facts_sources=(("topic", "words"), ("dateline", "text")),
        entities=(Entity("Kalliope", "organization", 2),),
        blocks=(Block("paragraph", 0, 0, 7),),
        date_published_us=NOON_US,
    )
    table = dataset_rows(ARTICLES.as_given([made, article()]), DAY, schema_of(DEFAULT))
    assert table.schema.names == [*DEFAULT]
    assert set(COLUMNS) - set(DEFAULT) == {"removed", "recovered"}
    first, second = table.to_pylist()
    assert first["facts_sources"] == [
        {"column": "topic", "source": "words"},
        {"column": "dateline", "source": "text"},
    ]
    assert second["facts_sources"] is None
    assert first["published_date"] == DAY
    assert first["entities"] == [{"name": "Kalliope", "kind": "organization", "count": 2}]
    [line, _] = rows_of("jsonl", written("jsonl", table, 2)[0])
    assert line["date_published"] == "2026-03-02T12:00:00.000000Z"
    assert (line["published_date"], line["similarity"]) == ("2026-03-02", None)
    assert rows_of("parquet", written("parquet", table, 2)[0]) == table.to_pylist()
