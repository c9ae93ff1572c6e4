"""An HTTP answer, as the stages get it from the client."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from multidict import CIMultiDict, MultiMapping

from transforms.web.http.http_dates import http_date_s

MAX_RETRY_AFTER_S = 86_400.0
"""The longest Retry-After that is kept; a host that asks for more than a day is asked again after a day."""


_CHARSET = re.compile(r"(?<![\w-])charset\s*+=\s*+[\"']?([^\s\"';,]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer as sent: names and values of its header fields in their order, bytes without the blanks
    around them; the first line as latin-1 text; and the address that it came from, where that is known."""

    fields: tuple[tuple[bytes, bytes], ...] = ()
    status_line: str | None = None
    ip_address: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The last answer of a chain of redirects.

    `url` is the URL asked for, `final_url` the one that answered, `redirects` the hops between: (status, URL that sent
    it). `headers` are case-insensitive and may repeat; their values are the bytes sent, as latin-1 text. `body` is
    decoded from transfer and content encodings. `elapsed_ms` is the time on the network, without waits for politeness.
    `head` is what was sent before the body. `lease` is the memory that a large body holds; it is freed when the last
    reference to it is gone, so keep it as long as the body.
    """

    url: str
    final_url: str
    redirects: tuple[tuple[int, str], ...]
    status: int
    headers: MultiMapping[str]
    body: bytes
    elapsed_ms: int
    received_at_us: int = 0
    head: Head = Head()
    lease: object | None = field(default=None, repr=False, compare=False)

    @property
    def is_success(self) -> bool:
        """Whether the status says that the body is what was asked for."""
        return 200 <= self.status < 300

    @property
    def has_moved(self) -> bool:
        """Whether what was asked for has moved for good: every redirect on the way says so."""
        return bool(self.redirects) and all(status in (301, 308) for status, _ in self.redirects)

    @property
    def content_type(self) -> str | None:
        """The media type in lower case, without parameters; None if none was sent."""
        value = self.headers.get("content-type")
        return value.partition(";")[0].strip().lower() or None if value else None

    @property
    def charset(self) -> str | None:
        """The charset parameter of the Content-Type header, as sent; None where there is none."""
        return charset_of(self.headers.get("content-type"))

    @property
    def retry_after_s(self) -> float | None:
        """How long the server asks to be left alone, 0 to one day; None without a readable Retry-After.

        A date is counted from the answer's own Date header, if it has one, so that a server's wrong clock does no harm.
        """
        value = (self.headers.get("retry-after") or "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit():
            return min(float(value[:9]), MAX_RETRY_AFTER_S)
        until = http_date_s(value)
        if until is None:
            return None
        sent = http_date_s(self.headers.get("date") or "")
        since = self.received_at_us / 1e6 if sent is None else sent
        return min(max(0.0, until - since), MAX_RETRY_AFTER_S)


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type header names, as sent; None where it names none.

    Read in quotes, after a comma and without the semicolon too: servers write all of that.
    """
    parameter = _CHARSET.search(content_type or "")
    return parameter[1] if parameter is not None else None


def headers_of(pairs: tuple[tuple[bytes, bytes], ...] | list[tuple[bytes, bytes]]) -> CIMultiDict[str]:
    """Raw header fields as a case-insensitive multi-dict of latin-1 text, which keeps every byte."""
    return CIMultiDict([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])
