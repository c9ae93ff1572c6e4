"""Name resolution with a time limit of its own."""

from __future__ import annotations

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class PatientResolver(AbstractResolver):
    """Another resolver's answers; TimeoutError where one takes longer than `limit_s`."""

    def __init__(self, resolver: AbstractResolver, limit_s: float) -> None:
        self._resolver = resolver
        self._limit_s = limit_s

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        async with asyncio.timeout(self._limit_s):
            return await self._resolver.resolve(host, port, family)

    async def close(self) -> None:
        await self._resolver.close()
