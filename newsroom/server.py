"""The newsroom's HTTP server: one thread, one event loop, a loopback address for each publisher, one port for all."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from email.utils import formatdate
from html import escape
from pathlib import Path
from types import TracebackType

from aiohttp import web

from newsroom.press import Press
from newsroom.publishers import publishers
from newsroom.script import Answer, Log, Request, Script, Scripted
from newsroom.site import SITEMAP_PATH, Content, Sites
from newsroom.truth import Truth, truth_at

DEFAULT_START_US = 1_772_438_400_000_000
"""2026-03-02T08:00:00Z."""

HOUR_US = 3_600_000_000

PORT_TRIES = 20


class Newsroom:
    """The sample newsroom, served in its own thread from ``__enter__`` to ``__exit__``.

    The same start and port give the same bytes. `start_us` is the start of the newsroom's clock, which only `advance`
    moves. With `port` 0, a port is taken that is free on every address. `slow_s` is the delay of the slow publisher.
    """

    def __init__(self, start_us: int = DEFAULT_START_US, port: int = 0, slow_s: float = 0.3) -> None:
        self.now_us = start_us
        self.port = port
        self._slow_s = slow_s
        self._press = Press(start_us)
        self._script = Script()
        self._log = Log()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._slow = {publisher.address for publisher in publishers() if publisher.slow}

    def __enter__(self) -> Newsroom:
        sockets = _listen(self.port)
        self.port = sockets[0].getsockname()[1]
        self._sites = Sites(self._press, self.port)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(sockets, ready), name="newsroom", daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    @property
    def feeds(self) -> list[str]:
        """All feed addresses that the newsroom advertises, including bad ones."""
        return [url for url, _ in self._titled_feeds()]

    @property
    def bad_feeds(self) -> dict[str, str]:
        """The feed addresses without a feed, each with the expected failure reason."""
        reasons = {"html": "not_a_feed", "missing": "not_found"}
        return {
            publisher.base(self.port) + bad.path: reasons[bad.kind]
            for publisher in publishers()
            for bad in publisher.bad_feeds
        }

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of the news sitemaps. They are not in the feed list."""
        return [publisher.base(self.port) + SITEMAP_PATH for publisher in publishers() if publisher.sitemap]

    @property
    def requests(self) -> list[Request]:
        """All requests since the start or the last `clear_requests`, in the order of arrival."""
        return self._log.all()

    def clear_requests(self) -> None:
        """Empty the request log."""
        self._log.clear()

    def advance(self, hours: float = 1.0) -> None:
        """Move the clock forward. What is due by then is published, including revisions."""
        self.now_us += round(hours * HOUR_US)

    def script(self, where: str, scripted: Scripted) -> None:
        """Answer a URL, or ``127.0.0.12/path``, as scripted."""
        self._script.put(where, scripted)

    def unscript(self, where: str) -> None:
        """Answer `where` as usual again."""
        self._script.drop(where)

    def truth(self) -> list[Truth]:
        """The truth about everything published so far."""
        return truth_at(self._press, self.port, self.now_us)

    def opml(self) -> str:
        """The feed list as OPML."""
        rows = "\n".join(
            f'    <outline type="rss" text="{escape(title)}" xmlUrl="{escape(url)}"/>'
            for url, title in self._titled_feeds()
        )
        head = "<head><title>The sample newsroom</title></head>"
        prolog = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">'
        return f"{prolog}\n  {head}\n  <body>\n{rows}\n  </body>\n</opml>\n"

    def write_feeds(self, path: str | Path) -> None:
        """Write the feed list to a file, as OPML."""
        Path(path).write_text(self.opml(), "utf-8")

    def _titled_feeds(self) -> list[tuple[str, str]]:
        rows: list[tuple[str, str]] = []
        for publisher in publishers():
            rows += [(publisher.base(self.port) + feed.path, feed.title) for feed in publisher.feeds]
            rows += [(publisher.base(self.port) + bad.path, bad.title) for bad in publisher.bad_feeds]
        return rows

    def _serve(self, sockets: list[socket.socket], ready: threading.Event) -> None:
        asyncio.run(self._run(sockets, ready))

    async def _run(self, sockets: list[socket.socket], ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        try:
            for sock in sockets:
                await web.SockSite(runner, sock, backlog=256).start()
            ready.set()
            await self._stop.wait()
        finally:
            ready.set()
            await runner.cleanup()

    async def _handle(self, asked: web.Request) -> web.StreamResponse:
        assert asked.transport is not None
        address = asked.transport.get_extra_info("sockname")[0]
        headers = {name.lower(): value for name, value in asked.headers.items()}
        request = Request(time.monotonic(), address, asked.method, asked.raw_path, headers)
        number = self._log.begin(request)
        try:
            scripted = self._script.answer(request)
            if scripted is not None:
                return await self._send_scripted(asked, scripted, number)
            if address in self._slow:
                await asyncio.sleep(self._slow_s)
            content = self._sites.answer(address, asked.raw_path, headers, self.now_us)
            return await self._send(asked, content, number)
        finally:
            self._log.note(number, end_s=time.monotonic())

    async def _send(self, asked: web.Request, content: Content, number: int) -> web.StreamResponse:
        response = web.Response(status=content.status, headers=content.headers, body=content.body)
        response.headers["Date"] = formatdate(self.now_us // 1_000_000, usegmt=True)
        response.headers["Server"] = "newsroom"
        if content.gzip and "gzip" in asked.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
        self._log.note(number, status=content.status)
        await response.prepare(asked)
        await response.write_eof()
        return response

    async def _send_scripted(self, asked: web.Request, answer: Answer, number: int) -> web.StreamResponse:
        assert asked.transport is not None
        await asyncio.sleep(answer.delay_s)
        if answer.hang_up:
            asked.transport.abort()
            return web.Response()
        self._log.note(number, status=answer.status)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        if "Transfer-Encoding" not in response.headers and "Content-Length" not in response.headers:
            response.content_length = len(answer.body)
        await response.prepare(asked)
        body = answer.body if answer.cut_at_bytes is None else answer.body[: answer.cut_at_bytes]
        step_bytes = answer.drip_bytes or max(1, len(body))
        for at in range(0, len(body), step_bytes):
            await response.write(body[at : at + step_bytes])
            await asyncio.sleep(answer.drip_s)
        if answer.cut_at_bytes is not None:
            asked.transport.close()
            return response
        await response.write_eof()
        return response


def _listen(port: int) -> list[socket.socket]:
    """A listening socket for each publisher's address, all on one port."""
    for _ in range(PORT_TRIES):
        sockets: list[socket.socket] = []
        try:
            for publisher in publishers():
                sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                sockets.append(sock)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((publisher.address, port or (sockets[0].getsockname()[1] if len(sockets) > 1 else 0)))
                sock.listen(256)
        except OSError as error:
            for sock in sockets:
                sock.close()
            if port or error.errno != errno.EADDRINUSE:
                raise OSError(error.errno, f"the newsroom cannot listen on port {port}: {error.strerror}") from error
        else:
            return sockets
    raise OSError(errno.EADDRINUSE, f"no port was free on every publisher's address in {PORT_TRIES} tries")
