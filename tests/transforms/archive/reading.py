"""What others read in our WARC files: records by warcio, and pages made of them as docs/archives.md says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator

from schemas.page import PAGES, Header, Page
from transforms.pages.make_page import KEPT_HEADERS
from transforms.web.http.response import charset_of

ORIGINAL = "X-Archive-Orig-"


class Read(NamedTuple):
    """A record: its header fields, its block, and of an HTTP answer the head's bytes and the payload."""

    fields: dict[str, str]
    block: bytes
    head: bytes
    payload: bytes

    @property
    def kind(self) -> str:
        return self.fields["WARC-Type"]


def records(data: bytes) -> list[Read]:
    """The records of a WARC file, whose digests hold."""
    for record in ArchiveIterator(BytesIO(data), check_digests="raise"):
        record.raw_stream.read()
        if record.rec_type != "revisit":
            assert record.digest_checker.passed is True
    found = []
    for record in ArchiveIterator(BytesIO(data), no_record_parse=True):
        assert record.rec_headers.protocol == "WARC/1.1"
        block = record.raw_stream.read()
        head, _, payload = block.partition(b"\r\n\r\n")
        found.append(Read(dict(record.rec_headers.headers), block, head, payload))
    return found


def pages_of(data: bytes) -> Iterator[Page]:
    """The pages of a WARC file: the inverse of our export."""
    facts: dict[str, Any] = {}
    concurrent_to = ""
    payloads: dict[tuple[str, str], bytes] = {}
    for record in records(data):
        if record.kind == "metadata":
            facts, concurrent_to = json.loads(record.block), record.fields["WARC-Concurrent-To"]
        if record.kind not in ("response", "revisit"):
            continue
        assert record.fields["WARC-Record-ID"] == concurrent_to
        place = record.fields["WARC-Target-URI"], record.fields["WARC-Date"]
        payloads[place] = record.payload
        if record.kind == "revisit":
            original = record.fields["WARC-Refers-To-Target-URI"], record.fields["WARC-Refers-To-Date"]
            payloads[place] = payloads[original]
        yield _page(facts, record, payloads[place])


def _page(facts: dict[str, Any], record: Read, body: bytes) -> Page:
    line, *lines = record.head.split(b"\r\n")
    sent = [(name.decode("latin-1"), value) for name, _, value in (one.partition(b": ") for one in lines)]
    headers = tuple(Header(name.removeprefix(ORIGINAL), value.decode("latin-1")) for name, value in sent)
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    kept = [(name.lower(), _meant(value)) for name, value in sent]
    values: dict[str, Any] = {
        "final_url": record.fields["WARC-Target-URI"],
        "status": int(line.split()[1]),
        "content_type": content_type.partition(";")[0].strip().lower() or None,
        "charset": charset_of(content_type),
        "headers": tuple(Header(*one) for name in KEPT_HEADERS for one in kept if one[0] == name),
        "body": body,
        "ip_address": record.fields.get("WARC-IP-Address"),
        "status_line": line.decode("latin-1"),
        "response_headers": headers,
    }
    for column in PAGES.columns:
        if column.name in facts:
            value = facts[column.name]
            if column.is_instant:
                value = round(datetime.fromisoformat(value).timestamp() * 1e6)
            values[column.attribute] = tuple(value) if isinstance(value, list) else value
        else:
            is_list = column.name in ("entry_authors", "entry_keywords", "entry_usage", "feed_tags")
            values.setdefault(column.attribute, () if is_list else None)
    values["response_headers"] = values["response_headers"] or ()
    return Page(**values)


def _meant(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeError:
        return value.decode("latin-1")
