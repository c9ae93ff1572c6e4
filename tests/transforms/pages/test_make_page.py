from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from schemas.failure import Reason
from schemas.feed import SAID, FeedEntry
from schemas.page import PAGES, Header, Page
from tests.transforms.pages.entries import entry
from transforms.feeds.parsing.parsed import RawEntry
from transforms.pages.make_page import check_page, page_from
from transforms.web.errors import FetchError
from transforms.web.http.response import Head, Response, charset_of, headers_of

HTML = b"<!doctype html><html><body><p>The river rose.</p></body></html>"


def response(status: int = 200, body: bytes = HTML, *headers: tuple[bytes, bytes]) -> Response:
    return Response("https://news.example/a", "https://news.example/b", (), status, headers_of(headers), body, 12)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=windows-1251", "windows-1251"), ('text/html;CHARSET="koi8-r"', "koi8-r"),
        ("text/html charset=utf-8", "utf-8"), ("text/html; charset=utf-8, text/html", "utf-8"),
        ("text/html; charset = 'big5' ; boundary=x", "big5"), ("text/html; accept-charset=utf-8", None),
        ("text/html; charset=", None), ("charset", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_the_charset_of_a_content_type_is_found_however_servers_write_it(
    content_type: str | None, charset: str | None
) -> None:
    assert charset_of(content_type) == charset


def test_all_that_a_feed_says_of_an_entry_goes_through_to_its_page() -> None:
    raw, listed, stored = (set(row.__dataclass_fields__) for row in (RawEntry, FeedEntry, Page))
    assert set(SAID) == raw - {"id", "link"}
    assert set(SAID) <= listed
    assert {f"entry_{name}" for name in (*SAID, "id")} == {name for name in stored if name.startswith("entry_")}


def test_a_page_keeps_the_bytes_the_headers_that_matter_and_what_the_feed_said() -> None:
    answer = response(
        200,
        HTML,
        (b"Content-Type", b'Text/HTML; Charset="windows-1251"'),
        (b"X-Robots-Tag", b"noai"),
        (b"Set-Cookie", b"id=1"),
        (b"X-ROBOTS-TAG", b"nocache"),
        (b"Content-Usage", b"train-ai=n"),
        (b"Link", '<https://news.example/é>; rel="canonical"'.encode()),
    )
    facts = {"title": "A title", "summary": "S", "authors": ("A. Writer",), "published_us": 7, "content_html": "<p>x"}
    page = page_from(entry("https://news.example/a", **facts), answer, 99, "run-1", ("robots.txt:gptbot=disallow",))
    assert page.robots_usage == ("robots.txt:gptbot=disallow",)
    assert (page.url, page.final_url, page.body, page.status) == (answer.url, answer.final_url, HTML, 200)
    assert (page.content_type, page.charset) == ("text/html", "windows-1251")
    assert page.headers == (
        Header("content-type", 'Text/HTML; Charset="windows-1251"'),
        Header("link", '<https://news.example/é>; rel="canonical"'),
        Header("x-robots-tag", "noai"),
        Header("x-robots-tag", "nocache"),
        Header("content-usage", "train-ai=n"),
    )
    assert (page.entry_title, page.entry_summary, page.entry_authors) == ("A title", "S", ("A. Writer",))
    assert (page.entry_published_us, page.entry_content_html) == (7, "<p>x")
    assert (page.fetched_at_us, page.run_id, page.elapsed_ms) == (99, "run-1", 12)
    assert page.url_key == entry("https://news.example/a").url_key


def test_a_page_keeps_each_byte_of_the_head_that_was_sent() -> None:
    value = bytes(byte for byte in range(1, 256) if byte not in b"\r\n")
    head = Head(((b"X-Odd", value), (b"SERVER", b""), (b"x-odd", "é".encode())), "HTTP/1.1 200 s\xfbr", "2001:db8::1")
    stored = page_from(entry("https://news.example/a"), replace(response(), head=head), 99, "run-1")
    [page] = PAGES.from_arrow(PAGES.to_arrow([stored]))
    assert (page.ip_address, page.status_line) == ("2001:db8::1", "HTTP/1.1 200 s\xfbr")
    sent = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in page.response_headers)
    assert sent == head.fields


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.NOT_FOUND),
        (410, Reason.GONE),
        (401, Reason.FORBIDDEN),
        (403, Reason.FORBIDDEN),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (204, Reason.HTTP_STATUS),
        (304, Reason.HTTP_STATUS),
        (418, Reason.HTTP_STATUS),
    ],
)
def test_a_status_that_is_no_success_has_its_reason(status: int, reason: Reason) -> None:
    with pytest.raises(FetchError) as failed:
        check_page(response(status, HTML, (b"Retry-After", b"30")))
    assert (failed.value.reason, failed.value.status, failed.value.retry_after_s) == (reason, status, 30.0)


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b"\xef\xbb\xbf\n  <html><p>x",
        b"<?xml version='1.0'?><!-- rss --><html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<p>No head at all",
        b"Warning: something failed\n<html><p>The river rose.",
        HTML.decode().encode("utf-16"),
        HTML.decode().encode("utf-16-be"),
        HTML.decode().encode("utf-32-le"),
        b"BM is a name <p>x",
        b" " * 9000 + HTML,
        b"[Updated] <b>The river rose</b>",
    ],
)
def test_html_is_taken_whatever_its_label_says(body: bytes) -> None:
    check_page(response(200, body, (b"Content-Type", b"application/pdf")))


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 <html>",
        b"\x89PNG\r\n\x1a\n<html>",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"PK\x03\x04<html>",
        gzip.compress(HTML, mtime=0),
        b"\x00\x00\x00 ftypisom",
        b'{"title": "<p>A title"}',
        b"[1, 2]",
        b"just text",
        b"<?xml version='1.0'?><rss version='2.0'></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
    ],
)
def test_what_is_no_html_is_refused_whatever_its_label_says(body: bytes) -> None:
    with pytest.raises(FetchError) as failed:
        check_page(response(200, body, (b"Content-Type", b"text/html")))
    assert failed.value.reason is Reason.NOT_HTML


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_body_is_no_page(body: bytes) -> None:
    with pytest.raises(FetchError) as failed:
        check_page(response(200, body))
    assert failed.value.reason is Reason.EMPTY_BODY
