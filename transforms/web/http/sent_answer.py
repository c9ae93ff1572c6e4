"""What an archivist asks of an answer: from which address it came, and its head as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from aiohttp.connector import Connection


class SentAnswer(aiohttp.ClientResponse):
    """aiohttp's answer, which also knows the address that it came from.

    aiohttp gives a connection back as soon as the answer's last byte is there, for a short one before its caller has
    seen it; so the address is noted when the answer begins. Where a proxy was asked it is the proxy's, which
    `HttpClient` does not pass on.
    """

    ip_address: str | None = None

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Read the answer's head: aiohttp calls this for each request that it has sent."""
        peer = None if connection.transport is None else connection.transport.get_extra_info("peername")
        # An IPv6 address may name our own interface behind a percent sign.
        self.ip_address = peer[0].partition("%")[0] if peer else None
        return await super().start(connection)

    @property
    def status_line(self) -> str:
        """The first line of the answer, its bytes as latin-1 text. An empty reason is left out with its blank."""
        assert self.version is not None
        # aiohttp reads the reason as UTF-8, and keeps bytes that are none of it as surrogates.
        reason = (self.reason or "").encode("utf-8", "surrogateescape").decode("latin-1")
        return f"HTTP/{self.version.major}.{self.version.minor} {self.status} {reason}".rstrip()
