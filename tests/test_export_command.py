"""`newsbeam export pages`: a lake's committed pages in WARC and WACZ files, or one line that says why not."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from schemas.page import PAGES, Page
from schemas.run import iso
from tests import rows
from tests.command import newsbeam
from tests.conftest import Desk
from tests.stored_pages import DAY_US, lake_of, stored_page
from tests.transforms.archive.reading import Read, pages_of, records
from transforms.archive.page_records import payload_digest, records_of
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

OLD = Path(__file__).parent / "lakes/0.1.0"
RIVER, FAIR = b"<html><p>The river rose.</p></html>", b"<html><p>The fair opened.</p></html>"


def export(lake: Path, out: Path, *more: str) -> list[Read]:
    """The records of the WARC file that the command writes."""
    done = newsbeam("export", "pages", "--output", str(lake), "--warc", str(out), *more)
    assert (done.returncode, done.stderr) == (0, "")
    return records(out.read_bytes())


def urls(read: list[Read]) -> list[str]:
    return [one.fields["WARC-Target-URI"] for one in read if one.kind in ("response", "revisit")]


def stored(lake: Path) -> list[Page]:
    """The pages of a lake in the order of their fetches."""
    reader = PartReader(Storage(str(lake)))
    paths = [str(path.relative_to(lake)) for path in lake.glob("pages/*/*.parquet")]
    return sorted((page for path in paths for page in reader.rows(PAGES, path)), key=lambda page: page.fetched_at_us)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Twelve pages of two days in three files, one of them a repeat; and one that no run has committed."""
    pages = [stored_page(f"https://www.example.org/{n}", b"<p>%d" % n, 12 - n) for n in range(10)]
    pages.append(stored_page("https://news.example.com/river", RIVER, 0.5))
    pages.append(stored_page("https://news.example.com/river", RIVER, 86_400))
    lake_of(tmp_path / "lake", pages)
    return lake_of(tmp_path / "lake", [stored_page("https://example.org/half", FAIR, 3)], committed=False)


def test_the_committed_pages_come_in_the_order_of_their_fetches(lake: Path, tmp_path: Path) -> None:
    read = export(lake, tmp_path / "p.warc.gz")
    expected = [page for page in stored(lake) if not page.url.endswith("half")]
    assert urls(read) == [page.url for page in expected]
    assert [one.kind for one in read if one.kind in ("response", "revisit")] == ["response"] * 11 + ["revisit"]
    assert read[-1].fields["WARC-Refers-To-Date"] == iso(rows.NOON_US + 500_000)
    assert [*pages_of((tmp_path / "p.warc.gz").read_bytes())] == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake", "p.warc.gz"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (("--since", "2026-03-03"), ["https://news.example.com/river"]),
        (("--until", "2026-03-03", "--hosts", "news.example.com"), ["https://news.example.com/river"]),
        (("--hosts", "EXAMPLE.org, nowhere.example"), [f"https://www.example.org/{n}" for n in reversed(range(10))]),
        (("--hosts", "www.example.org", "--until", "2026-03-03"), None),
    ],
)
def test_only_what_is_asked_for_is_exported(
    lake: Path, tmp_path: Path, given: tuple[str, ...], found: list[str] | None
) -> None:
    read = export(lake, tmp_path / "p.warc.gz", *given)
    assert urls(read) == (found or [f"https://www.example.org/{n}" for n in reversed(range(10))])
    assert not [one for one in read if one.kind == "revisit"], "its original is not in this export"


def test_two_exports_of_one_lake_are_equal_byte_for_byte(lake: Path, tmp_path: Path) -> None:
    for form in ("warc", "wacz"):
        suffix = {"warc": "warc.gz", "wacz": "wacz"}[form]
        for name in ("one", "two"):
            done = newsbeam("export", "pages", "--output", str(lake), f"--{form}", str(tmp_path / f"{name}.{suffix}"))
            assert done.returncode == 0, done.stderr
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_an_export_of_a_compacted_lake_is_the_same(lake: Path, tmp_path: Path) -> None:
    """While the files that compaction replaced are still there."""
    before = len([*lake.glob("pages/*/*.parquet")])
    export(lake, tmp_path / "before.warc.gz")
    done = newsbeam("compact", "--output", str(lake), "--all", "--json")
    assert done.returncode == 0, done.stderr
    assert len([*lake.glob("pages/*/*.parquet")]) > before
    export(lake, tmp_path / "after.warc.gz")
    assert (tmp_path / "before.warc.gz").read_bytes() == (tmp_path / "after.warc.gz").read_bytes()


def test_large_exports_are_numbered_files_and_the_summary_names_them(tmp_path: Path) -> None:
    noise = [Random(n).randbytes(700_000) for n in range(5)]
    pages = [stored_page(f"https://example.org/{n}", body, n) for n, body in enumerate([*noise, noise[0]])]
    lake = lake_of(tmp_path / "lake", pages)
    given = ("--warc", str(tmp_path / "p.warc.gz"), "--max_file_mb", "1", "--json")
    done = newsbeam("export", "pages", "--output", str(lake), *given)
    told = json.loads(done.stdout)
    names = ["p.warc.gz", "p-00001.warc.gz", "p-00002.warc.gz"]
    assert told == {
        "output": str(lake),
        "files": [str(tmp_path / name) for name in names],
        "bytes": sum((tmp_path / name).stat().st_size for name in names),
        "responses": 5,
        "revisits": 1,
        "left_out": 0,
    }
    found = [records((tmp_path / name).read_bytes()) for name in names]
    assert [len(urls(read)) for read in found] == [2, 2, 2]
    assert all(read[0].kind == "warcinfo" for read in found)
    assert len({read[0].fields["WARC-Record-ID"] for read in found}) == 3
    assert found[2][-1].kind == "revisit"


def test_a_lake_of_an_earlier_release_is_exported_with_what_it_knows(tmp_path: Path) -> None:
    read = export(OLD, tmp_path / "old.warc.gz")
    before = stored(OLD)
    assert len(before) == 149
    assert not any("WARC-IP-Address" in one.fields for one in read)
    assert {one.head.partition(b"\r\n")[0] for one in read if one.kind == "response"} == {b"HTTP/1.1 200"}
    assert [*pages_of((tmp_path / "old.warc.gz").read_bytes())] == before


def test_a_wacz_lists_pages_with_their_headlines(tmp_path: Path) -> None:
    pages = [stored_page("https://example.org/a", RIVER), stored_page("https://example.org/b", FAIR, DAY_US / 1e6)]
    article = rows.article(url="https://example.org/a", fetched_at_us=rows.NOON_US, headline="The river rose")
    lake = lake_of(tmp_path / "lake", pages, [article])
    done = newsbeam("export", "pages", "--output", str(lake), "--wacz", str(tmp_path / "p.wacz"))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "p.wacz") as held:
        _, *lines = map(json.loads, held.read("pages/pages.jsonl").splitlines())
        assert [line["title"] for line in lines] == ["The river rose", "From the feed"]
        assert json.loads(held.read("datapackage.json"))["title"] == "News pages, 2026-03-02 to 2026-03-03"
        read = records(held.read("archive/newsbeam-20260302120000-00000.warc.gz"))
    assert urls(read) == ["https://example.org/a", "https://example.org/b"]


@pytest.mark.slow
def test_a_run_stores_what_an_archive_needs(desk: Desk, tmp_path: Path) -> None:
    desk.run()
    read = export(desk.folder / "lake", tmp_path / "p.warc.gz")
    pages = stored(desk.folder / "lake")
    assert [*pages_of((tmp_path / "p.warc.gz").read_bytes())] == pages
    answers = [one for one in read if one.kind in ("response", "revisit")]
    assert len(answers) == len(pages) > 50
    assert all(one.fields["WARC-IP-Address"].startswith("127.0.0.") for one in answers)
    assert all(one.head.startswith(b"HTTP/1.1 200 OK\r\n") for one in answers)
    assert all(b"\r\nServer: " in one.head for one in answers)


@pytest.mark.slow
def test_pages_by_reference_are_taken_from_their_files_or_counted_as_left_out(tmp_path: Path) -> None:
    page = stored_page("https://example.org/a", RIVER)
    made = records_of(page, payload_digest(RIVER), None)
    (tmp_path / "crawl.warc.gz").write_bytes(made.metadata + made.capture)
    place = {"warc_offset": len(made.metadata), "warc_length": len(made.capture)}
    here = replace(page, body=b"", warc_file=str(tmp_path / "crawl.warc.gz"), **place)
    gone = stored_page("https://example.org/b", b"", 1, warc_file=str(tmp_path / "gone.warc.gz"), **place)
    web = stored_page("https://example.org/c", b"", 2, warc_file="http://127.0.0.1:9/x.warc.gz", **place)
    lake = lake_of(tmp_path / "lake", [here, gone, web])
    out = tmp_path / "p.warc.gz"
    done = newsbeam("export", "pages", "--output", str(lake), "--warc", str(out))
    assert done.returncode == 3
    missing, silent = done.stderr.splitlines()
    assert missing == f"newsbeam export: left out https://example.org/b: there is no file {tmp_path}/gone.warc.gz"
    assert silent.startswith("newsbeam export: left out https://example.org/c: ")
    assert "127.0.0.1:9" in silent
    assert done.stdout.splitlines()[-1].startswith("2 page(s) left out")
    assert [one.payload for one in records(out.read_bytes()) if one.kind == "response"] == [RIVER]


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        (("--output", "nowhere", "--warc", "p.warc.gz"), 2, "there is no lake at nowhere"),
        (("--output", "lake", "--warc", "old.warc.gz"), 2, "old.warc.gz exists"),
        (("--output", "lake", "--warc", "parts.warc.gz"), 2, "parts-00001.warc.gz exists"),
        (("--output", "lake", "--warc", "p.warc"), 2, "named like pages.warc.gz"),
        (("--output", "lake", "--wacz", "-"), 2, "named like pages.wacz"),
        (("--output", "lake", "--wacz", "s3://bucket/p.wacz"), 2, "a file on a local disk"),
        (("--output", "lake", "--wacz", "none/p.wacz"), 2, "there is no folder none"),
        (("--output", "lake"), 2, "one of the arguments --warc --wacz is required"),
        (("--output", "lake", "--warc", "p.warc.gz", "--wacz", "p.wacz"), 2, "not allowed with"),
        (("--output", "lake", "--warc", "p.warc.gz", "--since", "March"), 2, "'March' is no time"),
        (("--output", "lake", "--warc", "p.warc.gz", "--hosts", "a b"), 2, "'a b' is no host"),
        (("--output", "lake", "--warc", "p.warc.gz", "--hosts", "example.org,example"), 2, "'example' is no host"),
        (("--output", "lake", "--warc", "p.warc.gz", "--hosts", ","), 2, "there is no host"),
        (("--output", "lake", "--warc", "p.warc.gz", "--hots", "a"), 2, "did you mean --hosts?"),
        (("--output", "lake", "--warc", "p.warc.gz", "--max_file_mb", "0"), 2, "give 1 to"),
        (
            ("--output", "lake", "--wacz", "p.wacz", "--since", "2026-03-04", "--hosts", "example.org"),
            1,
            "nothing to export: lake has no stored page since 2026-03-04 of example.org",
        ),
        (("--output", "empty", "--warc", "p.warc.gz"), 1, "nothing to export: empty has no stored page"),
        (("--output", "damaged", "--warc", "p.warc.gz"), 1, "run: newsbeam repair --output damaged"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing_behind(
    lake: Path, tmp_path: Path, given: tuple[str, ...], status: int, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "old.warc.gz").write_bytes(b"mine")
    (tmp_path / "parts-00001.warc.gz").write_bytes(b"mine")
    shutil.copytree(lake, tmp_path / "damaged")
    for path in tmp_path.glob("damaged/pages/*/*.parquet"):
        path.write_bytes(b"garbage")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = newsbeam("export", "pages", *given, folder=tmp_path)
    assert (done.returncode, done.stdout) == (status, "")
    [line] = done.stderr.splitlines()
    assert message in line
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "old.warc.gz").read_bytes() == b"mine"


def test_what_a_killed_export_left_is_used_again_and_one_that_is_under_way_is_not_disturbed(
    lake: Path, tmp_path: Path
) -> None:
    part = tmp_path / "p.warc.gz.part"
    part.write_bytes(b"half" * 100_000)
    with part.open("rb") as going:
        fcntl.flock(going, fcntl.LOCK_EX)
        done = newsbeam("export", "pages", "--output", str(lake), "--warc", str(tmp_path / "p.warc.gz"))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"another export is writing {part}" in done.stderr
        assert part.stat().st_size == 400_000
    assert len(urls(export(lake, tmp_path / "p.warc.gz"))) == 12
    assert not part.exists()


def test_a_full_disk_is_one_line_and_leaves_nothing_behind(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fail(*_: object) -> None:
        raise full

    before = sorted(path.name for path in tmp_path.iterdir())
    for place in ("os.fsync", "transforms.archive.warc_files.warcinfo_record"):
        for form in ("--warc=p.warc.gz", "--wacz=p.wacz"):
            with monkeypatch.context() as patch:
                patch.setattr(place, fail)
                done = newsbeam("export", "pages", "--output", str(lake), form, folder=tmp_path)
            assert (done.returncode, done.stdout) == (1, "")
            assert done.stderr == f"newsbeam export: {full.strerror}\n"
            assert sorted(path.name for path in tmp_path.iterdir()) == before
    monkeypatch.setattr("pipelines.commands.export.export.ExportNotes.original_of", no_room)
    done = newsbeam("export", "pages", "--output", str(lake), "--warc=p.warc.gz", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "to the temporary folder: database or disk is full" in done.stderr


def no_room(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")
