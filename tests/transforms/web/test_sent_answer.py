"""What archivists need of an answer is kept as it was sent: address, first line, headers."""

from __future__ import annotations

import gzip

import pytest

from tests.transforms.web.test_client import PAGE, get
from tests.web_server import Answer, WebServer
from transforms.web.http.response import Head

KEPT = b"HTTP/1.1 200 Fine\r\nX-B: 2\r\nx-a: 1\r\nX-B:  3  \r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)


def test_the_head_of_an_answer_is_kept_as_sent_with_the_address_it_came_from(web: WebServer) -> None:
    web.on("/a", Answer(raw=KEPT))
    assert get(web.url("/a")).head == Head(
        ((b"X-B", b"2"), (b"x-a", b"1"), (b"X-B", b"3"), (b"Content-Length", b"%d" % len(PAGE))),
        "HTTP/1.1 200 Fine",
        "127.0.0.1",
    )


def test_it_is_that_of_the_last_answer_after_redirects_from_its_own_address(web: WebServer) -> None:
    web.on("127.0.0.1/a", Answer(302, headers={"Location": web.url("/b", "127.0.0.2"), "X-First": "1"}))
    web.on("127.0.0.2/b", Answer(200, PAGE, {"X-Second": "2"}))
    head = get(web.url("/a")).head
    assert (head.ip_address, head.status_line) == ("127.0.0.2", "HTTP/1.1 200 Said")
    assert [name for name, _ in head.fields] == [b"Content-Length", b"X-Second"]


def test_the_headers_speak_of_the_bytes_as_sent_and_the_body_is_decoded(web: WebServer) -> None:
    sent = gzip.compress(PAGE, mtime=0)
    web.on("/a", Answer(200, sent, {"Content-Encoding": "gzip"}))
    response = get(web.url("/a"))
    assert response.body == PAGE
    assert response.head.fields == ((b"Content-Length", b"%d" % len(sent)), (b"Content-Encoding", b"gzip"))


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (b"HTTP/1.1 200 ", "HTTP/1.1 200"),
        (b"HTTP/1.1 200", "HTTP/1.1 200"),
        (b"HTTP/1.0 203 Bien s\xfbr", "HTTP/1.0 203 Bien s\xfbr"),
        ("HTTP/1.1 200 Bien sûr".encode(), "Bien sûr".join(("HTTP/1.1 200 ", "")).encode().decode("latin-1")),
    ],
)
def test_the_first_line_is_kept_byte_for_byte_without_the_blank_before_no_reason(
    web: WebServer, line: bytes, kept: str
) -> None:
    web.on("/a", Answer(raw=line + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"))
    assert get(web.url("/a")).head.status_line == kept


def test_a_short_answer_and_one_on_a_kept_connection_tell_their_address(web: WebServer) -> None:
    web.on("/a", Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    assert get(web.url("/a")).head.ip_address == "127.0.0.1"
