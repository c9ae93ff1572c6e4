"""A scriptable HTTP server on loopback for tests: answers as told, byte for byte, and logs what it was asked."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from aiohttp.abc import AbstractResolver, ResolveResult


@dataclass(frozen=True)
class Answer:
    """What to send. `raw` replaces everything else; `drip_s` is the pause between single bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    raw: bytes | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    content_length: int | None = None
    close: bool = False

    def head(self) -> bytes:
        length = len(self.body) if self.content_length is None else self.content_length
        lines = [f"HTTP/1.1 {self.status} Said".encode(), f"Content-Length: {length}".encode()]
        for name, value in self.headers.items():
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
        return b"\r\n".join(lines) + b"\r\n\r\n"


@dataclass(frozen=True)
class Asked:
    """One request as it came: `host` without the port, header names in lower case, times of the monotonic clock."""

    host: str
    path: str
    headers: dict[str, bytes]
    came_s: float
    answered_s: float
    body: bytes = b""


Script = Answer | list[Answer] | Callable[[Asked], Answer]


class WebServer:
    """Answers by host and path, by path, or 404. A list of answers is used up; its last one stays.

    `most_at_once` is the largest number of simultaneous requests, by host and of "all".
    """

    def __init__(self) -> None:
        self.port = 0
        self._log: list[Asked] = []
        self.most_at_once: dict[str, int] = {}
        self.connections = 0
        self._active: dict[str, int] = {}
        self._scripts: dict[str, Script] = {}

    @property
    def log(self) -> list[Asked]:
        """What was asked, in the order of the answers' ends; a client may see an end a moment before we note it."""
        patience_s = time.monotonic() + 0.5
        while self._active.get("all") and time.monotonic() < patience_s:
            time.sleep(0.002)
        return self._log

    def on(self, place: str, script: Script) -> None:
        """`place` is a path, or a host followed by a path."""
        self._scripts[place] = script

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def asked(self, host: str | None = None) -> list[str]:
        return [asked.path for asked in self.log if host is None or asked.host == host]

    def _answer(self, asked: Asked) -> Answer:
        script = self._scripts.get(asked.host + asked.path, self._scripts.get(asked.path, Answer(404, b"nothing")))
        if isinstance(script, list):
            return script.pop(0) if len(script) > 1 else script[0]
        return script if isinstance(script, Answer) else script(asked)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        came_s = time.monotonic()
        request, *lines = head.split(b"\r\n")
        headers = {
            name.decode().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines if line)
        }
        host = headers["host"].decode().partition(":")[0]
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(host, request.split()[1].decode(), headers, came_s, 0.0, body)
        for key in (host, "all"):
            self._active[key] = self._active.get(key, 0) + 1
            self.most_at_once[key] = max(self.most_at_once.get(key, 0), self._active[key])
        answer = self._answer(asked)
        try:
            await asyncio.sleep(answer.delay_s)
            await self._send(answer, writer)
        finally:
            self._log.append(replace(asked, answered_s=time.monotonic()))
            self._active[host] -= 1
            self._active["all"] -= 1
        return not answer.close and answer.raw is None and answer.content_length is None

    @staticmethod
    async def _send(answer: Answer, writer: asyncio.StreamWriter) -> None:
        if answer.raw is not None:
            writer.write(answer.raw)
        else:
            writer.write(answer.head())
            if answer.drip_s:
                for byte in answer.body:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(answer.drip_s)
            else:
                writer.write(answer.body)
        await writer.drain()


@contextmanager
def running_server(hosts: int = 3) -> Iterator[WebServer]:
    """A WebServer on 127.0.0.1 and its `hosts` - 1 followers, a port of its own, in a thread of its own."""
    web = WebServer()
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def main() -> None:
        servers = [await asyncio.start_server(web.serve, "127.0.0.1", 0)]
        web.port = servers[0].sockets[0].getsockname()[1]
        for number in range(2, hosts + 1):
            servers.append(await asyncio.start_server(web.serve, f"127.0.0.{number}", web.port))
        ready.set()
        await stop.wait()
        for server in servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()


class FakeResolver(AbstractResolver):
    """Names as a test has them: `addresses` by host, everything else on 127.0.0.1. Remembers what was asked."""

    def __init__(self, addresses: Mapping[str, list[str]] | None = None) -> None:
        self.addresses = dict(addresses or {})
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.addresses.get(host, ["127.0.0.1"])
        if not found:
            raise OSError(f"no address for {host}")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


class FakeTime:
    """A loop's clock that goes on only when somebody sleeps, and remembers for how long."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds
        await asyncio.sleep(0)

    def now_us(self) -> int:
        """As a wall clock: 2026-03-02 at loop time 0."""
        return 1_772_409_600_000_000 + round(self.now_s * 1e6)
