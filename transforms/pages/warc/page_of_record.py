"""A response record to the page that it holds, checked and made as a fetched page is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.failure import Reason
from schemas.page import Header, Page
from transforms.pages.make_page import check_page, page_from
from transforms.pages.warc.feed_facts import Stated
from transforms.pages.warc.records import MOST_BLOCK_BYTES, HttpAnswer, Record
from transforms.web.errors import FetchError, Phase
from transforms.web.http.decoding import decode_content
from transforms.web.http.response import Response, headers_of
from transforms.web.settings import Limits
from transforms.web.urls import BadUrl, url_key

_LIMITS: Final = Limits()
_RENAMED: Final = b"X-Archive-Orig-"
"""What archives put before the name of a header that is not true any more of the bytes that they keep."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD_US: Final = 2 * 86_400 * 1_000_000
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1024})?\r?\n")


def captured_us(record: Record, now_us: int) -> int:
    """The instant of a record. Raises FetchError (BAD_RECORD) without a usable WARC-Date: one between 1990 and two
    days ahead of now."""
    us = instant_us(record.date)
    if us is None or us > now_us + _AHEAD_US:
        raise FetchError(
            Reason.BAD_RECORD, f"its WARC-Date {record.date[:40]!r} is no usable instant", phase=Phase.BODY
        )
    return us


def instant_us(date: str) -> int | None:
    """A WARC-Date in microseconds, of which it may have more than the standard's six digits; None if it is none, is not
    in UTC, or before 1990."""
    if not _DATE.fullmatch(date):
        return None
    text, _, fraction = date.rstrip("Z").partition(".")
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    us = (moment - _EPOCH) // timedelta(microseconds=1) + int(fraction[:6].ljust(6, "0"))
    return us if moment >= _EARLIEST else None


def page_of(record: Record, stated: Stated, fetched_at_us: int, run_id: str) -> Page:
    """The page of a response record, with what its feed said and what else is stated of it. Raises FetchError for what
    is no page.

    Its reasons are those of a fetched page, and BAD_RECORD where there is no HTTP answer in the record.
    """
    answer = _checked(record)
    headers = headers_of(answer.headers)
    response = Response(
        url=record.uri,
        final_url=stated.final_url or record.uri,
        redirects=(),
        status=answer.status or 0,
        headers=headers,
        body=body_of(answer) if answer.status == 200 else b"",
        elapsed_ms=0,
        received_at_us=fetched_at_us,
    )
    check_page(response)
    return replace(
        page_from(stated.entry, response, fetched_at_us, run_id, stated.robots_usage),
        elapsed_ms=stated.elapsed_ms,
        ip_address=record.ip_address,
        status_line=_text(answer.status_line) if stated.knows_status_line else None,
        response_headers=tuple(_header(name, value) for name, value in answer.headers) if stated.knows_headers else (),
    )


def is_of(page: Page, uri: str) -> bool:
    """Whether a record's address is that of a page, by its key, so that the record is known for the page's again."""
    try:
        return url_key(uri) in (page.url_key, url_key(page.final_url))
    except BadUrl:
        return uri == page.final_url


def body_of(answer: HttpAnswer) -> bytes:
    """The body of an answer without its transfer and content codings. Raises FetchError."""
    return decode_content(payload_of(answer), content_encoding_of(answer), _LIMITS.decoded_bytes)


def head_of(answer: HttpAnswer, size: int) -> bytes:
    """The first `size` bytes of a body without its codings; fewer where they are broken."""
    try:
        return decode_content(payload_of(answer), content_encoding_of(answer), size, cut=True)
    except FetchError:
        return b""


def content_encoding_of(answer: HttpAnswer) -> str:
    """The content codings that an answer states, in their order."""
    return ",".join(_values(answer, b"content-encoding"))


def payload_of(answer: HttpAnswer) -> bytes:
    """The body without its transfer coding: archives keep it, or undo it and keep the header."""
    if "chunked" not in ",".join(_values(answer, b"transfer-encoding")).lower():
        return answer.body
    unchunked = _unchunked(answer.body)
    return answer.body if unchunked is None else unchunked


def _checked(record: Record) -> HttpAnswer:
    if record.too_long:
        raise FetchError(
            Reason.TOO_LARGE, f"record of {record.content_bytes} bytes, more than {MOST_BLOCK_BYTES}", phase=Phase.BODY
        )
    answer = record.answer
    if answer is None or not answer.status or not answer.status_line.startswith(b"HTTP/"):
        raise FetchError(Reason.BAD_RECORD, "there is no HTTP answer in the record", phase=Phase.BODY)
    if len(answer.body) > _LIMITS.wire_bytes:
        raise FetchError(Reason.TOO_LARGE, f"body of {len(answer.body)} bytes", phase=Phase.BODY)
    return answer


def _unchunked(body: bytes) -> bytes | None:
    """The content of a chunked body; None if it is not chunked, or not to its end."""
    parts: list[bytes] = []
    at = 0
    while (size_line := _CHUNK_SIZE.match(body, at)) is not None:
        size, start = int(size_line[1], 16), size_line.end()
        if size == 0:
            return b"".join(parts)
        if start + size > len(body):
            return None
        parts.append(body[start : start + size])
        at = start + size
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    return None


def _values(answer: HttpAnswer, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in answer.headers if name.lower() == wanted]


def _header(name: bytes, value: bytes) -> Header:
    return Header(_text(name.removeprefix(_RENAMED)), _text(value))


def _text(data: bytes) -> str:
    """Header text: UTF-8 if it is that, else latin-1, as for fetched pages."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
