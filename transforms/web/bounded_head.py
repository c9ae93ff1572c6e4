"""The head of an answer, bounded: how much may come before the answer proper."""

from __future__ import annotations

from typing import Any

from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

HEAD_BYTES = 128 * 1024
"""Informational answers (1xx) and headers together. Real heads are below 32 KiB."""


class BoundedHead(ResponseHandler):
    """aiohttp's side of a connection that reads at most `HEAD_BYTES`, and one piece more, until the answer's head ends.

    aiohttp bounds each header and their number, but not how many informational answers come first: an endless row of
    ``103 Early Hints`` keeps it parsing until a time limit passes. A row that is too long is not HTTP for us. What
    comes unasked after an answer closes the connection, which would otherwise gather it until the next request.
    """

    _head_bytes = 0
    _is_answered = False

    def set_response_params(self, **params: Any) -> None:
        """Begin a request: aiohttp calls this for each one that it sends."""
        self._head_bytes, self._is_answered = 0, False
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless too much came without an answer."""
        if not self._is_answered:
            if self._head_bytes > HEAD_BYTES:
                self._break_off()
                return
            self._head_bytes += len(data)
        super().data_received(data)

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Take one parsed head."""
        if self._is_answered and self.transport is not None:
            self.transport.close()
        self._is_answered = self._is_answered or data[0].code >= 200
        super().feed_data(data, size)

    def _break_off(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()
            self.set_exception(HttpProcessingError(code=0, message=f"more than {HEAD_BYTES} bytes before an answer"))
