"""Makes one request and its redirects, with the turn of each host on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from transforms.web.errors import FetchError, Phase
from transforms.web.http.client import Permit
from transforms.web.http.response import Response
from transforms.web.politeness.hosts import HostLanes
from transforms.web.urls import host_of, scheme_of


class Trip:
    """One request and its redirects: holds the turn of one host at a time, and records how each host answered.

    The turn of one host is given back before the next host's turn is waited for, so that two hosts that redirect to
    each other cannot wait for one another for ever.
    """

    def __init__(self, lanes: HostLanes, check: Permit | None = None) -> None:
        self._lanes = lanes
        self._check = check
        self._host: str | None = None
        self._scheme = ""

    async def run(self, url: str, get: Callable[[Permit], Awaitable[Response]]) -> Response:
        """The answer of `get`, which gets the function to call before each hop."""
        await self._move(url)
        try:
            response = await get(self._move)
            assert self._host is not None
            self._lanes.answered(self._host, response.status, response.retry_after_s, self._scheme)
            return response
        except FetchError as error:
            if self._host is not None:
                self._tell(self._host, error)
            raise
        finally:
            if self._host is not None:
                self._lanes.end(self._host)

    async def _move(self, url: str) -> None:
        if self._host is not None:
            self._lanes.end(self._host)
            self._lanes.answered(self._host, 302, scheme=self._scheme)
            self._host = None
        if self._check is not None:
            await self._check(url)
        host = host_of(url)
        scheme = scheme_of(url)
        await self._lanes.begin(host, scheme)
        self._host, self._scheme = host, scheme

    def _tell(self, host: str, error: FetchError) -> None:
        """The lanes learn of a failure what it says about the host, which is nothing when we refused ourselves."""
        if error.phase == Phase.NAME:
            self._lanes.unanswered(host, waited=error.timed_out)
        elif error.phase == Phase.CONNECT:
            self._lanes.unanswered(host, self._scheme, waited=error.timed_out)
        elif error.phase == Phase.HEADERS and error.timed_out:
            self._lanes.unanswered(host, self._scheme)
