"""One request and its redirects, host by host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from transforms.web.client import Permit
from transforms.web.errors import FetchError
from transforms.web.hosts import HostLanes
from transforms.web.response import Response
from transforms.web.urls import host_of


class Trip:
    """One request and its redirects: holds the turn of one host at a time, and tells the lanes how each answered.

    The turn of one host is given back before that of the next is waited for, so that two hosts that redirect to each
    other cannot wait for one another for ever.
    """

    def __init__(self, lanes: HostLanes, check: Permit | None = None) -> None:
        self._lanes = lanes
        self._check = check
        self._held = AsyncExitStack()
        self._host: str | None = None

    async def run(self, url: str, get: Callable[[Permit], Awaitable[Response]]) -> Response:
        """The answer of `get`, which is given what to ask before each hop."""
        async with self._held:
            await self._move(url)
            try:
                response = await get(self._move)
            except FetchError as error:
                if error.phase == "connect" and self._host is not None:
                    self._lanes.unreachable(self._host)
                raise
            assert self._host is not None
            self._lanes.answered(self._host, response.status, response.retry_after_s)
            return response

    async def _move(self, url: str) -> None:
        await self._held.aclose()
        if self._host is not None:
            self._lanes.answered(self._host, 302)
            self._host = None
        if self._check is not None:
            await self._check(url)
        host = host_of(url)
        await self._held.enter_async_context(self._lanes.turn(host))
        self._host = host
