"""A response record to a page: decoded, checked and filled as a fetched page is."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest

from schemas.failure import Reason
from schemas.page import Header, Page
from tests.transforms.pages.warc.test_records import found_in
from tests.warc_files import HTML, answer, member, record
from transforms.pages.warc.feed_facts import nothing_stated
from transforms.pages.warc.page_of_record import captured_us, head_of, instant_us, page_of
from transforms.pages.warc.records import Record
from transforms.web.errors import FetchError

NOON_US = 1_772_452_800_000_000


def read(block: bytes, **more: Any) -> Record:
    records, broken = found_in(member(record(block=block, **more), "gzip"))
    assert broken == []
    return records[0]


def page(block: bytes, **more: Any) -> Page:
    one = read(block, **more)
    return page_of(one, nothing_stated(one.uri), NOON_US, "run")


def reason(block: bytes) -> tuple[str, int | None]:
    with pytest.raises(FetchError) as error:
        page(block)
    return error.value.reason, error.value.status


def chunked(body: bytes, size: int = 16) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;name=value\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_a_page_has_what_the_record_says() -> None:
    block = answer(HTML, Content_Language="en", X_Own="caf\xe9", Etag='"1"')
    made = page(block, more={"WARC-IP-Address": "192.0.2.7"})
    assert (made.url, made.final_url, made.status) == ("https://example.org/page", "https://example.org/page", 200)
    assert (made.content_type, made.charset, made.body) == ("text/html", "utf-8", HTML)
    assert (made.feed_url, made.entry_id, made.feed_title) == ("", "https://example.org/page", None)
    assert (made.ip_address, made.status_line, made.elapsed_ms) == ("192.0.2.7", "HTTP/1.1 200 OK", None)
    assert made.headers == (
        Header("content-type", "text/html; charset=utf-8"), Header("content-language", "en"), Header("etag", '"1"')
    )  # fmt: skip
    assert made.response_headers[1:3] == (Header("Content-Language", "en"), Header("X-Own", "caf\xe9"))


@pytest.mark.parametrize("size", [1, 16, 10_000])
def test_transfer_and_content_codings_are_undone(size: int) -> None:
    packed = gzip.compress(HTML)
    assert page(answer(chunked(HTML, size), Transfer_Encoding="chunked")).body == HTML
    assert page(answer(packed, Content_Encoding="gzip")).body == HTML
    assert page(answer(chunked(packed, size), Transfer_Encoding="chunked", Content_Encoding="gzip")).body == HTML
    assert page(answer(zlib.compress(HTML), Content_Encoding="deflate")).body == HTML


def test_codings_that_the_crawler_has_undone_and_left_in_the_head_do_no_harm() -> None:
    assert page(answer(HTML, Transfer_Encoding="chunked", Content_Encoding="gzip")).body == HTML
    assert page(answer(HTML, Transfer_Encoding="chunked", Content_Length="7")).body == HTML


def test_what_is_no_page_has_the_reasons_of_a_fetched_one() -> None:
    assert reason(answer(HTML, "404 Not Found")) == (Reason.NOT_FOUND, 404)
    assert reason(answer(HTML, "301 Moved", Location="/x")) == (Reason.HTTP_STATUS, 301)
    assert reason(answer(HTML, "503 Busy")) == (Reason.SERVER_ERROR, 503)
    assert reason(answer(b"%PDF-1.7 ...")) == (Reason.NOT_HTML, 200)
    assert reason(answer(b"  \r\n")) == (Reason.EMPTY_BODY, 200)
    assert reason(answer(gzip.compress(HTML)[:-20], Content_Encoding="gzip"))[0] == Reason.TRUNCATED
    assert reason(answer(b"\x1f\x8b\x08 broken", Content_Encoding="gzip"))[0] == Reason.BAD_ENCODING
    assert reason(answer(HTML, Content_Encoding="rot13"))[0] == Reason.BAD_ENCODING


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    assert reason(answer(gzip.compress(b"<p>" + bytes(64 << 20)), Content_Encoding="gzip"))[0] == Reason.TOO_LARGE


@pytest.mark.parametrize(
    "block", [b"", b"garbage", b"<html>no head</html>", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 x\r\n\r\n"]
)
def test_a_record_without_an_answer_is_bad(block: bytes) -> None:
    one = read(block)
    with pytest.raises(FetchError) as error:
        page_of(one, nothing_stated(one.uri), NOON_US, "run")
    assert error.value.reason == Reason.BAD_RECORD


@pytest.mark.parametrize(
    ("date", "us"),
    [
        ("2026-03-02T08:00:00Z", 1_772_438_400_000_000),
        ("2026-03-02T08:00:00.5Z", 1_772_438_400_500_000),
        ("2026-03-02T08:00:00.123456789Z", 1_772_438_400_123_456),
        ("2026-03-02T08:00Z", 1_772_438_400_000_000),
        ("2026-03-02", None),
        ("2026-02-30T08:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("2026-03-02T08:00:00+01:00", None),
        ("", None),
    ],
)
def test_dates_of_records(date: str, us: int | None) -> None:
    assert instant_us(date) == us


def test_a_date_days_ahead_of_now_is_unusable() -> None:
    one = read(answer(HTML), date="2026-03-06T08:00:00Z")
    with pytest.raises(FetchError, match="no usable instant"):
        captured_us(one, NOON_US)
    assert captured_us(read(answer(HTML), date="2026-03-03T08:00:00Z"), NOON_US) == 1_772_524_800_000_000


def test_the_beginning_of_a_page_is_read_through_its_codings() -> None:
    one = read(answer(chunked(gzip.compress(HTML * 1_000)), Transfer_Encoding="chunked", Content_Encoding="gzip"))
    assert one.answer is not None
    assert head_of(one.answer, 20) == HTML[:20]
    broken = read(answer(b"\x1f\x8b\x08 broken", Content_Encoding="gzip")).answer
    assert broken is not None
    assert head_of(broken, 20) == b""
