"""WARC records of stored pages: what the feed said, and the answer, or a revisit where its bytes are known already."""

from __future__ import annotations

import base64
import hashlib
import json
from io import BytesIO
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.page import PAGES, Page
from schemas.run import iso
from transforms.archive.http_head import http_head
from transforms.web.urls import BadUrl, request_url

WARC_VERSION: Final = "WARC/1.1"
_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_HTTP = "application/http; msgtype=response"
_ABOUT = (
    "News pages as newsbeam stored them: payloads without transfer and content encodings; headers that spoke of these "
    "are named X-Archive-Orig-*. A metadata record before each page says, in JSON by the columns of newsbeam's table "
    "pages, what the feed said of it."
)

_RECORD_IDS = UUID("6ec825c1-edde-4df5-9646-db211c3aca13")
"""The name space of our record ids, drawn once at random."""

_IN_RECORD = frozenset(
    {
        "final_url", "status", "content_type", "charset", "headers", "body", "ip_address", "status_line",
        "response_headers", "warc_file", "warc_offset", "warc_length",
    }
)  # fmt: skip
"""Columns that the record of the answer has, or that say where this lake keeps the bytes."""


class Original(NamedTuple):
    """The capture that has the same payload: its target URI, and when it was fetched."""

    target_uri: str
    fetched_at_us: int


class PageRecords(NamedTuple):
    """The records of one page, each a gzip member, in the order of the file: `metadata` before the `capture`, which is
    a response, or a revisit if `is_revisit`."""

    metadata: bytes
    capture: bytes
    is_revisit: bool


class PlainHead(StatusAndHeaders):
    """A head that warcio writes byte for byte; its own class would put headers that are not ASCII into other words."""

    def __init__(self, head: bytes) -> None:
        super().__init__("200 OK", [])  # read by nobody: warcio asks only whether there is a head
        self._head = head

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        """Set the bytes that are written."""
        self.headers_buff = self._head


def payload_digest(body: bytes) -> str:
    """The digest of a payload, as in ``WARC-Payload-Digest``: SHA-1 in base 32.

    Not for safety, but since indexes, revisits and de-duplication of all archives go by it: pywb finds the original of
    a revisit only by equal algorithms.
    """
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def target_uri(page: Page) -> str:
    """The address that answered, as it was asked: ASCII, without fragment. What is no URL is escaped instead."""
    try:
        return request_url(page.final_url)
    except BadUrl:
        return quote(page.final_url, safe="!#$%&'()*+,/:;=?@[]~")


def warcinfo_record(software: str, number: int, page: Page) -> bytes:
    """The record that begins file `number` of an export, whose first page is `page`, as a gzip member.

    It has that page's date and no name of the file, so that two exports of the same pages are equal byte for byte.
    """
    fields = {"software": software, "format": "WARC File Format 1.1", "conformsTo": _CONFORMS_TO, "description": _ABOUT}
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    headers = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": _record_id(f"warcinfo {number} {page.page_id}"),
        "WARC-Date": iso(page.fetched_at_us),
    }
    return _member(headers, "application/warc-fields", block)


def records_of(page: Page, digest: str, original: Original | None) -> PageRecords:
    """The records of a page whose payload has this digest, and is that of the `original`, if one is given."""
    kind = "response" if original is None else "revisit"
    uri, date, capture_id = target_uri(page), iso(page.fetched_at_us), _record_id(f"{kind} {page.page_id}")
    metadata = _member(
        {
            "WARC-Type": "metadata",
            "WARC-Record-ID": _record_id(f"metadata of {kind} {page.page_id}"),
            # Not the page's own address: indexes would take the facts for a second answer of it.
            "WARC-Target-URI": f"urn:newsbeam:page:{page.page_id}",
            "WARC-Date": date,
            "WARC-Concurrent-To": capture_id,
        },
        "application/json",
        facts_json(page, uri),
    )
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": capture_id,
        "WARC-Target-URI": uri,
        "WARC-Date": date,
        "WARC-Payload-Digest": digest,
    }
    if page.ip_address:
        headers["WARC-IP-Address"] = page.ip_address
    if original is not None:
        headers["WARC-Profile"] = _PROFILE
        headers["WARC-Refers-To-Target-URI"] = original.target_uri
        headers["WARC-Refers-To-Date"] = iso(original.fetched_at_us)
    capture = _member(headers, _HTTP, b"" if original else page.body, PlainHead(http_head(page)))
    return PageRecords(metadata, capture, original is not None)


def facts_json(page: Page, uri: str) -> bytes:
    """What the record of the answer does not say of a page: its other columns by their names, as a JSON object.

    Instants are as in ``WARC-Date``; what is null or empty is left out, but for an empty `robots_usage`, which says
    that robots.txt states nothing. Explicitly null are `status_line` and `response_headers` where they are not known,
    and the head of the answer is but made of `status` and `headers`.
    `final_url` is there where ``WARC-Target-URI`` spells it otherwise.
    """
    facts: dict[str, Any] = {}
    for column in PAGES.columns:
        value = getattr(page, column.attribute)
        if column.name not in _IN_RECORD and value not in (None, ()):
            facts[column.name] = iso(value) if column.is_instant else value
    if uri != page.final_url:
        facts["final_url"] = page.final_url
    if page.robots_usage == ():
        facts["robots_usage"] = ()
    facts |= {name: None for name in ("status_line", "response_headers") if not getattr(page, name)}
    return json.dumps(facts, ensure_ascii=False).encode()


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid5(_RECORD_IDS, name)}>"


def _member(headers: dict[str, str], content_type: str, block: bytes, head: PlainHead | None = None) -> bytes:
    """A record as a gzip member; its payload is `block`, behind `head` if there is one."""
    out = BytesIO()
    fields = StatusAndHeaders("", list(headers.items()), protocol=WARC_VERSION)
    record = ArcWarcRecord("warc", headers["WARC-Type"], fields, BytesIO(block), head, content_type, len(block))
    record.payload_length = len(block)
    WARCWriter(out, gzip=True, warc_version=WARC_VERSION).write_record(record)
    return out.getvalue()
