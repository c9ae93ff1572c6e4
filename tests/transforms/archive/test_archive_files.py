"""Notes on the disk, WARC files of bounded size, and the parts of a WACZ file."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from io import BytesIO

from schemas.page import Page
from tests.stored_pages import stored_page
from tests.transforms.archive.reading import records
from transforms.archive.export_notes import ExportNotes
from transforms.archive.page_records import Original, payload_digest, records_of
from transforms.archive.wacz import WaczFile, page_line, pages_header
from transforms.archive.warc_files import Sink, WarcFiles, record_digest

PAGES = [stored_page(f"https://example.org/{n}", b"%d" % n * 50, n) for n in range(5)]


def test_the_first_capture_of_a_payload_is_remembered_and_later_ones_are_told_of_it() -> None:
    with ExportNotes() as notes:
        assert notes.original_of("sha1:A", "https://example.org/a", 1) is None
        assert notes.original_of("sha1:B", "https://example.org/b", 2) is None
        assert notes.original_of("sha1:A", "https://example.org/c", 3) == Original("https://example.org/a", 1)
        assert notes.original_of("sha1:A", "https://example.org/a", 4) == Original("https://example.org/a", 1)


def test_index_lines_come_back_in_the_order_of_their_bytes() -> None:
    lines = ["org,example)/b 2", "org,example)/a 2", "org,example)/a/b 1", "org,example)/a 1", "org,example)/é 1", "a"]
    with ExportNotes() as notes:
        for line in lines:
            notes.add_line(line)
        assert [*notes.sorted_lines()] == sorted(lines, key=str.encode)


def test_a_headline_is_found_by_page_and_fetch() -> None:
    with ExportNotes() as notes:
        notes.add_headlines([("https://example.org/a", 1, "First"), ("https://example.org/a", 2, None)])
        assert notes.headline_of("https://example.org/a", 1) == "First"
        assert notes.headline_of("https://example.org/a", 2) is None
        assert notes.headline_of("https://example.org/b", 1) is None


def test_a_file_that_is_large_enough_is_followed_by_a_new_one_and_no_page_is_parted() -> None:
    files: list[BytesIO] = []
    begun: list[tuple[int, str]] = []

    def begin(number: int, page: Page) -> Sink:
        begun.append((number, page.url))
        files.append(BytesIO())
        return files[-1]

    made = [records_of(page, payload_digest(page.body), None) for page in PAGES]
    size = len(made[0].metadata) + len(made[0].capture)
    warc = WarcFiles(begin, 2 * size, "newsbeam/test")
    places = [warc.add(page, pair) for page, pair in zip(PAGES, made, strict=True)]
    assert [number for number, _ in begun] == [*range(len(files))]
    read = [[record.kind for record in records(file.getvalue())] for file in files]
    assert all(kinds == ["warcinfo", *["metadata", "response"] * (len(kinds) // 2)] for kinds in read)
    assert sum(map(len, read)) == len(files) + 2 * len(PAGES)
    assert 1 < len(files) < len(PAGES)
    assert all(file.tell() < 2 * size + 2 * size for file in files)
    first = places[0]
    member = files[0].getvalue()[first.offset : first.offset + first.length]
    assert member == made[0].capture
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")


def test_a_wacz_holds_its_warc_files_unpacked_and_describes_each_part() -> None:
    out, pages = BytesIO(), BytesIO()
    pages.write(pages_header() + page_line(PAGES[0], "Title") + page_line(PAGES[1], None))
    wacz = WaczFile(out, "newsbeam/test")
    for name in ("a.warc.gz", "b.warc.gz"):
        wacz.begin_warc(name).write(name.encode())
    lines = [f"org,example)/{n:04d} 20260302120000 {{}}" for n in range(1500)]
    wacz.finish("A title", lines, pages)
    with zipfile.ZipFile(out) as held:
        assert held.testzip() is None
        assert {info.filename: info.compress_type for info in held.infolist()} == {
            "archive/a.warc.gz": zipfile.ZIP_STORED,
            "archive/b.warc.gz": zipfile.ZIP_STORED,
            "indexes/index.cdx.gz": zipfile.ZIP_STORED,
            "indexes/index.idx": zipfile.ZIP_DEFLATED,
            "pages/pages.jsonl": zipfile.ZIP_DEFLATED,
            "datapackage.json": zipfile.ZIP_DEFLATED,
            "datapackage-digest.json": zipfile.ZIP_DEFLATED,
        }
        described = json.loads(held.read("datapackage.json"))
        assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
        assert (described["title"], described["software"]) == ("A title", "newsbeam/test")
        for part in described["resources"]:
            data = held.read(part["path"])
            assert (part["bytes"], part["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        assert len(described["resources"]) == 5
        whole = hashlib.sha256(held.read("datapackage.json")).hexdigest()
        digest = {"path": "datapackage.json", "hash": f"sha256:{whole}"}
        assert json.loads(held.read("datapackage-digest.json")) == digest
        index = held.read("indexes/index.cdx.gz")
        assert gzip.decompress(index).decode().splitlines() == lines
        meta, *blocks = held.read("indexes/index.idx").decode().splitlines()
        assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
        assert len(blocks) == 2
        for block, first in zip(blocks, (lines[0], lines[1024]), strict=True):
            place = json.loads(block[block.index("{") :])
            member = index[place["offset"] : place["offset"] + place["length"]]
            assert gzip.decompress(member).decode().splitlines()[0] == first
            assert block.startswith(first.removesuffix("{}"))
            assert place["digest"] == record_digest(member)
        head, one, two = map(json.loads, held.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    assert one == {"id": PAGES[0].page_id, "url": PAGES[0].url, "ts": "2026-03-02T12:00:00.000000Z", "title": "Title"}
    assert "title" not in two
