"""What comes before an answer, and after it, is bounded."""

from __future__ import annotations

import asyncio
import time

import pytest

from schemas.failure import Reason
from tests.web_server import Answer, FakeResolver, FakeTime, WebServer
from transforms.web.http.client import FetchError, HttpClient, HttpSettings, Limits
from transforms.web.http.guard import AddressGuard

SETTINGS = HttpSettings(limits=Limits(connect_s=2, header_s=20, total_s=30))
PAGE = b"HTTP/1.1 200 Fine\r\nContent-Length: 4\r\n\r\npage"
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"


def get(*urls: str) -> list[bytes | FetchError]:
    """The body of each, or how it failed, over one session."""

    async def run() -> list[bytes | FetchError]:
        results: list[bytes | FetchError] = []
        async with HttpClient(SETTINGS, AddressGuard(("127.0.0.0/8",)), FakeTime(), FakeResolver()) as client:
            for url in urls:
                try:
                    results.append((await client.get(url)).body)
                except FetchError as error:
                    results.append(error)
        return results

    return asyncio.run(run())


@pytest.mark.parametrize(
    "piece",
    [
        HINT,
        b"HTTP/1.1 103 \r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 199 Wait\r\nX: " + b"y" * 8_000 + b"\r\n\r\n",
    ],
    ids=["hints", "shortest", "continue", "long"],
)
def test_a_flood_of_informational_answers_is_no_answer_and_costs_little(web: WebServer, piece: bytes) -> None:
    web.on("/flood", Answer(raw=piece * (30_000_000 // len(piece)) + PAGE))
    started_s = time.process_time()
    (failed,) = get(web.url("/flood"))
    assert isinstance(failed, FetchError)
    assert (failed.reason, failed.phase) == (Reason.BAD_RESPONSE, "answer")
    assert time.process_time() - started_s < 3


def test_a_few_informational_answers_may_come_before_a_page(web: WebServer) -> None:
    web.on("/a", Answer(raw=HINT * 100 + PAGE))
    assert get(web.url("/a")) == [b"page"]


CHUNKED = b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("chunk", [b"1\r\na\r\n", b"0003\r\nabc\r\n", b"5;" + b"x" * 4_000 + b"\r\nabcde\r\n"])
def test_a_body_that_is_mostly_framing_is_no_answer_and_costs_little(web: WebServer, chunk: bytes) -> None:
    web.on("/flood", Answer(raw=CHUNKED + chunk * (30_000_000 // len(chunk)) + b"0\r\n\r\n"))
    started_s = time.process_time()
    (failed,) = get(web.url("/flood"))
    assert isinstance(failed, FetchError)
    assert (failed.reason, failed.phase) == (Reason.BAD_RESPONSE, "answer")
    assert time.process_time() - started_s < 3


@pytest.mark.parametrize("size", [1, 8, 100, 20_000])
def test_a_body_in_small_chunks_is_read(web: WebServer, size: int) -> None:
    body = b"The river rose. " * (500 if size == 1 else 20_000)
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    web.on("/a", Answer(raw=CHUNKED + framed + b"0\r\n\r\n"))
    assert get(web.url("/a")) == [body]


def test_answers_that_nobody_asked_for_are_not_taken_for_the_next_ones(web: WebServer) -> None:
    web.on("/a", Answer(raw=PAGE + PAGE.replace(b"page", b"evil") * 1_000))
    web.on("/b", Answer(200, b"next"))
    assert get(web.url("/a"), web.url("/b")) == [b"page", b"next"]
