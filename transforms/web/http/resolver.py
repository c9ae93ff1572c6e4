"""Name resolution with a time limit."""

from __future__ import annotations

import asyncio
import errno
import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class PatientResolver(AbstractResolver):
    """The answers of another resolver; raises OSError with ETIMEDOUT if one takes longer than `limit_s`.

    Not a bare TimeoutError, because aiohttp would take it for the time-out of a connection. What can be no name, such
    as one with a part of more than 63 characters, has no address; Python raises UnicodeError for it.
    """

    def __init__(self, resolver: AbstractResolver, limit_s: float) -> None:
        self._resolver = resolver
        self._limit_s = limit_s

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            async with asyncio.timeout(self._limit_s):
                return await self._resolver.resolve(host, port, family)
        except TimeoutError as error:
            raise OSError(errno.ETIMEDOUT, f"no address for {host} within {self._limit_s:g} s") from error
        except UnicodeError as error:
            raise socket.gaierror(socket.EAI_NONAME, "this can be no host's name") from error

    async def close(self) -> None:
        await self._resolver.close()
