"""Storage on a real S3 server does what it does on a disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.s3.versitygw import S3Server
from transforms.lake.files.object_store import AT_ONCE_BYTES
from transforms.lake.files.storage import Storage, StorageError


@pytest.fixture
def storage(bucket: Path) -> Storage:
    return Storage(f"s3://{bucket.name}/lake")


def test_what_was_put_is_got_listed_and_deleted(storage: Storage) -> None:
    storage.put("a/b=1/x.parquet", b"1")
    storage.put("a/b=1/x.parquet", b"23")
    assert storage.get("a/b=1/x.parquet") == b"23"
    assert list(storage.list("a")) == ["a/b=1/x.parquet"]
    stat = storage.stat("a/b=1/x.parquet")
    assert stat is not None
    assert (stat.size_bytes, storage.stats("a")["a/b=1/x.parquet"]) == (2, stat)
    for _ in range(2):
        storage.delete("a/b=1/x.parquet")
    assert not storage.exists("a/b=1/x.parquet")
    for read in (storage.get, storage.open):
        with pytest.raises(FileNotFoundError, match=r"a/b=1/x\.parquet"):
            read("a/b=1/x.parquet")


def test_what_sorts_behind_a_path_can_be_listed_alone(storage: Storage) -> None:
    for path in ("runs/1.json", "runs/2.json", "runs/3.json", "articles/9"):
        storage.put(path, b"1")
    assert set(storage.stats("runs", after="runs/2")) == {"runs/2.json", "runs/3.json"}
    assert set(storage.stats("runs", after="runs/2.json")) == {"runs/3.json"}
    assert not storage.stats("runs", after="runs/4")


def test_a_folder_is_no_prefix_and_what_is_no_folder_holds_nothing(storage: Storage, bucket: Path) -> None:
    for path in ("articles/1", "articles2/1", "runs/1"):
        storage.put(path, b"1")
    Storage(f"s3://{bucket.name}/lake2").put("articles/2", b"2")
    (bucket / "lake/articles/empty").mkdir()
    assert list(storage.list("articles")) == ["articles/1"]
    assert list(storage.list("article")) == list(storage.list("none")) == list(storage.list("articles/1")) == []
    assert list(storage.list()) == ["articles/1", "articles2/1", "runs/1"]
    assert list(Storage(f"s3://{bucket.name}/lake/").list("runs")) == ["runs/1"]
    assert "lake/runs/1" in list(Storage(f"s3://{bucket.name}").list())


def test_only_the_first_put_if_absent_wins(storage: Storage) -> None:
    assert storage.put_if_absent("lock", b"mine")
    assert not storage.put_if_absent("lock", b"yours")
    assert storage.get("lock") == b"mine"


def test_a_file_larger_than_a_part_of_an_upload_arrives_whole(storage: Storage, bucket: Path) -> None:
    data = bytes(range(256)) * (48 << 10)  # 12 MiB
    with tempfile.TemporaryFile() as file:
        file.write(data)
        storage.put_file("large", file)
    storage.put("large2", data)
    assert storage.get("large") == storage.get("large2") == data
    assert (bucket / "lake/large").read_bytes() == data
    assert list(storage.list()) == ["large", "large2"]


def test_a_small_file_is_read_by_one_request_and_a_large_one_only_where_it_is_asked_for(
    storage: Storage, reached: S3Server
) -> None:
    table = pa.table({"a": range(400_000), "b": [f"{n * n:050}" for n in range(400_000)]})
    for name, rows in (("small", 1_000), ("large", 400_000)):
        sink = pa.BufferOutputStream()
        pq.write_table(table.slice(0, rows), sink, row_group_size=10_000, compression="none")
        storage.put(name, bytes(sink.getvalue()))
    for name, rows, most in (("small", 1_000, 1), ("large", 10_000, 5)):
        reached.forget()
        with storage.open(name) as source, pq.ParquetFile(source) as file:
            found = file.read_row_group(0 if name == "small" else 30)
        first = 0 if name == "small" else 300_000
        assert found.equals(table.slice(first, rows))
        assert 1 <= reached.requests()["GetObject"] <= most
        assert reached.requests().total() <= most
    with storage.open("large") as source:
        assert source.size() > 16 * AT_ONCE_BYTES
        assert source.read_buffer().to_pybytes() == storage.get("large")
        source.seek(-4, 2)
        assert source.read() == b"PAR1"


def test_an_empty_object_is_an_empty_file(storage: Storage) -> None:
    storage.put("empty", b"")
    with storage.open("empty") as source:
        assert (source.size(), source.read(), storage.get("empty")) == (0, b"", b"")


def test_scratch_is_on_this_machine_and_a_store_has_no_folders_to_check_or_sweep(storage: Storage) -> None:
    with storage.scratch() as file:
        file.write(b"1")
    storage.check_folders()
    storage.sweep()
    assert list(storage.list()) == []


@pytest.mark.parametrize("uri", ["gs://bucket/lake", "az://bucket/lake"])
def test_uris_of_other_clouds_lead_to_their_stores(uri: str) -> None:
    """To the port where none listens: that they lead there is all that is known of them."""
    with pytest.raises(
        StorageError, match=r"cannot list runs in the lake at .*: cannot connect to http://127.0.0.1:9$"
    ):
        Storage(uri).stats("runs")
