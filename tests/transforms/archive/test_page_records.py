from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from schemas.page import PAGES, Header, Page
from schemas.run import iso
from tests.stored_pages import stored_page
from tests.transforms.archive.reading import pages_of, records
from transforms.archive.page_records import (
    Original,
    facts_json,
    payload_digest,
    records_of,
    target_uri,
    warcinfo_record,
)

BODY = b"<html><p>The river rose.</p></html>"
PAGE = stored_page("https://example.org/a", BODY)
ODD = bytes(byte for byte in range(1, 256) if byte not in b"\r\n").decode("latin-1")


def written(*pages: Page) -> bytes:
    """The records of pages, the later ones of a payload as revisits, as a file."""
    originals: dict[str, Original] = {}
    file = warcinfo_record("newsbeam/test", 0, pages[0])
    for page in pages:
        digest = payload_digest(page.body)
        made = records_of(page, digest, originals.get(digest))
        originals.setdefault(digest, Original(target_uri(page), page.fetched_at_us))
        file += made.metadata + made.capture
    return file


def test_a_page_is_what_its_feed_said_and_then_its_answer() -> None:
    info, metadata, response = records(written(PAGE))
    assert [info.kind, metadata.kind, response.kind] == ["warcinfo", "metadata", "response"]
    assert b"software: newsbeam/test\r\nformat: WARC File Format 1.1\r\n" in info.block
    assert {record.fields["WARC-Date"] for record in (info, metadata, response)} == {"2026-03-02T12:00:00.000000Z"}
    assert metadata.fields["WARC-Concurrent-To"] == response.fields["WARC-Record-ID"]
    assert metadata.fields["WARC-Target-URI"] == f"urn:newsbeam:page:{PAGE.page_id}"
    assert json.loads(metadata.block) == {
        "url": PAGE.url,
        "url_key": PAGE.url_key,
        "fetched_at": "2026-03-02T12:00:00.000000Z",
        "run_id": "run",
        "feed_url": "https://example.org/feed",
        "entry_id": "1",
        "entry_title": "From the feed",
        "entry_authors": ["A. Writer", "Ö. Schreiber"],
        "entry_published": "2026-03-02T11:59:59.999999Z",
        "elapsed_ms": 1,
    }
    assert response.fields["WARC-Target-URI"] == PAGE.final_url
    assert response.fields["WARC-IP-Address"] == "192.0.2.7"
    digest = "sha1:" + base64.b32encode(hashlib.sha1(BODY).digest()).decode()
    assert response.fields["WARC-Payload-Digest"] == digest
    assert response.block == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
    )


def test_a_repeated_payload_is_a_revisit_that_names_the_first_capture_and_has_its_own_head() -> None:
    again = replace(
        PAGE,
        url="https://example.org/b",
        final_url="https://example.org/b",
        fetched_at_us=PAGE.fetched_at_us + 1_000_001,
        response_headers=(Header("X-Served-By", "b"),),
    )
    *_, first, facts, revisit = records(written(PAGE, again))
    assert (first.kind, facts.kind, revisit.kind) == ("response", "metadata", "revisit")
    assert facts.fields["WARC-Concurrent-To"] == revisit.fields["WARC-Record-ID"]
    assert revisit.fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit.fields["WARC-Refers-To-Target-URI"] == first.fields["WARC-Target-URI"]
    assert revisit.fields["WARC-Refers-To-Date"] == first.fields["WARC-Date"]
    assert revisit.fields["WARC-Payload-Digest"] == first.fields["WARC-Payload-Digest"]
    assert revisit.fields["WARC-Date"] == "2026-03-02T12:00:01.000001Z"
    assert revisit.block == b"HTTP/1.1 200 OK\r\nX-Served-By: b\r\n\r\n"


def test_what_was_compressed_is_said_of_the_bytes_as_sent_and_not_of_those_in_the_record() -> None:
    headers = (Header("content-encoding", "br"), Header("Transfer-Encoding", "chunked"), Header("Content-Length", "9"))
    *_, response = records(written(replace(PAGE, response_headers=headers)))
    assert response.head.split(b"\r\n")[1:] == [
        b"X-Archive-Orig-content-encoding: br",
        b"X-Archive-Orig-Transfer-Encoding: chunked",
        b"X-Archive-Orig-Content-Length: 9",
    ]
    assert response.payload == BODY


def test_of_an_older_page_what_is_known_is_there_and_what_is_not_is_left_out() -> None:
    old = replace(PAGE, ip_address=None, status_line=None, response_headers=(), headers=(Header("etag", '"é"'),))
    *_, metadata, response = records(written(old))
    assert response.head == 'HTTP/1.1 200\r\netag: "é"'.encode()
    assert "WARC-IP-Address" not in response.fields
    facts = json.loads(metadata.block)
    assert (facts["status_line"], facts["response_headers"]) == (None, None)
    assert not {"status_line", "response_headers"} & json.loads(facts_json(PAGE, PAGE.url)).keys()


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("folded\r\n\tvalue", b"X-A: folded \tvalue"),
        ("evil\r\n\r\n<html>", b"X-A: evil <html>"),
        ("nul\0\0byte", b"X-A: nul byte"),
        ("caf\xe9", b"X-A: caf\xe9"),
        ("\u6771\u4eac", "X-A: \u6771\u4eac".encode()),
        ("", b"X-A: "),
    ],
)
def test_a_header_keeps_its_bytes_and_its_line(value: str, line: bytes) -> None:
    odd = replace(PAGE, response_headers=(Header("X-A", value), Header("X\r\nB", "1")), status_line="HTTP/1.1 200\nOK")
    *_, response = records(written(odd))
    assert response.head.split(b"\r\n") == [b"HTTP/1.1 200 OK", line, b"X B: 1"]
    assert response.payload == BODY


@pytest.mark.parametrize(
    ("final_url", "uri"),
    [
        ("https://example.org/b\u00fccher?q=\u00fc#top", "https://example.org/b%C3%BCcher?q=%C3%BC"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a b\r\nWARC-Type: x", "https://example.org/a%20b%0D%0AWARC-Type:%20x"),
    ],
)
def test_an_address_is_written_in_ascii_and_its_spelling_in_the_lake_is_kept(final_url: str, uri: str) -> None:
    *_, metadata, response = records(written(replace(PAGE, final_url=final_url)))
    assert response.fields["WARC-Target-URI"] == uri
    assert json.loads(metadata.block).get("final_url", uri) == final_url


def test_pages_come_back_as_they_were_stored() -> None:
    pages = [
        replace(PAGE, entry_content_html="<p>\u6771\u4eac</p>", entry_keywords=("a", "b"), feed_title="Feed"),
        stored_page("https://example.org/\u00fc", b"\xff\xfe\x00", 1, final_url="https://example.org/\u00fc"),
        stored_page("https://example.org/empty", b"", 2),
        stored_page("https://example.org/again", BODY, 3.000001, elapsed_ms=None, entry_title=None),
        stored_page(
            "https://example.org/odd", b"odd", 4, response_headers=(Header("X-Odd", ODD),), content_type=None,
            charset=None, headers=(), status_line="HTTP/1.0 200 s\xfbr",
        ),
        replace(PAGE, fetched_at_us=5, ip_address=None, status_line=None, response_headers=(), body=b"old"),
        replace(PAGE, fetched_at_us=6, robots_usage=(), entry_usage=("feed:rsl:permits-usage=search",)),
        replace(PAGE, fetched_at_us=7, robots_usage=("robots.txt:gptbot=disallow",)),
        stored_page(
            "https://example.org/kept", b"kept", 8, response_headers=(), content_type=None, charset=None,
            headers=(Header("content-usage", "train-ai=n"),), status_line=None,
        ),
    ]  # fmt: skip
    [*again] = pages_of(written(*pages))
    assert again == pages
    assert PAGES.to_arrow(again).equals(PAGES.to_arrow(pages))


def test_fastwarc_reads_the_same_and_finds_the_digests_right() -> None:
    empty = stored_page("https://example.org/empty", b"", 1)
    stream = BytesIO(written(PAGE, empty, replace(PAGE, fetched_at_us=1)))
    found = []
    for record in ArchiveIterator(stream, WarcRecordType.response | WarcRecordType.revisit, parse_http=False):
        assert record.verify_block_digest()
        if record.record_type == WarcRecordType.response:
            assert record.parse_http() is None
            assert record.verify_payload_digest()
            found.append((record.headers["WARC-Target-URI"], record.reader.read()))
        else:
            assert record.headers["WARC-Refers-To-Date"] == iso(PAGE.fetched_at_us)
    assert found == [(PAGE.url, BODY), (empty.url, b"")]


def test_ids_depend_on_the_page_and_the_kind_alone() -> None:
    first, again = records(written(PAGE)), records(written(PAGE))
    assert [one.fields["WARC-Record-ID"] for one in first] == [one.fields["WARC-Record-ID"] for one in again]
    one, two = PAGE, replace(PAGE, fetched_at_us=PAGE.fetched_at_us + 1)
    ids = [record.fields["WARC-Record-ID"] for record in (*records(written(one, two)), *records(written(two)))]
    assert len(set(ids)) == len(ids), "a page is a revisit in one export and a response in another"
