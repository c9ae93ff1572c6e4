"""A fast server on many loopback addresses, which notes the time of each request and answer."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple


class Answer(NamedTuple):
    """What to send after `delay_s` seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    delay_s: float = 0.0


Answering = Callable[[str, str, Mapping[str, str]], Answer]
"""From a request's host, path and headers (names in lower case) to its answer."""


class Asked(NamedTuple):
    """One request, with monotonic seconds from the last byte of its head to the first byte of its answer."""

    host: str
    path: str
    status: int
    start_s: float
    end_s: float


@dataclass
class Log:
    """The requests that a server got."""

    asked: list[Asked] = field(default_factory=list)

    def pages(self) -> list[Asked]:
        """All requests except those for robots.txt."""
        return [one for one in self.asked if one.path != "/robots.txt"]

    def most_at_once(self) -> tuple[int, int]:
        """The largest number of requests under way at one time: to one host, and to all hosts."""
        moments = sorted(
            moment for one in self.asked for moment in ((one.start_s, 1, one.host), (one.end_s, -1, one.host))
        )
        now: defaultdict[str, int] = defaultdict(int)
        most, most_of_all = 0, 0
        for _, step, host in moments:
            now[host] += step
            now[""] += step
            most, most_of_all = max(most, now[host]), max(most_of_all, now[""])
        return most, most_of_all

    def smallest_gap_s(self) -> float:
        """The least time from the end of a request to the start of the next one to its host."""
        hosts: defaultdict[str, list[Asked]] = defaultdict(list)
        for one in sorted(self.asked, key=lambda one: one.start_s):
            hosts[one.host].append(one)
        return min(after.start_s - before.end_s for of in hosts.values() for before, after in pairwise(of))

    def largest_burst(self, window_s: float) -> int:
        """The number of requests that began within `window_s` seconds of the first."""
        first_s = min(one.start_s for one in self.asked)
        return sum(one.start_s < first_s + window_s for one in self.asked)


@contextmanager
def loopback_server(hosts: Sequence[str], answering: Answering, dead: Sequence[str] = ()) -> Iterator[tuple[int, Log]]:
    """The port and the log of a server that runs in a thread of this process until the block ends.

    The `dead` addresses accept no connection: their queue is full, so an attempt to connect gets no answer.
    """
    log = Log()
    loop = asyncio.new_event_loop()
    port = _bound(hosts[0], 0).getsockname()[1]
    sockets = [_bound(host, port, 1024) for host in hosts]
    silent = [silence for host in dead for silence in _silent(host, port)]
    ready, stop = threading.Event(), asyncio.Event()

    async def main() -> None:
        servers = [await loop.create_server(lambda: _Connection(loop, answering, log), sock=one) for one in sockets]
        ready.set()
        await stop.wait()
        for server in servers:
            server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield port, log
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        for one in silent:
            one.close()


def _bound(host: str, port: int, backlog: int = 0) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((host, port))
    one.listen(backlog)
    return one


def _silent(host: str, port: int) -> list[socket.socket]:
    """A listener that nobody serves, and connections that fill its queue: Linux then drops new attempts."""
    sockets = [_bound(host, port)]
    for _ in range(2):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex((host, port))
        sockets.append(filler)
    return sockets


class _Connection(asyncio.Protocol):
    def __init__(self, loop: asyncio.AbstractEventLoop, answering: Answering, log: Log) -> None:
        self._loop, self._answering, self._log = loop, answering, log
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        self._buffer = rest
        start_s = time.monotonic()
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        host, path = headers["host"].partition(":")[0], first.split()[1]
        answer = self._answering(host, path, headers)
        self._loop.call_later(answer.delay_s, self._send, host, path, answer, start_s)

    def _send(self, host: str, path: str, answer: Answer, start_s: float) -> None:
        fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        length = "" if answer.status == 304 else f"Content-Length: {len(answer.body)}\r\n"
        # Noted before it is sent: a client cannot have the answer, and begin its next request, any earlier.
        self._log.asked.append(Asked(host, path, answer.status, start_s, time.monotonic()))
        if self._transport is not None:
            self._transport.write(f"HTTP/1.1 {answer.status} Said\r\n{fields}{length}\r\n".encode() + answer.body)
