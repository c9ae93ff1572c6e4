"""The HTTP server to which hubs come: they ask back, and they push. Plain asyncio, by aiohttp's server.

What a push carries is hashed and thrown away: it is a signal, and the feed is asked itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from transforms.feeds.push.keys import TOKEN, Signed

LONGEST_BODY: Final = 8 << 20
"""The largest body of a push that is read, in bytes: hubs send the whole feed, or the new part of it."""
LONGEST_S: Final = 20.0
"""How long a connection may live, from its first byte to the answer: whoever drips is cut off."""
MOST_CONNECTIONS: Final = 64
_LONGEST_CHALLENGE: Final = 2_048
_LOG = logging.getLogger("newsbeam.stream")
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Server": "newsbeam"}
_ASKED: Final = ("hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds")


class Desk(Protocol):
    """Who knows the subscriptions, by the last part of their callbacks' addresses."""

    def asked_back(self, token: str, mode: str, topic: str, lease: str | None) -> bool:
        """Whether the hub may begin or end this subscription; also notes that it did."""
        ...

    def secret_of(self, token: str) -> str | None:
        """The secret of a subscription; None if there is none, or it is being ended."""
        ...

    def is_over(self, token: str) -> bool:
        """Whether a subscription is being ended."""
        ...

    def pushed(self, token: str, *, is_right: bool) -> None:
        """A push has come, rightly signed and not too large or not."""
        ...


class CallbackServer:
    """Answers under `path`, with or without it in front (a proxy may cut it off): ``<path>/<token>``.

    A hub that asks back gets its challenge, if the desk says so. A push gets 202 as soon as its body is read, whether
    it is rightly signed or not, so that nobody can try signatures; 404 and 410 tell the hub that a subscription is not,
    or no longer, known.
    """

    def __init__(self, path: str, desk: Desk, limit_bytes: int = LONGEST_BODY, limit_s: float = LONGEST_S) -> None:
        self._prefixes = tuple(dict.fromkeys((path.rstrip("/") + "/", "/")))
        self._desk = desk
        self._limit_bytes = limit_bytes
        self._limit_s = limit_s
        self._server: asyncio.Server | None = None
        self._handlers: _Handlers | None = None

    async def start(self, host: str, port: int) -> int:
        """The port on which it listens now. Raises OSError if that cannot be."""
        self._handlers = _Handlers(self._answer, self._limit_s)
        self._server = await asyncio.get_running_loop().create_server(self._handlers, host, port)
        listens: int = self._server.sockets[0].getsockname()[1]
        return listens

    async def stop(self) -> None:
        """Take no more connections, and end those that there are."""
        if self._server is not None and self._handlers is not None:
            self._server.close()
            await self._handlers.shutdown(1.0)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        token = self._token(request)
        if token is None:
            return _said(404)
        if request.method == "GET":
            return self._asked_back(token, request)
        if request.method == "POST":
            return await self._pushed(token, request)
        return _said(405, {"Allow": "GET, POST"})

    def _token(self, request: web.BaseRequest) -> str | None:
        path = request.raw_path.partition("?")[0]
        rests = [path.removeprefix(prefix) for prefix in self._prefixes if path.startswith(prefix)]
        return next((rest for rest in rests if TOKEN.fullmatch(rest)), None)

    def _asked_back(self, token: str, request: web.BaseRequest) -> web.StreamResponse:
        if any(len(request.query.getall(name, ())) > 1 for name in _ASKED):
            return _said(404)
        mode, topic, challenge, lease = (request.query.get(name) for name in _ASKED)
        is_denial = mode == "denied"
        if not mode or not topic or (not challenge and not is_denial) or len(challenge or "") > _LONGEST_CHALLENGE:
            return _said(404)
        if not self._desk.asked_back(token, mode, topic, lease):
            return _said(404)
        return _said(200, text="" if is_denial else challenge or "")

    async def _pushed(self, token: str, request: web.BaseRequest) -> web.StreamResponse:
        secret = self._desk.secret_of(token)
        if secret is None:
            return _said(410 if self._desk.is_over(token) else 404)
        if (request.content_length or 0) > self._limit_bytes:
            self._desk.pushed(token, is_right=False)
            return _said(413)
        if request.headers.get("Expect", "").lower() == "100-continue":  # it may send nothing before it is told to
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        signed, read = Signed(request.headers.get("X-Hub-Signature", ""), secret), 0
        async for piece in request.content.iter_any():
            read += len(piece)
            if read > self._limit_bytes:
                self._desk.pushed(token, is_right=False)
                return _said(413)
            signed.add(piece)
        self._desk.pushed(token, is_right=signed.is_right)
        return _said(202)


def _said(status: int, headers: Mapping[str, str] | None = None, text: str = "") -> web.Response:
    answer = web.Response(
        status=status,
        text=text,
        content_type="text/plain",
        headers={**_HEADERS, **(headers or {})},
    )
    answer.force_close()  # hubs come seldom
    return answer


class _Handlers(web.Server):
    """aiohttp's server with a bound on connections and on the life of each."""

    def __init__(self, answer: Callable[[web.BaseRequest], Any], limit_s: float) -> None:
        super().__init__(answer, handler_cancellation=True)
        self.limit_s = limit_s

    def __call__(self) -> RequestHandler:
        loop = asyncio.get_running_loop()
        quiet = {"access_log": None, "auto_decompress": False, "lingering_time": 0.0}  # addresses would be in its log
        return _Brief(self, loop=loop, **quiet)  # type: ignore[arg-type]


class _Brief(RequestHandler):
    """A connection that is cut off at its end of time, and at once if there are too many."""

    __slots__ = ("_end",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        handlers = self._manager
        assert isinstance(handlers, _Handlers)
        assert isinstance(transport, asyncio.Transport)
        self._end = asyncio.get_running_loop().call_later(handlers.limit_s, transport.abort)
        if len(handlers.connections) > MOST_CONNECTIONS:
            transport.abort()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """The answer to what is no HTTP, or to what we failed at. aiohttp's own would quote the request, and log it
        with a traceback: anybody could fill the log, and a callback's address would be in it.
        """
        if status >= 500:
            _LOG.error("a hub could not be answered", exc_info=exc)
        return _said(status)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._end.cancel()
        super().connection_lost(exc)
