"""Files of texts: what is read of them, and that they are written again as they were."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.texts.instants import instant_us, moment
from transforms.texts.named_columns import named_columns
from transforms.texts.text_files import Form, form_of, found_files, open_texts
from transforms.texts.text_row import ColumnError, Marks, Named, NotCompared, TextFileError, TextRow

NOON_US = 1_772_452_800_000_000
NAMES = ("cluster_id", "relation")


def marks(start: int, rows: int) -> Marks:
    """Marks by which the number of each row can be told; the others are null."""
    nulls = pa.nulls(rows, pa.string())
    numbers = pa.array([f"c{number}" for number in range(start, start + rows)], pa.string())
    return Marks(numbers, numbers, nulls, pa.nulls(rows, pa.float64()), nulls)


NONE = {"duplicate_of": None, "similarity": None, "not_compared": None}
ALL = (*NAMES, *NONE)


def rows(path: Path, named: Named) -> list[TextRow]:
    return [row for some in open_texts(str(path)).rows(named, frozenset()) for row in some]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.parquet", Form(True)),
        ("A.JSONL", Form(False)),
        ("a.jsonl.gz", Form(False, "gzip")),
        ("a.ndjson.zst", Form(False, "zstd")),
        ("a.csv", None),
        ("a.parquet.gz", None),
    ],
)
def test_the_form_goes_by_the_name(name: str, form: Form | None) -> None:
    assert form_of(name) == form


@pytest.mark.parametrize(
    ("value", "us"),
    [
        ("2026-03-02T13:00:00+01:00", NOON_US),
        ("Mon, 02 Mar 2026 12:00:00 GMT", NOON_US),
        (datetime(2026, 3, 2, 12, tzinfo=UTC).replace(tzinfo=None), NOON_US),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), NOON_US),
        (date(2026, 3, 2), NOON_US - 43_200_000_000),
        (1_772_452_800, NOON_US),
        (1_772_452_800_000.0, NOON_US),
        (NOON_US, NOON_US),
        (NOON_US * 1_000, NOON_US),
        ("soon", None),
        (True, None),
        (float("nan"), None),
        (10**30, None),
        ({}, None),
        (None, None),
    ],
)
def test_dates_are_read_in_many_forms(value: Any, us: int | None) -> None:
    assert instant_us(value) == us
    assert moment(10**18) is None


def test_columns_are_found_by_their_usual_names_unless_they_are_given() -> None:
    columns = ["content", "doc_id", "headline", "published", "url", "meta"]
    nothing = dict.fromkeys(("text", "id", "title", "date", "url"))
    assert named_columns("f", columns, nothing) == Named("content", "doc_id", None, "headline", "published")
    given = nothing | {"text": "headline", "url": "url", "date": "meta.date"}
    assert named_columns("f", columns, given) == Named("headline", "doc_id", "url", "headline", "meta.date")
    with pytest.raises(TextFileError, match=r"f has no column txet; it has content, doc_id"):
        named_columns("f", columns, nothing | {"text": "txet"})
    with pytest.raises(TextFileError, match="name the column of its texts with --text; it has a"):
        named_columns("f", ["a"], nothing)


LINES = (
    b'\xef\xbb\xbf{"id": 1, "text": "One.", "n": 1.0, "m": {"date": "2026-03-02T12:00:00Z"}}',
    b'{"id": 2, "text": "Caf\\u00e9 \\ud83d", "big": 123456789012345678901234567890, "a": 1, "a": 2}  ',
    b"",
    b'{"id": 3, "text": null}\r',
    b'{"id": 4, "text": 5}',
    b"{}",
    b'["no", "object"]',
    b'{"broken": "line',
    b"\xff\xfe",
    b'{"id": [], "text": "No id."}',
    b'{"id":"last","text":"Last.","m":[]}',
)
PROBLEMS = [None, None, "no_text", "not_text", "no_id", "bad_json", "bad_json", "bad_json", "no_id", None]
PACKED = {".jsonl": bytes, ".jsonl.gz": gzip.compress, ".jsonl.zst": lambda data: pa.Codec("zstd").compress(data)}


def lines_file(folder: Path, ending: str, data: bytes) -> Path:
    path = folder / f"texts{ending}"
    if ending.endswith("zst"):
        with pa.CompressedOutputStream(str(path), "zstd") as packed:
            packed.write(data)
    else:
        path.write_bytes(PACKED[ending](data))
    return path


def unpacked(data: bytes, packing: str | None) -> bytes:
    if packing is None:
        return data
    with pa.input_stream(pa.py_buffer(data), compression=packing) as stream:
        return bytes(stream.read())


@pytest.mark.parametrize("ending", [*PACKED])
def test_lines_are_read_and_bad_ones_told(tmp_path: Path, ending: str) -> None:
    path = lines_file(tmp_path, ending, b"\n".join(LINES))
    assert open_texts(str(path)).columns() == ["id", "text", "n", "m", "big", "a"]
    read = rows(path, Named("text", "id", date="m.date"))
    assert [row.problem for row in read] == [one and NotCompared(one) for one in PROBLEMS]
    assert [row.id for row in read if not row.problem] == [1, 2, "last"]
    assert (read[0].published_us, read[0].date_unread, read[1].text) == (NOON_US, False, "Café \ud83d")


@pytest.mark.parametrize("ending", [*PACKED])
def test_lines_are_written_again_byte_for_byte_with_their_marks(tmp_path: Path, ending: str) -> None:
    path, out = lines_file(tmp_path, ending, b"\n".join(LINES)), io.BytesIO()
    form = form_of(path.name)
    assert form is not None
    open_texts(str(path)).copy(marks, ALL, out, form.packing)
    written = unpacked(out.getvalue(), form.packing).split(b"\n")
    assert written.pop() == b""
    assert written[2] == b""
    read = [json.loads(line) for line in written if line]
    assert [row["cluster_id"] for row in read] == [f"c{n}" for n in range(10)]
    for line, again in zip(LINES, written, strict=True):
        if line.startswith((b"{}", b"[", b'{"broken', b"\xff")) or not line:
            continue
        before = line.removeprefix(b"\xef\xbb\xbf").rstrip()[:-1]
        assert again.startswith(before + b',"cluster_id":"c')
    assert read[4] == {"cluster_id": "c4", "relation": "c4"} | NONE
    assert [row["line"] for row in read[5:8]] == ['["no", "object"]', '{"broken": "line', "\\xff\\xfe"]


def test_lines_in_other_codings_than_utf_8_are_bad_ones(tmp_path: Path) -> None:
    wide = json.dumps({"id": 1, "text": "Wide."}).encode("utf-16-le")
    path, out = lines_file(tmp_path, ".jsonl", b'{"id": 2, "text": "Fine."}\n' + wide), io.BytesIO()
    assert [row.problem for row in rows(path, Named("text", "id"))] == [None, NotCompared.BAD_JSON]
    open_texts(str(path)).copy(marks, ALL, out, None)
    assert json.loads(out.getvalue().splitlines()[1])["line"] == wide.decode("latin-1")


def test_a_broken_archive_and_a_taken_name_are_told(tmp_path: Path) -> None:
    path = lines_file(tmp_path, ".jsonl.gz", b'{"text": "a"}\n' * 1_000)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(TextFileError, match=r"texts.jsonl.gz cannot be read"):
        rows(path, Named("text"))
    path = lines_file(tmp_path, ".jsonl", b'{"text": "a"}\n{"text": "b", "relation": 1}')
    with pytest.raises(ColumnError, match="has a column relation already; give --prefix, such as dedupe_"):
        list(open_texts(str(path)).rows(Named("text"), frozenset(ALL)))


def test_parquet_keeps_types_metadata_and_order(tmp_path: Path) -> None:
    schema = pa.schema(
        [
            pa.field("doc_id", pa.int32(), nullable=False),
            pa.field("content", pa.large_string()),
            pa.field("meta", pa.struct([("at", pa.timestamp("ms")), ("kind", pa.string())])),
            pa.field("kind", pa.dictionary(pa.int8(), pa.string())),
            pa.field("vector", pa.list_(pa.float32(), 2)),
        ],
        metadata={"owner": "us"},
    )
    at = {"at": datetime(2026, 3, 2, 12, tzinfo=UTC).replace(tzinfo=None), "kind": "x"}
    table = pa.Table.from_pylist(
        [
            {"doc_id": n, "content": f"Text {n}" if n % 7 else None, "meta": at, "kind": "k", "vector": [n, 1.5]}
            for n in range(2_500)
        ],
        schema=schema,
    )
    path, out = tmp_path / "a.parquet", io.BytesIO()
    pq.write_table(table, path, compression="gzip", row_group_size=1_300)
    read = rows(path, Named("content", "doc_id", date="meta.at"))
    assert [row.id for row in read] == [*range(2_500)]
    assert (read[1].text, read[1].published_us, read[1].problem) == ("Text 1", NOON_US, None)
    assert (read[7].text, read[7].problem) == (None, NotCompared.NO_TEXT)
    open_texts(str(path)).copy(marks, ALL, out, None)
    with pq.ParquetFile(out) as file:
        assert file.metadata.row_group(0).column(0).compression == "GZIP"
        again = file.read()
    assert again.select(table.schema.names).equals(table)
    assert again.schema.field("doc_id") == schema.field("doc_id")
    assert again.column("cluster_id").to_pylist() == [f"c{n}" for n in range(2_500)]
    assert again.schema.metadata == {b"owner": b"us"}


def test_parquet_without_rows_or_texts(tmp_path: Path) -> None:
    path, out = tmp_path / "a.parquet", io.BytesIO()
    pq.write_table(pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int64())}), path)
    assert rows(path, Named("text")) == []
    open_texts(str(path)).copy(marks, ALL, out, None)
    assert pq.read_table(out).schema.names == ["text", "n", *ALL]
    with pytest.raises(TextFileError, match="its column n is int64, no text"):
        rows(path, Named("n"))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(TextFileError, match=r"b.parquet cannot be read as Parquet"):
        open_texts(str(tmp_path / "b.parquet"))


def test_parquet_with_bytes_that_are_no_text(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")])
    pq.write_table(pa.table({"text": bad}), tmp_path / "a.parquet")
    [row] = rows(tmp_path / "a.parquet", Named("text"))
    assert row.text == "a\ufffd"


def test_files_of_a_folder_are_found_and_what_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "set/data").mkdir(parents=True)
    for name in ("set/README.md", "set/data/b.jsonl", "set/data/a.parquet", "c.jsonl.gz"):
        (tmp_path / name).write_text("x")
    found = list(found_files([str(tmp_path / "set"), str(tmp_path / "c.jsonl.gz")]))
    assert [name for _, name in found] == ["data/a.parquet", "data/b.jsonl", "c.jsonl.gz"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(TextFileError, match="holds no file of texts"):
        list(found_files([str(tmp_path / "empty")]))
    with pytest.raises(TextFileError, match="there is no file"):
        list(found_files([str(tmp_path / "nothing.jsonl")]))
