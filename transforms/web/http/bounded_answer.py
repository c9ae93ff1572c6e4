"""An HTTP connection that closes when an answer's head or framing is too large."""

from __future__ import annotations

from typing import Any

from aiohttp.client_proto import ResponseHandler
from aiohttp.helpers import set_exception
from aiohttp.http_exceptions import HttpProcessingError

HEAD_BYTES = 128 * 1024
"""The most bytes of informational answers (1xx) and headers together. Real heads are below 32 KiB."""

FRAMING_BYTES = 64 * 1024
"""The most bytes of a body's framing beyond the size of the body itself; a chunk of one byte is sent as six."""


class BoundedAnswer(ResponseHandler):
    """aiohttp's side of a connection, which fails if more than `HEAD_BYTES` and one piece come before the answer's head
    ends, or if a body is mostly framing.

    aiohttp bounds each header and the number of headers, but neither the number of informational answers before them
    nor how small the chunks of a body are. Millions of either would keep it parsing until a time limit passes. Data
    that comes unasked after an answer closes the connection, which would otherwise collect it until the next request.
    """

    _head_bytes = 0
    _body_bytes = 0
    _is_answered = False

    def set_response_params(self, **params: Any) -> None:
        """Begin a request: aiohttp calls this for each one that it sends."""
        self._head_bytes, self._body_bytes, self._is_answered = 0, 0, False
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Parse the data, or close the connection if too much came before an answer or as framing."""
        if self._is_answered:
            super().data_received(data)
            self._body_bytes += len(data)
            payload = self._payload
            if payload is not None and self._body_bytes > FRAMING_BYTES + 2 * payload.total_bytes:
                self._break_off(f"more than {FRAMING_BYTES} bytes of framing around {payload.total_bytes} of a body")
        elif self._head_bytes > HEAD_BYTES:
            self._break_off(f"more than {HEAD_BYTES} bytes before an answer")
        else:
            self._head_bytes += len(data)
            super().data_received(data)

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Take one parsed head; a second final head closes the connection."""
        if self._is_answered and self.transport is not None:
            self.transport.close()
        self._is_answered = self._is_answered or data[0].code >= 200
        super().feed_data(data, size)

    def _break_off(self, why: str) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()
            error = HttpProcessingError(code=0, message=why)
            if self._payload is not None:
                set_exception(self._payload, error)
            self.set_exception(error)
