"""A server before the S3 server that passes requests on, but knows no conditional put: it refuses or forgets them."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp import web
from yarl import URL

from tests.s3.versitygw import S3Server

_CONDITION: Final = "If-None-Match"
_NOT_IMPLEMENTED: Final = (
    "<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that is not implemented."
    "</Message></Error>"
)


class UnconditionalFront:
    """At `address`; a put with a condition is answered with 501 or, with `forgets`, done whatever is there.

    The condition is signed by the client, so it cannot be left out; the object in its way is, in the server's folder.
    """

    def __init__(self, behind: S3Server, forgets: bool) -> None:
        self._behind, self._forgets = behind, forgets
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.address = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _start(self) -> str:
        self._session = aiohttp.ClientSession(auto_decompress=False)
        self._runner = web.ServerRunner(web.Server(self._answer))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if _CONDITION in request.headers:
            if not self._forgets:
                return web.Response(status=501, text=_NOT_IMPLEMENTED)
            (self._behind.folder / request.path.lstrip("/")).unlink(missing_ok=True)
        url = URL(self._behind.address + request.raw_path, encoded=True)
        body = await request.read()
        async with self._session.request(request.method, url, headers=request.headers, data=body) as answer:
            headers = answer.headers.copy()
            headers.popall("Transfer-Encoding", None)
            if request.method != "HEAD":
                headers.popall("Content-Length", None)
            return web.Response(status=answer.status, headers=headers, body=await answer.read())
