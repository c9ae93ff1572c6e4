"""The bytes of a page that is kept by reference: the payload of a record in a WARC file of someone else."""

from __future__ import annotations

from io import BytesIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from schemas.page import Page
from transforms.archive.page_records import target_uri
from transforms.web.errors import FetchError
from transforms.web.http.decoding import decode_content

_PANIC = "PanicException"
"""What a bug of fastwarc raises on hostile bytes: it is written in Rust, and its exception is no `Exception`."""

MAX_BYTES = 64 * 1024 * 1024
"""The most bytes of such a payload, as it stands in its record and decoded. Stored pages are much smaller."""


class RecordError(Exception):
    """The record that a page refers to is not there, or cannot be read."""


def payload_of(page: Page, record: bytes) -> bytes:
    """The payload of the response in a record's bytes (plain, gzip or zstd), without its encodings.

    Raises RecordError unless the record is a response of the page's address.
    """
    try:
        found = next(iter(ArchiveIterator(BytesIO(record), WarcRecordType.response, auto_decode="transfer")), None)
        if found is None:
            raise RecordError("no response is there")
        uri = (found.headers.get("WARC-Target-URI") or "").strip("<>")
        if uri not in (page.final_url, target_uri(page)):
            raise RecordError("the record is of another address")
        wire = found.reader.read(MAX_BYTES + 1)
        encoding = (found.http_headers.get("Content-Encoding") or "") if found.http_headers is not None else ""
        body = decode_content(wire, encoding, MAX_BYTES)
    except (OSError, ValueError, FetchError) as error:
        raise RecordError(str(error).partition("\n")[0]) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise RecordError("fastwarc cannot read it") from error
    if len(wire) > MAX_BYTES:
        raise RecordError(f"more than {MAX_BYTES} bytes")
    return body
