"""The head of a page's answer, as it stands before the page's bytes in a WARC record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemas.page import Header, Page

ORIGINAL = "X-Archive-Orig-"
"""Put before the name of a header that speaks of the bytes as sent and is wrong of the stored ones. pywb gives headers
this prefix that no longer hold of what it sends; the archives of StormCrawler and Common Crawl have ``X-Crawl-``, those
of Webrecorder ``x-orig-``, in the same place."""

_ENCODINGS = frozenset({"content-encoding", "transfer-encoding"})
_BREAKS = re.compile(rb"[\r\n\0]++")


def http_head(page: Page) -> bytes:
    """The first line and the headers of the answer, with the empty line that ends them.

    As sent, except that a header that is wrong of the body as stored has another name (`ORIGINAL`), and that line
    breaks and NUL bytes become a space (RFC 9110, 5.5). Of a page without `response_headers` these are its kept
    `headers`, in UTF-8; without `status_line` the first line is made of the status.
    """
    is_as_sent = bool(page.response_headers)
    lines = [_sent(page.status_line or f"HTTP/1.1 {page.status}")]
    for name, value in _described(page.response_headers or page.headers, len(page.body)):
        lines.append(_sent(name) + b": " + (_sent(value) if is_as_sent else _one_line(value.encode())))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _described(headers: Iterable[Header], body_bytes: int) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        lower = name.lower()
        is_wrong = lower in _ENCODINGS or (lower == "content-length" and value.strip() != str(body_bytes))
        yield (ORIGINAL + name if is_wrong else name), value


def _sent(text: str) -> bytes:
    """The bytes that latin-1 text stands for; other text, which our columns do not hold, as UTF-8."""
    try:
        return _one_line(text.encode("latin-1"))
    except UnicodeEncodeError:
        return _one_line(text.encode())


def _one_line(data: bytes) -> bytes:
    return _BREAKS.sub(b" ", data)
