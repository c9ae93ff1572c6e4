"""Pages that are kept by reference get their bytes from the record that they name, and from no other."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from tests.stored_pages import stored_page
from transforms.archive.page_records import payload_digest, records_of
from transforms.archive.referred_page import RecordError, payload_of

BODY = b"<html><p>The river rose.</p></html>"
PAGE = stored_page("https://example.org/a", BODY)
RECORD = gzip.decompress(records_of(PAGE, payload_digest(BODY), None).capture)
BARE = replace(PAGE, body=b"")


def record(head: bytes, payload: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + payload
    fields = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://example.org/a>\r\n"
    fields += b"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-03-02T12:00:00Z\r\n"
    fields += b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(block)
    return fields + block + b"\r\n\r\n"


@pytest.mark.parametrize("data", [RECORD, gzip.compress(RECORD), RECORD + RECORD.replace(b"rose", b"fell")])
def test_the_payload_of_the_record_is_the_body(data: bytes) -> None:
    assert payload_of(BARE, data) == BODY


def test_transfer_and_content_encodings_are_undone() -> None:
    packed = gzip.compress(BODY, mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    assert payload_of(BARE, record(b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked)) == BODY
    assert payload_of(BARE, record(b"Content-Encoding: gzip", packed)) == BODY


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no response is there"),
        (b"garbage" * 100, None),
        (gzip.compress(RECORD)[:60], None),
        (RECORD.replace(b"example.org/a", b"example.org/b"), "another address"),
        (gzip.decompress(records_of(PAGE, payload_digest(BODY), None).metadata), "no response is there"),
        (record(b"Content-Encoding: gzip", gzip.compress(BODY)[:20]), None),
    ],
    ids=["nothing", "garbage", "cut", "other", "metadata", "encoding"],
)
def test_what_is_not_the_record_is_an_error(data: bytes, why: str | None) -> None:
    with pytest.raises(RecordError, match=why):
        payload_of(BARE, data)
