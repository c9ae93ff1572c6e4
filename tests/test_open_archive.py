"""Archives are read from disks, stores and servers alike, and what cannot be read says why."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pipelines.archives.open_archive import open_archive, size_of
from schemas.failure import Reason
from tests.loopback_stores import NOBODY
from tests.range_server import behind_http
from tests.test_backfill import backfill, content
from tests.warc_files import record, write
from transforms.pages.warc.archive_file import ArchiveError, ArchiveStream

DATA = bytes(range(256)) * 40_000  # 10 MB: more than is asked for at once


def test_a_file_and_an_object_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(DATA)
    with behind_http(tmp_path) as address:
        for name in (f"{tmp_path}/a.bin", f"{address}/a.bin"):
            with closing(open_archive(name)) as file:
                assert file.size_bytes == size_of(name) == len(DATA)
                for start, end in (
                    (0, 10),
                    (9_000_000, 9_000_100),
                    (5, 5),
                    (len(DATA) - 3, len(DATA) + 50),
                    (100, 200),
                ):
                    assert file.read(start, end) == DATA[start:end]
                stream = ArchiveStream(file, 1_000)
                assert b"".join(iter(lambda: stream.read(100_000), b"")) == DATA[1_000:]  # noqa: B023
                assert stream.tell() == len(DATA) - 1_000
                assert stream.near(9_999_000, 20) == DATA[9_999_000:9_999_020]
                assert stream.near(3, 20) == DATA[3:23]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("{folder}/none.warc.gz", Reason.NOT_FOUND),
        ("{folder}/none.warc.gz/below", Reason.NOT_FOUND),
        ("{address}/none.warc.gz", Reason.NOT_FOUND),
        ("az://box/crawl/none.warc.gz", Reason.UNREACHABLE),
    ],
)
def test_what_is_not_there_or_does_not_answer_has_a_reason_in_one_line(
    tmp_path: Path, name: str, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.lake.files.object_store._RETRIES", {"max_retries": 0})
    with behind_http(tmp_path) as address, pytest.raises(ArchiveError) as error:
        open_archive(name.format(folder=tmp_path, address=address))
    assert error.value.reason == reason
    assert "\n" not in error.value.message
    assert NOBODY not in name


def test_a_folder_is_no_archive_and_a_server_without_ranges_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(DATA)
    with closing(open_archive(str(tmp_path))) as folder, pytest.raises(ArchiveError, match="directory"):
        folder.read(0, 10)
    with behind_http(tmp_path, knows_ranges=False) as address, closing(open_archive(f"{address}/a.bin")) as file:
        with pytest.raises(ArchiveError, match="Range request not supported") as error:
            file.read(5, 10)
        assert error.value.reason == Reason.UNREACHABLE


def test_a_backfill_over_http_gives_the_rows_of_one_from_the_disk(tmp_path: Path) -> None:
    write(tmp_path / "crawl/a.warc.gz", [record(uri="https://example.org/1"), record(length=7)])
    (tmp_path / "crawl/paths.txt").write_text("a.warc.gz\n")
    backfill(tmp_path / "here", tmp_path / "crawl/paths.txt")
    with behind_http(tmp_path / "crawl") as address:
        backfill(tmp_path / "there", f"{address}/paths.txt", more=["--store_pages"])
        (page,) = content(tmp_path / "there", "pages")
        assert page["warc_file"] == f"{address}/a.warc.gz"
    without = {"warc_file", "body"}
    assert content(tmp_path / "there", "pages", without) == content(tmp_path / "here", "pages", without)
    assert len(content(tmp_path / "there", "failures")) == len(content(tmp_path / "here", "failures")) == 2
