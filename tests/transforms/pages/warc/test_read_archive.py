"""One archive to stored pages, failures and counts, with a lake that is made up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from schemas.failure import InputKind, Reason
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.run import FilePart, Run
from tests.transforms.pages.warc.test_records import Bytes
from tests.warc_files import DATE, HTML, answer, member, record
from transforms.common.clock import Clock
from transforms.common.progress import Progress
from transforms.pages.warc.archive_file import ArchiveError, ArchiveFile
from transforms.pages.warc.archive_work import ArchivesAsked, ArchiveWork, GivenArchive
from transforms.pages.warc.read_archive import ArchiveReader, Stored
from transforms.web.urls import url_key

NOON_US = 1_772_452_800_000_000
RUN = Run("20260302T120000.000000Z", NOON_US, "lake")


class Lake:
    """Keeps what it is given, and knows some captures and entries."""

    def __init__(self, known: Sequence[str] = (), entries: Sequence[FeedEntry] = ()) -> None:
        self.stored: dict[str, list[Page]] = {}
        self.asked: list[list[str]] = []
        self._known = {url_key(url) for url in known}
        self._entries = {entry.url_key: entry for entry in entries}

    def is_known(self, key: str, fetched_at_us: int) -> bool:
        return key in self._known

    def is_forgotten(self, url: str) -> bool:
        return "/forgotten" in url

    def entries(self, url_keys: Sequence[str]) -> Mapping[str, FeedEntry]:
        self.asked.append(list(url_keys))
        return {key: self._entries[key] for key in url_keys if key in self._entries}

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        self.stored[chunk] = list(pages)
        return [FilePart("pages", chunk, len(pages), 0)]

    def check(self) -> None:
        pass

    @property
    def pages(self) -> list[Page]:
        return [page for pages in self.stored.values() for page in pages]


def read(
    lake: Lake, files: Mapping[str, bytes | ArchiveFile], *, store: bool = False
) -> tuple[ArchiveReader, list[Stored]]:
    given = tuple(GivenArchive(name, None) for name in files)

    def opened(name: str) -> ArchiveFile:
        data = files[name]
        return Bytes(data) if isinstance(data, bytes) else data

    work = ArchiveWork(RUN, ArchivesAsked(given, store_pages=store))
    reader = ArchiveReader(work, lake, lake, opened, Clock.starting_at(NOON_US))
    return reader, [stored for one in given for stored in reader.read(one, Progress("MiB read", one.warc_file, 1))]


def packed(*records: bytes) -> bytes:
    return b"".join(member(one, "gzip") for one in records)


def test_pages_keep_their_place_and_their_bytes_go_on_beside_them() -> None:
    first, second = (member(record(uri=f"https://example.org/{number}"), "gzip") for number in range(2))
    lake = Lake()
    reader, stored = read(lake, {"a.warc.gz": first + second})
    assert [(page.warc_file, page.warc_offset, page.warc_length, page.body) for page in lake.pages] == [
        ("a.warc.gz", 0, len(first), b""), ("a.warc.gz", len(first), len(second), b"")
    ]  # fmt: skip
    assert [page.body for one in stored for page in one.pages] == [HTML, HTML]
    assert reader.counts == {"records": 2, "records.response": 2, "records.page": 2}


def test_bytes_are_stored_where_the_user_wants_it_or_they_cannot_be_read_alone() -> None:
    lake = Lake()
    read(lake, {"a.warc.gz": packed(record())}, store=True)
    assert [page.body for page in lake.pages] == [HTML]
    lake = Lake()
    shared = member(b"".join(record(uri=f"https://example.org/{number}") for number in range(3)), "gzip")
    read(lake, {"a.warc.gz": shared})
    assert [(page.body, page.warc_length is None) for page in lake.pages] == [(b"", False), (HTML, True), (HTML, True)]


def test_a_capture_is_taken_once_whichever_archives_it_stands_in() -> None:
    lake = Lake(known=["https://example.org/had"])
    again = record(uri="https://example.org/new")
    reader, _ = read(lake, {"a": packed(again, record(uri="https://example.org/had")), "b": packed(again)})
    assert [page.url for page in lake.pages] == ["https://example.org/new"]
    assert (reader.counts["records.known"], reader.captures) == (2, 3)


def test_what_a_feed_said_comes_from_the_record_before_or_from_the_lake() -> None:
    waiting = FeedEntry(
        "https://example.org/feed", "tag:1", "https://example.org/1", url_key("https://example.org/1"), title="Waiting"
    )
    uri = "https://example.org/2"
    facts = {"feed_url": "https://example.org/other", "entry_id": "tag:2", "entry_title": "Stated"}
    more = {"WARC-Concurrent-To": f"<urn:example:response:{uri}:{DATE}>"}
    stated = record("metadata", "urn:x:2", json.dumps(facts).encode(), content_type="application/json", more=more)
    lake = Lake(entries=[waiting])
    read(
        lake,
        {
            "a": packed(
                record(uri="https://example.org/1"), stated, record(uri=uri), record(uri="https://example.org/3")
            )
        },
    )
    assert [(page.feed_url, page.entry_id, page.entry_title) for page in lake.pages] == [
        ("https://example.org/feed", "tag:1", "Waiting"),
        ("https://example.org/other", "tag:2", "Stated"),
        ("", "https://example.org/3", None),
    ]
    assert lake.asked == [sorted(map(url_key, ("https://example.org/1", "https://example.org/3")))]


def test_a_revisit_has_the_bytes_of_the_capture_that_it_repeats_in_this_file_or_another() -> None:
    original = member(record(uri="https://example.org/1"), "gzip")
    refers = {"WARC-Refers-To-Target-URI": "https://example.org/1", "WARC-Refers-To-Date": DATE}
    head = answer(b"", Etag='"2"')
    again = record("revisit", "https://example.org/1", head, date="2026-03-02T09:00:00Z", more=refers)
    other = record("revisit", "https://example.org/2", head, date="2026-03-02T10:00:00Z", more=refers)
    lost = record(
        "revisit", "https://example.org/3", head, more=refers | {"WARC-Refers-To-Date": "2020-01-01T00:00:00Z"}
    )
    lake = Lake()
    reader, stored = read(lake, {"a": original, "b": packed(again, other, lost)})
    first, second, third = lake.pages
    assert (second.warc_file, second.warc_offset, second.warc_length) == ("a", 0, len(original))
    assert (second.body, third.url, third.warc_length, third.body) == (b"", "https://example.org/2", None, HTML)
    assert second.response_headers[-1] == ("Etag", '"2"')
    assert [page.body for one in stored for page in one.pages] == [HTML, HTML, HTML]
    assert first.fetched_at_us < second.fetched_at_us
    assert reader.counts["other.revisit"] == 1


def test_an_archive_that_breaks_off_keeps_what_was_read_and_raises() -> None:
    class Failing(Bytes):
        def read(self, start: int, end: int) -> bytes:
            if end > 1 << 20:
                raise ArchiveError(Reason.UNREACHABLE, "the store has gone")
            return super().read(start, end)

    many = b"".join(
        record(uri=f"https://example.org/{number}", block=answer(HTML + bytes(200_000))) for number in range(10)
    )
    lake = Lake()
    with pytest.raises(ArchiveError):
        read(lake, {"a": Failing(many)})
    assert 3 <= len(lake.pages) <= 5


def test_files_are_of_bounded_size_the_first_small() -> None:
    body = HTML + bytes(1 << 20)
    lake = Lake()
    read(lake, {"a": b"".join(record(uri=f"https://example.org/{number}", block=answer(body)) for number in range(40))})
    sizes = [len(pages) for pages in lake.stored.values()]
    assert sizes == [2, 4, 8, 16, 10]
    lake = Lake()
    read(lake, {"a": b"".join(record(uri=f"https://example.org/{number}") for number in range(1_100))})
    assert [len(pages) for pages in lake.stored.values()] == [500, 500, 100]


def test_failures_name_the_page_or_the_place_in_the_file() -> None:
    reader, _ = read(
        Lake(), {"a.warc": record(block=answer(HTML, "404 No")) + record(uri="", block=answer(HTML)) + b"junk"}
    )
    assert [(one.reason, one.input_kind, one.input, one.status) for one in reader.failures] == [
        (Reason.NOT_FOUND, InputKind.PAGE, "https://example.org/page", 404),
        (Reason.BAD_URL, InputKind.PAGE, f"a.warc#{len(record(block=answer(HTML, '404 No')))}", None),
        (Reason.BAD_RECORD, InputKind.RECORD, reader.failures[2].input, None),
    ]
    assert reader.failures[0].message == "status 404 (record at 0 of a.warc)"
    assert reader.failures[0].url_key == url_key("https://example.org/page")
